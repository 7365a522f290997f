import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { switchroom } from "../../api";
import type { FlowLogAlert, ListFlowLogAlertsResponse } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";
import { pretty } from "../flowText";

const SECONDS = 5;
const SHOWN = 100;

/** Alerts on patterns in the flow log, and what they have found (FLOW-137). */
export function FlowAlertsPage(): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [found, setFound] = useState<ListFlowLogAlertsResponse | null>(null);
  const [editing, setEditing] = useState<Partial<FlowLogAlert> | null>(null);
  const [deleting, setDeleting] = useState<FlowLogAlert | null>(null);
  const mayEdit = may("ContactFlows.Edit");
  const load = async (): Promise<void> => {
    try {
      setFound(await switchroom("ListFlowLogAlerts", { InstanceId: instanceId, MaxResults: SHOWN }));
    } catch (error) {
      if (!found) notices.failure(error);
    }
  };
  usePolling(() => void load(), SECONDS);
  const turn = async (alert: FlowLogAlert, Enabled: boolean): Promise<void> => {
    try {
      await switchroom("UpdateFlowLogAlert", { InstanceId: instanceId, AlertId: alert.Id, Enabled });
      await load();
    } catch (error) {
      notices.failure(error);
    }
  };
  return (
    <SpaceBetween size="l">
      <Table
        header={<Header variant="h1" description={t("flowAlerts.about")} actions={mayEdit && <Button variant="primary" onClick={() => setEditing({})}>{t("flowAlerts.add")}</Button>}>{t("flowAlerts.title")}</Header>}
        loading={found === null} loadingText={t("common.loading")} empty={<Box>{t("flowAlerts.none")}</Box>}
        items={found?.Alerts ?? []} trackBy="Id"
        columnDefinitions={[
          { id: "name", header: t("field.name"), isRowHeader: true, cell: (alert) => (mayEdit ? <Link onFollow={() => setEditing(alert)}>{alert.Name}</Link> : alert.Name) },
          { id: "pattern", header: t("flowAlerts.pattern"), cell: (alert) => <Box variant="code">{alert.Pattern}</Box> },
          { id: "on", header: t("flowAlerts.on"), cell: (alert) => <Toggle ariaLabel={t("flowAlerts.onOf", { name: alert.Name })} checked={alert.Enabled} disabled={!mayEdit} onChange={({ detail }) => void turn(alert, detail.checked)} /> },
          ...(mayEdit ? [{ id: "do", header: t("flowAlerts.do"), cell: (alert: FlowLogAlert) => <Button variant="inline-link" ariaLabel={t("flowAlerts.deleteOf", { name: alert.Name })} onClick={() => setDeleting(alert)}>{t("action.delete")}</Button> }] : []),
        ]}
      />
      <Table
        header={<Header variant="h2">{t("flowAlerts.raised")}</Header>}
        loading={found === null} loadingText={t("common.loading")} empty={<Box>{t("flowAlerts.quiet")}</Box>}
        items={found?.Raised ?? []} wrapLines
        columnDefinitions={[
          { id: "at", header: t("history.at"), cell: (one) => dateTime(one.At), width: 210 },
          { id: "alert", header: t("flowAlerts.alert"), isRowHeader: true, cell: (one) => one.AlertName },
          { id: "contact", header: t("flowAlerts.contact"), cell: (one) => <Link href={`#/contacts/${encodeURIComponent(one.ContactId)}`}>{one.ContactId}</Link> },
          { id: "count", header: t("flowAlerts.count"), cell: (one) => one.Count, width: 90 },
          { id: "entry", header: t("flowAlerts.entry"), cell: (one) => <ExpandableSection headerText={t("tryit.log")}><pre className="record-json">{pretty(one.Entry)}</pre></ExpandableSection> },
        ]}
      />
      {editing && <EditAlert alert={editing} onClose={(done) => { setEditing(null); if (done) void load(); }} />}
      {deleting && (
        <DeleteDialog
          name={deleting.Name} remove={() => switchroom("DeleteFlowLogAlert", { InstanceId: instanceId, AlertId: deleting.Id })}
          onClose={(done) => { setDeleting(null); if (done) void load(); }}
        />
      )}
    </SpaceBetween>
  );
}

function EditAlert({ alert, onClose }: { alert: Partial<FlowLogAlert>; onClose: (done: boolean) => void }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [name, setName] = useState(alert.Name ?? "");
  const [pattern, setPattern] = useState(alert.Pattern ?? "");
  const [problem, setProblem] = useState("");
  const save = async (): Promise<void> => {
    try {
      const values = { InstanceId: instanceId, Name: name, Pattern: pattern };
      await (alert.Id ? switchroom("UpdateFlowLogAlert", { ...values, AlertId: alert.Id }) : switchroom("CreateFlowLogAlert", values));
      onClose(true);
    } catch (error) {
      setProblem(errorText(error, t));
    }
  };
  return (
    <Modal visible header={t(alert.Id ? "flowAlerts.edit" : "flowAlerts.add")} closeAriaLabel={t("action.cancel")} onDismiss={() => onClose(false)}>
      <form onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <Form
          errorText={problem || undefined}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" onClick={() => onClose(false)}>{t("action.cancel")}</Button>
              <Button variant="primary" formAction="submit" disabled={!name.trim() || !pattern.trim()}>{t("action.save")}</Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <FormField label={t("field.name")}><Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus /></FormField>
            <FormField label={t("flowAlerts.pattern")} description={t("flowAlerts.patternHelp")} constraintText={'{ $.ContactFlowModuleType = "InvokeExternalResource" && $.Results = "*time*" }'}>
              <Input value={pattern} spellcheck={false} onChange={({ detail }) => setPattern(detail.value)} />
            </FormField>
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}
