import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import type { SipLogin } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";

/** Gives a user's desk phone a new password, which is shown this once. */
export function SipPasswordButton({ id, name }: { id: string; name: string }): ReactNode {
  const { t } = useI18n();
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  if (!may("Users.EditPermission")) return null;
  return (
    <>
      <Button formAction="none" onClick={() => setOpen(true)}>{t("users.sipPassword")}</Button>
      {open && <SipPasswordDialog id={id} name={name} onClose={() => setOpen(false)} />}
    </>
  );
}

function SipPasswordDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [login, setLogin] = useState<SipLogin | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const reset = async (): Promise<void> => {
    setBusy(true);
    setProblem("");
    try {
      setLogin((await switchroom("ResetSipPassword", { InstanceId: instanceId, UserId: id })).Login ?? null);
    } catch (error) {
      setProblem(errorText(error, t));
    } finally {
      setBusy(false);
    }
  };
  const copied = (text: string | undefined): ReactNode => (
    <CopyToClipboard variant="inline" textToCopy={text ?? ""} copyButtonAriaLabel={t("action.copy")} copySuccessText={t("action.copied")} copyErrorText={t("action.notCopied")} />
  );
  return (
    <Modal
      visible
      onDismiss={onClose}
      header={t("users.sipTitle", { name })}
      footer={
        <Box float="right">
          {login ? (
            <Button variant="primary" formAction="none" onClick={onClose}>{t("users.sipDone")}</Button>
          ) : (
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onClose}>{t("action.cancel")}</Button>
              <Button variant="primary" formAction="none" loading={busy} onClick={() => void reset()}>{t("users.sipReset")}</Button>
            </SpaceBetween>
          )}
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        {login ? (
          <SpaceBetween size="l">
            <KeyValuePairs
              columns={1}
              items={[
                { label: t("users.sipUser"), value: copied(login.Username) },
                { label: t("signin.password"), value: copied(login.Password) },
                { label: t("users.sipAddress"), value: copied(login.Address) },
              ]}
            />
            <Alert type="warning">{t("users.sipOnce")}</Alert>
          </SpaceBetween>
        ) : (
          <span>{t("users.sipText")}</span>
        )}
      </SpaceBetween>
    </Modal>
  );
}
