import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import type { EventConnection, RuleTrigger } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

/** Values that the example is worth changing in: what conditions mostly look at. */
const CHANGEABLE = ["ticket_id", "type", "priority", "status", "subject", "case_number", "reason", "origin"];

/** An example of an event, as if the application had sent it (ROUT-108). */
export function TestDialog({ connection, onClose }: { connection: EventConnection; onClose: () => void }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [triggers, setTriggers] = useState<RuleTrigger[]>([]);
  const [name, setName] = useState("");
  const [values, setValues] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    switchroom("ListRuleTriggers", { InstanceId: instanceId }).then(
      (answer) => {
        const found = answer.Triggers.filter((one) => one.Runs && one.Application === connection.Application);
        setTriggers(found);
        setName(found[0]?.EventSourceName ?? "");
      },
      (error: unknown) => setProblem(errorText(error, t)),
    );
  }, [instanceId, connection.Application]);
  const trigger = triggers.find((one) => one.EventSourceName === name);
  const fields = (trigger?.Placeholders ?? []).filter((one) => CHANGEABLE.includes(one.Name) && one.Example !== undefined);
  const send = async (): Promise<void> => {
    setBusy(true);
    try {
      const given = Object.fromEntries(fields.flatMap((one) => (values[one.Name] === undefined ? [] : [[one.Name, values[one.Name]!]])));
      await switchroom("SendTestEvent", { InstanceId: instanceId, ConnectionId: connection.ConnectionId, EventSourceName: name, Values: given });
      notices.success(t("apps.testSent"));
      onClose();
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible onDismiss={onClose} header={t("apps.test")}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={!trigger} onClick={() => void send()}>{t("apps.testSend")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        <span>{t("apps.testText")}</span>
        <FormField label={t("rules.trigger")}>
          <Select
            selectedOption={trigger ? { value: name, label: code("ruleTrigger", name) } : null}
            options={triggers.map((one) => ({ value: one.EventSourceName, label: code("ruleTrigger", one.EventSourceName) }))}
            onChange={({ detail }) => setName(detail.selectedOption.value ?? "")}
          />
        </FormField>
        {fields.map((one) => (
          <FormField key={one.Name} label={code("rulePlaceholder", one.Name)}>
            <Input value={values[one.Name] ?? one.Example ?? ""} onChange={({ detail }) => setValues((now) => ({ ...now, [one.Name]: detail.value }))} />
          </FormField>
        ))}
      </SpaceBetween>
    </Modal>
  );
}
