import { useState, type FormEvent, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../api";
import type { GetSessionResponse } from "../api/switchroom";
import { useI18n } from "../i18n";
import { errorText } from "./errors";
import { ForgotPassword } from "./ForgotPassword";
import { SignInFrame } from "./SignInFrame";

export interface SignInProps {
  /** Why there is no session: none yet, it ended, the person left, or a one-time link was void. */
  reason: "fresh" | "expired" | "left" | "link";
  onSignedIn: (session: GetSessionResponse) => void;
}

export function SignIn({ reason, onSignedIn }: SignInProps): ReactNode {
  const { t, language } = useI18n();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const named = new URLSearchParams(location.search).get("instance") ?? "";
  const [alias, setAlias] = useState(named);
  const [askAlias, setAskAlias] = useState(false);
  const [forgotten, setForgotten] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!username || !password) {
      setProblem(t("signin.missing"));
      return;
    }
    setBusy(true);
    setProblem("");
    try {
      onSignedIn(await switchroom("SignIn", { Username: username, Password: password, Language: language, InstanceAlias: alias || undefined }));
    } catch (error) {
      const code = error instanceof Error ? error.name : "";
      const wrong = ["SignInFailedException", "UnrecognizedClientException"].includes(code);
      const unnamed = code === "InvalidRequestException" && !alias;
      setAskAlias(askAlias || unnamed);
      setProblem(unnamed ? t("signin.nameInstance") : code === "AccessDeniedException" ? t("signin.denied") : wrong ? t("signin.wrong") : errorText(error, t));
    } finally {
      setBusy(false);
    }
  };

  if (forgotten) {
    return (
      <SignInFrame>
        <ForgotPassword username={username} alias={alias} askAlias={askAlias} onBack={() => setForgotten(false)} />
      </SignInFrame>
    );
  }
  return (
    <SignInFrame>
      {reason === "expired" && (
        <Alert type="warning" header={t("signin.expiredTitle")}>
          {t("signin.expired")}
        </Alert>
      )}
      {reason === "link" && <Alert type="warning">{t("signin.linkEnded")}</Alert>}
      <form onSubmit={(event) => void submit(event)}>
        <Container header={<Header variant="h2">{t("signin.title")}</Header>}>
          <SpaceBetween size="l">
            {askAlias && (
              <FormField label={t("signin.instance")}>
                <Input value={alias} onChange={({ detail }) => setAlias(detail.value)} autoFocus name="instance" spellcheck={false} />
              </FormField>
            )}
            <FormField label={t("signin.username")}>
              <Input value={username} onChange={({ detail }) => setUsername(detail.value)} autoFocus name="username" autoComplete="username" spellcheck={false} />
            </FormField>
            <FormField label={t("signin.password")}>
              <Input value={password} onChange={({ detail }) => setPassword(detail.value)} type="password" name="password" autoComplete="current-password" />
            </FormField>
            <div role="alert">{problem && <Alert type="error">{problem}</Alert>}</div>
            <Button variant="primary" formAction="submit" loading={busy} fullWidth>
              {t("signin.submit")}
            </Button>
            <Button
              variant="inline-link"
              formAction="none"
              onClick={() => {
                setProblem("");
                setForgotten(true);
              }}
            >
              {t("password.forgot")}
            </Button>
          </SpaceBetween>
        </Container>
      </form>
    </SignInFrame>
  );
}
