import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import type { EventConnection } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

const SHORTEST = 16;

interface Props {
  connection: EventConnection;
  /** With the new secret, if one was made. */
  onClose: (secret?: string) => void;
}

/** Another secret: one made here, or the one that the application signs with by itself. */
export function RotateDialog({ connection, onClose }: Props): ReactNode {
  const { t, code } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [own, setOwn] = useState(false);
  const [secret, setSecret] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const rotate = async (): Promise<void> => {
    setBusy(true);
    try {
      const answer = await switchroom("RotateEventSecret", { InstanceId: instanceId, ConnectionId: connection.ConnectionId, ...(own && { Secret: secret.trim() }) });
      if (own) notices.success(t("apps.secretSaved"));
      onClose(own ? undefined : answer.Secret);
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible onDismiss={() => onClose()} header={t("apps.newSecret")}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose()}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={own && secret.trim().length < SHORTEST} onClick={() => void rotate()}>{t("apps.rotateNow")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        {connection.HasSecret && <span>{t("apps.rotateText")}</span>}
        <RadioGroup
          value={own ? "own" : "made"} onChange={({ detail }) => setOwn(detail.value === "own")} ariaLabel={t("apps.secret")}
          items={[
            { value: "made", label: t("apps.secretMade") },
            { value: "own", label: t("apps.secretOwn"), description: t(`apps.secretOwnHelp.${connection.Application}`) },
          ]}
        />
        {own && (
          <FormField label={t("apps.secretOf", { name: code("eventApplication", connection.Application) })} constraintText={t("apps.secretLength")}>
            <Input type="password" autoComplete={false} value={secret} onChange={({ detail }) => setSecret(detail.value)} />
          </FormField>
        )}
      </SpaceBetween>
    </Modal>
  );
}
