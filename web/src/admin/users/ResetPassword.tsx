import { useState, type FormEvent, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { isPassword } from "../../shared/passwordRule";

interface Props {
  id: string;
  name: string;
}

/** A new password for a user, who is signed out by it (USER-29). */
export function ResetPasswordButton({ id, name }: Props): ReactNode {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button formAction="none" onClick={() => setOpen(true)}>{t("users.resetPassword")}</Button>
      {open && <Dialog id={id} name={name} onClose={() => setOpen(false)} />}
    </>
  );
}

function Dialog({ id, name, onClose }: Props & { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const weak = !isPassword(password);
  const unequal = password !== again;

  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    setTried(true);
    if (weak || unequal) return;
    setBusy(true);
    try {
      await switchroom("ResetUserPassword", { InstanceId: instanceId, UserId: id, Password: password });
      notices.success(t("users.passwordReset", { name }));
      onClose();
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };

  return (
    <Modal
      visible
      onDismiss={onClose}
      header={t("users.resetTitle", { name })}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" onClick={onClose}>{t("action.cancel")}</Button>
            <Button variant="primary" formAction="none" loading={busy} onClick={() => void submit()}>{t("bulk.submit")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.stopPropagation();
          void submit(event);
        }}
      >
        <SpaceBetween size="m">
          {Boolean(problem) && <Alert type="error">{problem}</Alert>}
          <Alert type="info">{t("users.resetText")}</Alert>
          <FormField label={t("password.new")} description={t("users.passwordHelp")} errorText={tried && weak ? t("users.passwordWeak") : ""}>
            <Input type="password" autoComplete="new-password" value={password} onChange={({ detail }) => setPassword(detail.value)} />
          </FormField>
          <FormField label={t("password.again")} errorText={tried && unequal ? t("password.unequal") : ""}>
            <Input type="password" autoComplete="new-password" value={again} onChange={({ detail }) => setAgain(detail.value)} />
          </FormField>
        </SpaceBetween>
      </form>
    </Modal>
  );
}
