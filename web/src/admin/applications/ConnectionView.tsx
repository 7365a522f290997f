import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../../api";
import type { EventConnection, ExternalEvent } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { usePolling } from "../../shared/hooks";
import { useSession } from "../../shared/session";
import { useCrumb } from "../crumb";
import { ChangeHistory } from "../history/ChangeHistory";
import { EventsTable } from "./EventsTable";
import { RemoveDialog } from "./RemoveDialog";
import { RotateDialog } from "./RotateDialog";
import { Copied, SecretBox } from "./SecretBox";
import { LastEvent, StatusOf } from "./states";
import { TestDialog } from "./TestDialog";

const SECONDS = 2;
const PAGE = 25;
type Dialog = "remove" | "rotate" | "test" | null;

/** One connection: how it fares, its events, and what can be done with it (ROUT-104, ROUT-105, ROUT-108). */
export function ConnectionView({ id }: { id: string }): ReactNode {
  const { t, code, dateTime } = useI18n();
  const { instanceId, may } = useSession();
  const [connection, setConnection] = useState<EventConnection | null>(null);
  const [events, setEvents] = useState<ExternalEvent[]>([]);
  const [wanted, setWanted] = useState(PAGE);
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState("");
  const [dialog, setDialog] = useState<Dialog>(null);
  const [secret, setSecret] = useState("");
  const load = async (count = wanted): Promise<void> => {
    const at = { InstanceId: instanceId, ConnectionId: id };
    try {
      const [shown, page] = await Promise.all([switchroom("DescribeEventConnection", at), switchroom("ListExternalEvents", { ...at, MaxResults: count })]);
      setConnection(shown.Connection);
      setEvents(page.Events);
      setMore(page.NextToken !== undefined);
      setProblem("");
    } catch (error) {
      setProblem(errorText(error, t));
    }
  };
  usePolling(() => void load(), SECONDS);
  useCrumb(connection?.Name);
  if (!connection) return problem ? <Alert type="error">{problem}</Alert> : <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
  const removed = connection.Status === "DELETED";
  const administers = may("SecurityProfiles.Edit") && !removed;
  const close = (): void => {
    setDialog(null);
    void load();
  };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {!removed && (administers || may("Rules.Edit")) && <Button iconName="send" disabled={!connection.HasSecret} onClick={() => setDialog("test")}>{t("apps.test")}</Button>}
            {administers && <Button onClick={() => setDialog("rotate")}>{connection.HasSecret ? t("apps.rotate") : t("apps.giveSecret")}</Button>}
            {administers && <Button onClick={() => setDialog("remove")}>{t("apps.remove")}</Button>}
          </SpaceBetween>
        }
      >
        {connection.Name}
      </Header>
      {problem && <Alert type="error">{problem}</Alert>}
      {connection.Status === "PENDING" && <Alert type="info" header={t("apps.pending")}>{t("apps.pendingHelp")}</Alert>}
      {connection.Refusal && connection.RefusedAt !== undefined && (connection.LastEventAt ?? 0) < connection.RefusedAt && (
        <Alert type="warning" header={t("apps.refused", { at: dateTime(connection.RefusedAt) })}>{connection.Refusal}</Alert>
      )}
      {removed && <Alert type="info">{t("apps.removedAt", { at: dateTime(connection.DeletedAt) })}</Alert>}
      <Container header={<Header variant="h2">{t("apps.connection")}</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: t("apps.application"), value: code("eventApplication", connection.Application) },
            { label: t("apps.connectionUrl"), value: connection.Url ? <Link href={connection.Url} external externalIconAriaLabel={t("apps.external")}>{connection.Url}</Link> : "–" },
            { label: t("apps.environment"), value: code("eventEnvironment", connection.Environment) },
            { label: t("field.status"), value: <StatusOf connection={connection} /> },
            { label: t("apps.lastEvent"), value: <LastEvent connection={connection} /> },
            { label: t("rules.title"), value: may("Rules.View") ? <Link href="#/rules">{connection.Rules}</Link> : connection.Rules },
            { label: t("apps.eventSource"), value: <Box variant="code">{connection.EventSource}</Box> },
            ...(removed ? [] : [
              { label: t("apps.webhook"), value: <Copied text={connection.WebhookUrl} /> },
              { label: t("apps.subject"), value: <Box variant="code">{connection.Subject}</Box> },
            ]),
          ]}
        />
      </Container>
      <EventsTable events={events} more={more} onMore={() => { setWanted(wanted + PAGE); void load(wanted + PAGE); }} />
      {may("HistoricalChanges.View") && !removed && <ChangeHistory kinds={["integration-association"]} id={id} />}
      {dialog === "remove" && <RemoveDialog connection={connection} onClose={close} />}
      {dialog === "test" && <TestDialog connection={connection} onClose={close} />}
      {dialog === "rotate" && <RotateDialog connection={connection} onClose={(made) => { setSecret(made ?? ""); close(); }} />}
      {secret && (
        <Modal visible header={t("apps.newSecret")} onDismiss={() => setSecret("")} footer={<Box float="right"><Button variant="primary" onClick={() => setSecret("")}>{t("designer.close")}</Button></Box>}>
          <SecretBox connection={connection} secret={secret} />
        </Modal>
      )}
    </SpaceBetween>
  );
}
