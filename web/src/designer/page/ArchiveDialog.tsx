import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { forgetChoices } from "../../admin/sources";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import type { Shelf } from "./shelf";

interface Props {
  shelf: Shelf;
  id: string;
  name: string;
  onClose: (done: boolean) => void;
}

/** Asks before a flow or module goes to the archive, and shows why it may not (FLOW-12, FLOW-43). */
export function ArchiveDialog({ shelf, id, name, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await shelf.setArchived(instanceId, id, true);
      forgetChoices();
      notices.success(t("flows.archived", { name }));
      onClose(true);
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      onDismiss={() => onClose(false)}
      header={t("flows.archiveAsk", { name })}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={problem !== ""} onClick={() => void confirm()}>{t("flows.archive")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error" header={t("flows.notArchived")}>{problem}</Alert>}
        <span>{t("flows.archiveText")}</span>
      </SpaceBetween>
    </Modal>
  );
}
