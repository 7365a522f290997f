import { useCallback, useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { switchroom } from "../../api";
import type { BotSummary } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";
import { exportBot } from "./files";
import { ImportDialog } from "./ImportDialog";

const STATUS: Record<BotSummary["Status"], StatusIndicatorProps.Type> = { NOT_BUILT: "stopped", BUILT: "success", CHANGED: "pending" };

/** How a bot stands. */
export function BotStatus({ status }: { status: BotSummary["Status"] }): ReactNode {
  const { code } = useI18n();
  return <StatusIndicator type={STATUS[status]}>{code("botStatus", status)}</StatusIndicator>;
}

/** The bots of the contact centre: find, make, import, export, delete (FLOW-148). */
export function BotsPage(): ReactNode {
  const { t, code, dateTime } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [items, setItems] = useState<BotSummary[] | null>(null);
  const [search, setSearch] = useState("");
  const [importing, setImporting] = useState(false);
  const [deleting, setDeleting] = useState<BotSummary | null>(null);
  const load = useCallback(async () => {
    try {
      setItems((await switchroom("ListBots", { InstanceId: instanceId })).Bots);
    } catch (error) {
      setItems([]);
      notices.failure(error);
    }
  }, [instanceId]);
  useEffect(() => void load(), [load]);

  const shown = (items ?? []).filter((one) => `${one.Name} ${one.Description ?? ""}`.toLowerCase().includes(search.toLowerCase()));
  const act = (action: string, bot: BotSummary): void => {
    if (action === "delete") setDeleting(bot);
    else void exportBot(instanceId, bot.BotId).catch(notices.failure);
  };
  const actions = [
    { id: "export", text: t("bots.export"), iconName: "download" as const },
    ...(may("ContactFlows.Delete") ? [{ id: "delete", text: t("action.delete"), iconName: "remove" as const }] : []),
  ];
  return (
    <>
      <Table
        variant="full-page"
        stickyHeader
        loading={items === null}
        loadingText={t("common.loading")}
        items={shown}
        trackBy="BotId"
        ariaLabels={{ tableLabel: t("bots.title") }}
        header={
          <Header
            variant="awsui-h1-sticky"
            description={t("bots.about")}
            actions={
              may("ContactFlows.Create") && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button onClick={() => setImporting(true)}>{t("bots.import")}</Button>
                  <Button variant="primary" onClick={() => goTo("r", "bots", "new")}>{t("bots.add")}</Button>
                </SpaceBetween>
              )
            }
          >
            {t("bots.title")}
          </Header>
        }
        filter={<TextFilter filteringText={search} filteringPlaceholder={t("list.search")} filteringAriaLabel={t("list.search")} onChange={({ detail }) => setSearch(detail.filteringText)} />}
        columnDefinitions={[
          { id: "name", header: t("field.name"), isRowHeader: true, cell: (one: BotSummary) => <Link href={`#/r/bots/${one.BotId}`}>{one.Name}</Link> },
          { id: "description", header: t("field.description"), cell: (one) => one.Description ?? "–" },
          { id: "locales", header: t("bots.languages"), cell: (one) => one.Locales.join(", ") || "–" },
          { id: "engine", header: t("bots.engine"), cell: (one) => code("botEngine", one.Engine) },
          { id: "status", header: t("field.status"), cell: (one) => <BotStatus status={one.Status} /> },
          { id: "associated", header: t("bots.inFlows"), cell: (one) => (one.Associated ? t("common.yes") : "–") },
          { id: "changed", header: t("bots.changed"), cell: (one) => dateTime(one.LastModifiedTime) },
          {
            id: "actions", header: t("field.actions"), width: 90,
            cell: (one) => <ButtonDropdown variant="inline-icon" expandToViewport items={actions} ariaLabel={t("bots.actionsOf", { name: one.Name })} onItemClick={({ detail }) => act(detail.id, one)} />,
          },
        ]}
        empty={
          <Box textAlign="center" padding="l" color="inherit">
            <b>{t(search ? "list.noMatch" : "bots.none")}</b>
          </Box>
        }
      />
      {importing && (
        <ImportDialog
          onClose={(made) => {
            setImporting(false);
            if (made) goTo("r", "bots", made.Bot.BotId);
          }}
        />
      )}
      {deleting && (
        <DeleteDialog
          name={deleting.Name}
          remove={() => switchroom("DeleteBot", { InstanceId: instanceId, BotId: deleting.BotId })}
          onClose={(done) => {
            setDeleting(null);
            if (done) void load();
          }}
        />
      )}
    </>
  );
}
