import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import type { EventConnection } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

/** Removing takes a typed word: from then on no tasks are made (ROUT-105). */
export function RemoveDialog({ connection, onClose }: { connection: EventConnection; onClose: () => void }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const word = t("apps.removeWord");
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await switchroom("DeleteEventConnection", { InstanceId: instanceId, ConnectionId: connection.ConnectionId });
      notices.success(t("apps.removed", { name: connection.Name }));
      onClose();
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible onDismiss={onClose} header={t("apps.removeFrom", { name: code("eventApplication", connection.Application) })}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={typed.trim().toLowerCase() !== word.toLowerCase()} onClick={() => void remove()}>{t("action.delete")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        <KeyValuePairs
          columns={1}
          items={[
            { label: t("apps.connectionUrl"), value: connection.Url },
            { label: t("apps.connectionName"), value: connection.Name },
            { label: t("apps.eventSource"), value: connection.EventSource },
          ]}
        />
        <span>{t("apps.removeText", { rules: connection.Rules })}</span>
        <FormField label={t("apps.removeType", { word })}><Input value={typed} autoFocus onChange={({ detail }) => setTyped(detail.value)} /></FormField>
      </SpaceBetween>
    </Modal>
  );
}
