import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { switchroom } from "../../api";
import type { EventConnection } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { goTo, usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { LastEvent, StatusOf } from "./states";

const SECONDS = 5;

/** The connections with how they fare (ROUT-104). */
export function ConnectionList(): ReactNode {
  const { t, code } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [items, setItems] = useState<EventConnection[] | null>(null);
  const [removed, setRemoved] = useState(false);
  usePolling(() => {
    switchroom("ListEventConnections", { InstanceId: instanceId }).then(
      (answer) => setItems(answer.Connections),
      (error: unknown) => {
        if (items !== null) return;
        setItems([]);
        notices.failure(error);
      },
    );
  }, SECONDS);
  const shown = (items ?? []).filter((one) => removed || one.Status !== "DELETED");
  const hidden = (items ?? []).some((one) => one.Status === "DELETED");
  const add = may("SecurityProfiles.Edit") && <Button variant="primary" onClick={() => goTo("applications", "new")}>{t("apps.add")}</Button>;
  return (
    <Table
      variant="container" loading={items === null} loadingText={t("common.loading")} items={shown} trackBy="ConnectionId" wrapLines
      ariaLabels={{ tableLabel: t("apps.title") }}
      header={
        <Header
          variant="h1" description={t("apps.about")} counter={shown.length ? `(${shown.length})` : ""}
          actions={
            <SpaceBetween direction="horizontal" size="m" alignItems="center">
              {hidden && <Toggle checked={removed} onChange={({ detail }) => setRemoved(detail.checked)}>{t("apps.showRemoved")}</Toggle>}
              {shown.length > 0 && add}
            </SpaceBetween>
          }
        >
          {t("apps.title")}
        </Header>
      }
      columnDefinitions={[
        { id: "name", header: t("field.name"), isRowHeader: true, minWidth: 200, cell: (one) => <Link href={`#/applications/${one.ConnectionId}`}>{one.Name}</Link> },
        { id: "application", header: t("apps.application"), cell: (one) => code("eventApplication", one.Application) },
        { id: "url", header: t("apps.url"), cell: (one) => one.Url },
        { id: "environment", header: t("apps.environment"), cell: (one) => code("eventEnvironment", one.Environment) },
        { id: "status", header: t("field.status"), cell: (one) => <StatusOf connection={one} /> },
        { id: "last", header: t("apps.lastEvent"), minWidth: 190, cell: (one) => <LastEvent connection={one} /> },
        { id: "rules", header: t("rules.title"), cell: (one) => one.Rules },
      ]}
      empty={
        <Box padding={{ vertical: "l" }} textAlign="center">
          <SpaceBetween size="m">
            <Box variant="h3">{t("apps.none")}</Box>
            <Box color="text-body-secondary">{t("apps.noneHelp")}</Box>
            {add}
          </SpaceBetween>
        </Box>
      }
    />
  );
}
