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

interface Props {
  username: string;
  alias: string;
  /** Whether to ask for the instance from the beginning. */
  askAlias: boolean;
  onBack: () => void;
}

/** Asks for a mail with a link to a new password; the answer tells nobody whether there is such a user (USER-30). */
export function ForgotPassword({ username, alias, askAlias, onBack }: Props): ReactNode {
  const { t, language } = useI18n();
  const [name, setName] = useState(username);
  const [instance, setInstance] = useState(alias);
  const [askInstance, setAskInstance] = useState(askAlias);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!name.trim()) return setProblem(t("password.nameMissing"));
    setBusy(true);
    setProblem("");
    try {
      await switchroom("RequestPasswordReset", { Username: name.trim(), InstanceAlias: instance || undefined, Language: language });
      setAsked(true);
    } catch (error) {
      const unnamed = error instanceof Error && error.name === "InvalidRequestException" && !instance;
      setAskInstance(askInstance || unnamed);
      setProblem(unnamed ? t("signin.nameInstance") : errorText(error, t));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Container header={<Header variant="h2" description={t("password.forgotText")}>{t("password.forgotTitle")}</Header>}>
        <SpaceBetween size="l">
          {asked ? (
            <div role="status"><Alert type="info">{t("password.asked")}</Alert></div>
          ) : (
            <>
              {askInstance && (
                <FormField label={t("signin.instance")}>
                  <Input value={instance} onChange={({ detail }) => setInstance(detail.value)} name="instance" spellcheck={false} />
                </FormField>
              )}
              <FormField label={t("signin.username")}>
                <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus name="username" autoComplete="username" spellcheck={false} />
              </FormField>
            </>
          )}
          <div role="alert">{problem && <Alert type="error">{problem}</Alert>}</div>
          {!asked && <Button variant="primary" formAction="submit" loading={busy} fullWidth>{t("password.ask")}</Button>}
          <Button variant="inline-link" formAction="none" onClick={onBack}>{t("password.back")}</Button>
        </SpaceBetween>
      </Container>
    </form>
  );
}
