import { useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { switchroom } from "../../api";
import type { EventConnection } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";

const SHORTEST = 16;

/** The secret that the application signs with by itself, entered as soon as its webhook is there. */
export function OwnSecret({ connection }: { connection: EventConnection }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId } = useSession();
  const [secret, setSecret] = useState("");
  const [state, setState] = useState<"open" | "busy" | "done">("open");
  const [problem, setProblem] = useState("");
  const save = async (): Promise<void> => {
    setState("busy");
    setProblem("");
    try {
      await switchroom("RotateEventSecret", { InstanceId: instanceId, ConnectionId: connection.ConnectionId, Secret: secret.trim() });
      setState("done");
    } catch (error) {
      setProblem(errorText(error, t));
      setState("open");
    }
  };
  if (state === "done") return <StatusIndicator>{t("apps.secretSaved")}</StatusIndicator>;
  return (
    <FormField
      label={t("apps.secretOf", { name: code("eventApplication", connection.Application) })} description={t(`apps.secretOwnHelp.${connection.Application}`)}
      constraintText={t("apps.secretLength")} errorText={problem || undefined}
    >
      <SpaceBetween direction="horizontal" size="xs">
        <Input type="password" autoComplete={false} value={secret} onChange={({ detail }) => setSecret(detail.value)} />
        <Button loading={state === "busy"} disabled={secret.trim().length < SHORTEST} onClick={() => void save()}>{t("action.save")}</Button>
      </SpaceBetween>
    </FormField>
  );
}
