import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { connect } from "../../api";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { MomentInput } from "../../shared/MomentInput";
import { useSession } from "../../shared/session";
import { epochOf, momentOf } from "../../shared/zoned";

const DAYS = 6;

interface Props {
  contactId: string;
  /** Epoch seconds. */
  scheduled: number;
  onClose: (done: boolean) => void;
}

/** Moves a task that waits for its time to another time (ROUT-93). */
export function RescheduleDialog({ contactId, scheduled, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [moment, setMoment] = useState(momentOf(scheduled));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const at = epochOf(moment);
  const now = Date.now() / 1000;
  const wrong = at === undefined ? t("task.dateAndTime") : at < now || at > now + DAYS * 86400 ? t("task.scheduleRange", { days: DAYS }) : "";

  const save = async (): Promise<void> => {
    if (at === undefined || wrong) return;
    setBusy(true);
    try {
      await connect("UpdateContactSchedule", { InstanceId: instanceId, ContactId: contactId, ScheduledTime: at });
      onClose(true);
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      size="medium"
      header={t("contacts.reschedule")}
      onDismiss={() => onClose(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={Boolean(wrong)} onClick={() => void save()}>{t("action.save")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        <FormField label={t("task.scheduled")} description={t("contacts.rescheduleHelp", { days: DAYS })} errorText={wrong}>
          <MomentInput moment={moment} label={t("task.scheduled")} onChange={setMoment} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
