import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n, type TextKey } from "../../i18n";
import type { LeaveGuard } from "./leaveGuard";
import type { Saving } from "./useSaving";

/** Asks whether unsaved work may be lost. */
export function LeaveDialog({ guard, onDiscard }: { guard: LeaveGuard; onDiscard: () => void }): ReactNode {
  const { t } = useI18n();
  if (!guard.asking) return null;
  return (
    <Modal
      visible
      header={t("designer.leaveTitle")}
      onDismiss={guard.stay}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => { onDiscard(); guard.leave(); }}>{t("designer.leave")}</Button>
            <Button variant="primary" onClick={guard.stay}>{t("designer.stay")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      {t("designer.leaveText")}
    </Modal>
  );
}

/** Somebody else saved the flow while it was open here. */
export function ConflictDialog({ saving, onTheirs }: { saving: Saving; onTheirs: () => void }): ReactNode {
  const { t } = useI18n();
  const { conflict } = saving;
  if (!conflict) return null;
  return (
    <Modal
      visible
      header={t("designer.conflictTitle")}
      onDismiss={saving.settleConflict}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={saving.settleConflict}>{t("action.cancel")}</Button>
            <Button onClick={() => { saving.settleConflict(); onTheirs(); }}>{t("designer.conflictTheirs")}</Button>
            <Button variant="primary" onClick={() => void saving.save(conflict.publish, { overwrite: true })}>{t("designer.conflictMine")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      {t("designer.conflictText")}
    </Modal>
  );
}

/** The settings of another block are to be opened while those of one are being changed. */
export function DiscardDialog({ onStay, onDiscard }: { onStay: () => void; onDiscard: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <Modal
      visible
      header={t("panel.discard")}
      onDismiss={onStay}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onStay}>{t("panel.keepEditing")}</Button>
            <Button variant="primary" onClick={onDiscard}>{t("panel.discardNow")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      {t("designer.discardSettings")}
    </Modal>
  );
}

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const CTRL = MAC ? "⌘" : "Ctrl";
const SHORTCUTS: [keys: string[], text: TextKey][] = [
  [[CTRL, "S"], "designer.key.save"],
  [[CTRL, "Z"], "designer.key.undo"],
  [MAC ? ["⌘", "⇧", "Z"] : ["Ctrl", "Y"], "designer.key.redo"],
  [[CTRL, "C"], "designer.key.copy"],
  [[CTRL, "X"], "designer.key.cut"],
  [[CTRL, "V"], "designer.key.paste"],
  [[CTRL, "A"], "designer.key.all"],
  [[CTRL, "F"], "designer.key.find"],
  [[CTRL, "Alt", "N"], "designer.key.note"],
  [["Delete"], "designer.key.delete"],
  [["Tab", "← ↑ → ↓"], "designer.key.tab"],
  [["Enter"], "designer.key.open"],
  [[CTRL, "Enter"], "designer.key.apply"],
  [["C"], "designer.key.connect"],
  [["M", "← ↑ → ↓"], "designer.key.move"],
  [["F2"], "designer.key.rename"],
  [["Esc"], "designer.key.escape"],
  [[CTRL], "designer.key.select"],
  [["?"], "designer.key.help"],
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <Modal visible header={t("designer.shortcuts")} onDismiss={onClose} footer={<Box float="right"><Button onClick={onClose}>{t("designer.close")}</Button></Box>}>
      <dl className="designer-shortcuts">
        {SHORTCUTS.map(([keys, text]) => (
          <div key={text}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
