import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { FLOW_TYPES, shelves, type Held, type Kind } from "../../designer/page/shelf";
import { ArchiveDialog } from "../../designer/page/ArchiveDialog";
import { useI18n } from "../../i18n";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { FlowTable } from "./FlowTable";
import { useFlowList } from "./useFlowList";

/** Flows and modules: find, make, archive; the way to the archive and to the history of changes (FLOW-30, 43, 47). */
export function FlowsPage({ kind }: { kind: Kind }): ReactNode {
  const { t } = useI18n();
  const { may } = useSession();
  const tabs = (["flow", "module"] as const).filter((one) => may(`${shelves[one].permission}.View`));
  return (
    <SpaceBetween size="s">
      <Header variant="h1" actions={<CreateButton kind={kind} />}>{t("flows.title")}</Header>
      <Tabs
        ariaLabel={t("flows.title")}
        activeTabId={kind}
        onChange={({ detail }) => goTo("r", shelves[detail.activeTabId as Kind].key)}
        tabs={tabs.map((one) => ({ id: one, label: t(`flows.tab.${one}`), href: `#/r/${shelves[one].key}`, content: one === kind && <List key={kind} kind={kind} /> }))}
      />
    </SpaceBetween>
  );
}

function CreateButton({ kind }: { kind: Kind }): ReactNode {
  const { t, code } = useI18n();
  const { may } = useSession();
  const { key, permission } = shelves[kind];
  if (!may(`${permission}.Create`)) return null;
  if (kind === "module") return <Button variant="primary" onClick={() => goTo("r", key, "new")}>{t("flows.addModule")}</Button>;
  return (
    <ButtonDropdown
      variant="primary"
      mainAction={{ text: t("flows.add"), onClick: () => goTo("r", key, "new") }}
      ariaLabel={t("flows.addTyped")}
      expandToViewport
      items={FLOW_TYPES.map((type) => ({ id: type, text: code("flowType", type), secondaryText: code("flowTypeAbout", type) }))}
      onItemClick={({ detail }) => goTo("r", key, "new", detail.id)}
    />
  );
}

function List({ kind }: { kind: Kind }): ReactNode {
  const { t, code } = useI18n();
  const { may } = useSession();
  const notices = useNotices();
  const shelf = shelves[kind];
  const list = useFlowList(shelf, false);
  const [archiving, setArchiving] = useState<Held | null>(null);

  const act = async (action: string, one: Held): Promise<void> => {
    if (action === "archive") return setArchiving(one);
    await navigator.clipboard.writeText(one.arn).then(() => notices.success(t("action.copied")), () => notices.info(t("action.notCopied")));
  };
  const actions = [
    { id: "copy", text: t("flows.copyArn"), iconName: "copy" as const },
    ...(may(`${shelf.permission}.Edit`) ? [{ id: "archive", text: t("flows.archive"), iconName: "folder" as const }] : []),
  ];
  return (
    <>
      <FlowTable
        list={list}
        label={t(`flows.tab.${kind}`)}
        columns={[
          { id: "name", header: t("field.name"), isRowHeader: true, minWidth: 220, cell: (one) => <Link href={`#/r/${shelf.key}/${encodeURIComponent(one.id)}`}>{one.name}</Link> },
          ...(kind === "flow" ? [{ id: "type", header: t("field.type"), minWidth: 150, cell: (one: Held) => code("flowType", one.type) }] : []),
          { id: "description", header: t("field.description"), cell: (one) => one.description || "–" },
          {
            id: "status", header: t("field.status"), minWidth: 130,
            cell: (one) => <StatusIndicator type={one.draft ? "pending" : "success"}>{code("flowStatus", one.draft ? "SAVED" : "PUBLISHED")}</StatusIndicator>,
          },
          {
            id: "actions", header: t("field.actions"), width: 90,
            cell: (one) => (
              <ButtonDropdown variant="inline-icon" expandToViewport ariaLabel={t("flows.actionsOf", { name: one.name })} items={actions} onItemClick={({ detail }) => void act(detail.id, one)} />
            ),
          },
        ]}
        empty={
          <Box textAlign="center" padding="l" color="inherit">
            <b>{t(list.search ? "list.noMatch" : kind === "module" ? "flows.noModules" : "list.empty")}</b>
          </Box>
        }
        footer={
          <div className="centred-row">
            <Link href={`#/r/${shelf.key}/archive`}>{t("flows.viewArchive")}</Link>
            {may("HistoricalChanges.View") && <Link href={`#/r/${shelf.key}/changes`}>{t("flows.viewChanges")}</Link>}
          </div>
        }
      />
      {archiving && (
        <ArchiveDialog
          shelf={shelf}
          id={archiving.id}
          name={archiving.name}
          onClose={(done) => {
            setArchiving(null);
            if (done) list.reload();
          }}
        />
      )}
    </>
  );
}
