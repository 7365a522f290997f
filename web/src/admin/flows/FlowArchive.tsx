import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { shelves, type Held, type Kind } from "../../designer/page/shelf";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";
import { forgetChoices } from "../sources";
import { FlowTable } from "./FlowTable";
import { useFlowList } from "./useFlowList";

/** Archived flows or modules: restore, or delete for good (FLOW-44, FLOW-45). */
export function FlowArchive({ kind }: { kind: Kind }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const shelf = shelves[kind];
  const list = useFlowList(shelf, true);
  const [deleting, setDeleting] = useState<Held | null>(null);

  const restore = async (one: Held): Promise<void> => {
    try {
      await shelf.setArchived(instanceId, one.id, false);
      forgetChoices();
      notices.success(t("flows.restored", { name: one.name }));
      list.reload();
    } catch (error) {
      notices.failure(error);
    }
  };
  const actions = [
    ...(may(`${shelf.permission}.Edit`) ? [{ id: "restore", text: t("flows.restore"), iconName: "undo" as const }] : []),
    ...(may(`${shelf.permission}.Delete`) ? [{ id: "delete", text: t("action.delete"), iconName: "remove" as const }] : []),
  ];
  return (
    <SpaceBetween size="m">
      <Header variant="h1" description={t("flows.archiveAbout")}>{t(kind === "flow" ? "flows.archiveTitle" : "flows.moduleArchiveTitle")}</Header>
      <FlowTable
        list={list}
        label={t(kind === "flow" ? "flows.archiveTitle" : "flows.moduleArchiveTitle")}
        columns={[
          { id: "name", header: t("field.name"), isRowHeader: true, minWidth: 220, cell: (one) => <Link href={`#/r/${shelf.key}/${encodeURIComponent(one.id)}`}>{one.name}</Link> },
          ...(kind === "flow" ? [{ id: "type", header: t("field.type"), minWidth: 150, cell: (one: Held) => code("flowType", one.type) }] : []),
          { id: "description", header: t("field.description"), cell: (one) => one.description || "–" },
          {
            id: "actions", header: t("field.actions"), width: 90,
            cell: (one) =>
              actions.length ? (
                <ButtonDropdown
                  variant="inline-icon"
                  expandToViewport
                  ariaLabel={t("flows.actionsOf", { name: one.name })}
                  items={actions}
                  onItemClick={({ detail }) => (detail.id === "restore" ? void restore(one) : setDeleting(one))}
                />
              ) : null,
          },
        ]}
        empty={
          <Box textAlign="center" padding="l" color="inherit">
            <b>{t(list.search ? "list.noMatch" : "flows.archiveEmpty")}</b>
          </Box>
        }
      />
      {deleting && (
        <DeleteDialog
          name={deleting.name}
          remove={() => shelf.remove(instanceId, deleting.id)}
          onClose={(done) => {
            setDeleting(null);
            if (done) list.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}
