import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../i18n";
import { errorText } from "../shared/errors";
import { useNotices } from "../shared/notices";
import { forgetChoices } from "./sources";

interface Props {
  name: string;
  remove: () => Promise<unknown>;
  onClose: (done: boolean) => void;
}

export function DeleteDialog({ name, remove, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const notices = useNotices();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await remove();
      forgetChoices();
      notices.success(t("delete.done", { name }));
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
      header={t("delete.title", { name })}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>
              {t("action.cancel")}
            </Button>
            <Button variant="primary" loading={busy} onClick={() => void confirm()}>
              {t("action.delete")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {Boolean(problem) && <Alert type="error">{problem}</Alert>}
        <span>{t("delete.text")}</span>
      </SpaceBetween>
    </Modal>
  );
}
