import { useState, type FormEvent, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../api";
import { useI18n } from "../i18n";
import { errorText } from "./errors";
import { isPassword } from "./passwordRule";
import { SignInFrame } from "./SignInFrame";

/** Sets a password by the one-time link of a mail (USER-30). */
export function NewPassword({ token, onDone }: { token: string; onDone: () => void }): ReactNode {
  const { t } = useI18n();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState("");
  const weak = !isPassword(password);
  const unequal = password !== again;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (weak || unequal) return;
    setBusy(true);
    setProblem("");
    try {
      await switchroom("CompletePasswordReset", { Token: token, Password: password });
      setDone(true);
    } catch (error) {
      const ended = error instanceof Error && error.name === "InvalidRequestException";
      setProblem(ended ? t("password.linkEnded") : errorText(error, t));
    } finally {
      setBusy(false);
    }
  };

  return (
    <SignInFrame>
      <form onSubmit={(event) => void submit(event)}>
        <Container header={<Header variant="h2">{t("password.newTitle")}</Header>}>
          <SpaceBetween size="l">
            {done ? (
              <div role="status"><Alert type="success">{t("password.done")}</Alert></div>
            ) : (
              <>
                <FormField label={t("password.new")} description={t("users.passwordHelp")} errorText={tried && weak ? t("users.passwordWeak") : ""}>
                  <Input type="password" name="password" autoComplete="new-password" autoFocus value={password} onChange={({ detail }) => setPassword(detail.value)} />
                </FormField>
                <FormField label={t("password.again")} errorText={tried && unequal ? t("password.unequal") : ""}>
                  <Input type="password" name="again" autoComplete="new-password" value={again} onChange={({ detail }) => setAgain(detail.value)} />
                </FormField>
              </>
            )}
            <div role="alert">{problem && <Alert type="error">{problem}</Alert>}</div>
            {!done && <Button variant="primary" formAction="submit" loading={busy} fullWidth>{t("password.set")}</Button>}
            <Button variant={done ? "primary" : "inline-link"} fullWidth={done} formAction="none" onClick={onDone}>{t(done ? "password.toSignIn" : "password.back")}</Button>
          </SpaceBetween>
        </Container>
      </form>
    </SignInFrame>
  );
}
