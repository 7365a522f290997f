import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { forgetChoices } from "../../admin/sources";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import type { Kept } from "./keeper";
import type { Shelf } from "./shelf";
import type { Loaded } from "./useFlow";
import type { Saving } from "./useSaving";
import type { VersionView } from "./useVersion";

interface Props {
  shelf: Shelf;
  loaded: Loaded;
  reread: (id: string) => Promise<Loaded>;
  version: VersionView;
  saving: Saving;
  kept: Kept | null;
  /** Takes up the kept work, or throws it away. */
  onKept: (restore: boolean) => void;
  mayEdit: boolean;
  noBlocks: string;
  /** What an import could not resolve. */
  unresolved: ReactNode;
  onEditVersion: () => void;
  onCompare: () => void;
}

/** What a person should know about the state of the flow before going on. */
export function Bars({ shelf, loaded, reread, version, saving, kept, onKept, mayEdit, noBlocks, unresolved, onEditVersion, onCompare }: Props): ReactNode {
  const { t, dateTime } = useI18n();
  const { working } = loaded;
  const { shown } = version;
  return (
    <div className="designer-bars">
      {saving.problem && <Alert type="error" dismissible onDismiss={saving.dismiss}>{saving.problem}</Alert>}
      {noBlocks && <Alert type="warning">{noBlocks}</Alert>}
      {kept && mayEdit && !working.archived && (
        <Alert
          type="info"
          action={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => onKept(false)}>{t("designer.discard")}</Button>
              <Button variant="primary" onClick={() => onKept(true)}>{t("designer.restoreWork")}</Button>
            </SpaceBetween>
          }
        >
          {t("designer.keptWork", { at: dateTime(kept.at) })}
        </Alert>
      )}
      {unresolved}
      {working.archived && <ArchivedBar shelf={shelf} loaded={loaded} reread={reread} mayEdit={mayEdit} />}
      {!mayEdit && !working.archived && <Alert type="info">{t("designer.readOnly")}</Alert>}
      {shown && (
        <Alert
          type="info"
          action={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={onCompare}>{t("designer.compareThis")}</Button>
              {mayEdit && !working.archived && <Button disabled={!shown.document} onClick={onEditVersion}>{t("designer.editVersion")}</Button>}
              <Button onClick={version.close}>{t("designer.backToLatest")}</Button>
            </SpaceBetween>
          }
        >
          {t("designer.looking", { version: shown.number, at: dateTime(shown.entry?.At), by: shown.entry?.ByName ?? "–" })}
        </Alert>
      )}
      {working.type === "AGENT_TRANSFER" && !shown && <TransferWarning />}
    </div>
  );
}

function ArchivedBar({ shelf, loaded, reread, mayEdit }: Pick<Props, "shelf" | "loaded" | "reread" | "mayEdit">): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [busy, setBusy] = useState(false);
  const restore = async (): Promise<void> => {
    setBusy(true);
    try {
      await shelf.setArchived(instanceId, loaded.working.id, false);
      forgetChoices();
      await reread(loaded.working.id);
      notices.success(t("flows.restored", { name: loaded.working.name }));
    } catch (error) {
      notices.failure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Alert type="warning" action={mayEdit && <Button loading={busy} onClick={() => void restore()}>{t("flows.restore")}</Button>}>
      {t("designer.archivedText")}
    </Alert>
  );
}

/** The one who transfers may hang up before the flow is over; what follows is heard by the caller. */
function TransferWarning(): ReactNode {
  const { t } = useI18n();
  const [seen, setSeen] = useState(false);
  return seen ? null : <Alert type="warning" dismissible onDismiss={() => setSeen(true)}>{t("designer.transferWarning")}</Alert>;
}
