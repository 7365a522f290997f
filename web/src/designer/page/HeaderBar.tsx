import type { ReactNode } from "react";
import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown, { type ButtonDropdownProps } from "@cloudscape-design/components/button-dropdown";
import ToggleButton from "@cloudscape-design/components/toggle-button";
import { useI18n } from "../../i18n";
import { useSession } from "../../shared/session";
import { VersionsMenu } from "../versions/VersionsMenu";
import type { Shelf } from "./shelf";
import type { Loaded } from "./useFlow";
import type { Saving } from "./useSaving";
import type { VersionView } from "./useVersion";
import type { Work } from "./useWork";
import type { Dialog } from "./Workbench";

interface Props {
  shelf: Shelf;
  loaded: Loaded;
  work: Work;
  version: VersionView;
  saving: Saving;
  mayEdit: boolean;
  trying: boolean;
  onTry: () => void;
  onDialog: (dialog: Dialog) => void;
  onMenu: (action: string) => void;
}

/** Name, type and state of the flow, and everything that saves, publishes or keeps it. */
export function HeaderBar({ shelf, loaded, work, version, saving, mayEdit, trying, onTry, onDialog, onMenu }: Props): ReactNode {
  const { t, code } = useI18n();
  const { may } = useSession();
  const { working, live } = loaded;
  const name = work.details.name || t(shelf.kind === "flow" ? "designer.newFlow" : "designer.newModule");
  const editable = mayEdit && !working.archived;
  return (
    <header className="designer-header">
      <div className="designer-title">
        <a className="designer-back" href={`#/r/${shelf.key}`}>{t(`flows.tab.${shelf.kind}`)}</a>
        <span aria-hidden="true">/</span>
        <h1 title={name}>{name}</h1>
        <Button variant="inline-icon" iconName={editable ? "edit" : "status-info"} ariaLabel={t("designer.details")} onClick={() => onDialog("details")} />
        <span className="designer-type">{code("flowType", working.type)}</span>
        <Badge color={working.archived ? "severity-neutral" : live && !working.draft ? "green" : "blue"}>
          {working.archived ? t("flows.isArchived") : working.id ? code("flowStatus", live && !working.draft ? "PUBLISHED" : "SAVED") : t("designer.notSaved")}
        </Badge>
        <span role="status">{work.dirty && <Badge color="severity-medium">{t("designer.unsaved")}</Badge>}</span>
      </div>
      <div className="designer-actions">
        {working.id && <VersionsMenu loaded={loaded} version={version} onCompare={() => onDialog("compare")} />}
        <ToggleButton iconName="caret-right-filled" pressedIconName="close" pressed={trying} onChange={onTry}>{t("designer.try")}</ToggleButton>
        <ButtonDropdown
          loading={saving.busy === "save"}
          mainAction={editable && !version.shown ? { text: t("action.save"), onClick: () => void saving.save(false), disabled: working.id !== "" && !work.dirty } : { text: t("designer.saveAs"), onClick: () => onDialog("saveAs"), disabled: !may(`${shelf.permission}.Create`) }}
          items={menu({ t, may, shelf, working, editable: editable && !version.shown })}
          ariaLabel={t("designer.saveMenu")}
          onItemClick={({ detail }) => onMenu(detail.id)}
        />
        <Button
          variant="primary"
          loading={saving.busy === "publish"}
          disabled={saving.blocked !== ""}
          disabledReason={saving.blocked}
          onClick={() => void saving.save(true)}
        >
          {t("flows.publish")}
        </Button>
      </div>
    </header>
  );
}

interface MenuGiven {
  t: ReturnType<typeof useI18n>["t"];
  may: (...permissions: string[]) => boolean;
  shelf: Shelf;
  working: Loaded["working"];
  editable: boolean;
}

function menu({ t, may, shelf, working, editable }: MenuGiven): ButtonDropdownProps.ItemOrGroup[] {
  const own = (action: string): boolean => may(`${shelf.permission}.${action}`);
  const items: ButtonDropdownProps.ItemOrGroup[] = [
    { id: "saveAs", text: t("designer.saveAs"), iconName: "copy", disabled: !own("Create") },
    { id: "export", text: t("flows.export"), iconName: "download", disabled: !working.id, disabledReason: working.id ? undefined : t("designer.saveFirst") },
    { id: "import", text: t("designer.import"), iconName: "upload", disabled: !editable },
    { id: "details", text: t("designer.details"), iconName: "edit" },
  ];
  if (!working.id) return items;
  if (working.archived) items.push({ id: "restore", text: t("flows.restore"), iconName: "undo", disabled: !own("Edit") });
  else items.push({ id: "archive", text: t("flows.archive"), iconName: "folder", disabled: !own("Edit") });
  const notNow = !working.archived;
  items.push({ id: "delete", text: t("action.delete"), iconName: "remove", disabled: notNow || !own("Delete"), disabledReason: notNow ? t("designer.deleteArchived") : undefined });
  return items;
}
