import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { connect } from "../../api";
import type { Contact } from "../../api/connect";
import { useI18n, type TextKey } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { useChoices } from "../sources";
import { RescheduleDialog } from "./RescheduleDialog";

const NOT_STOPPED = ["DISCONNECT", "TRANSFER", "QUEUE_TRANSFER"];

type Action = "transfer" | "reschedule" | "end";

/** A task whose flow has not begun. */
export function waitsForItsTime(contact: Contact): boolean {
  const { Channel: channel, ScheduledTimestamp: at, ConnectedToSystemTimestamp: begun, DisconnectTimestamp: ended } = contact;
  return channel === "TASK" && at !== undefined && begun === undefined && ended === undefined;
}

/** What a person with these permissions can do with a contact that is in progress (QUAL-150). */
export function actionsOf(contact: Contact, may: (permission: string) => boolean): Action[] {
  if (contact.DisconnectTimestamp !== undefined) return [];
  const waits = waitsForItsTime(contact);
  const ends = !(contact.Channel === "VOICE" && NOT_STOPPED.includes(contact.InitiationMethod ?? ""));
  const possible: [Action, boolean, string][] = [
    ["transfer", contact.Channel === "TASK" && !waits, "TransferContact.Enabled"],
    ["reschedule", waits, "UpdateContactSchedule.Enabled"],
    ["end", ends, "StopContact.Enabled"],
  ];
  return possible.filter(([, applies, permission]) => applies && may(permission)).map(([action]) => action);
}

/** The actions on a contact, with the dialog of the one that was chosen. */
export function ContactActions({ contact, onDone }: { contact: Contact; onDone: () => void }): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [chosen, setChosen] = useState<Action | null>(null);
  const offered = actionsOf(contact, may);
  const done = (text: TextKey): void => {
    setChosen(null);
    notices.success(t(text));
    onDone();
  };
  if (!offered.length) return null;
  return (
    <>
      <ButtonDropdown items={offered.map((action) => ({ id: action, text: t(`contacts.action.${action}`) }))} onItemClick={({ detail }) => setChosen(detail.id as Action)}>
        {t("contacts.actions")}
      </ButtonDropdown>
      {chosen === "reschedule" && (
        <RescheduleDialog contactId={contact.Id!} scheduled={contact.ScheduledTimestamp!} onClose={(saved) => (saved ? done("contacts.rescheduled") : setChosen(null))} />
      )}
      {chosen === "transfer" && <TransferDialog contactId={contact.Id!} onDone={() => done("contacts.transferred")} onClose={() => setChosen(null)} />}
      {chosen === "end" && (
        <Dialog title="contacts.stop" submit="contacts.stop" onClose={() => setChosen(null)} onSubmit={async () => {
          await connect("StopContact", { InstanceId: instanceId, ContactId: contact.Id! });
          done("contacts.stopped");
        }}>
          {t("contacts.stopText")}
        </Dialog>
      )}
    </>
  );
}

/** Chooses an agent or a queue among the quick connects (QUAL-151). */
function TransferDialog({ contactId, onDone, onClose }: { contactId: string; onDone: () => void; onClose: () => void }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId } = useSession();
  const { choices, loading, failed } = useChoices("quickConnects");
  const [to, setTo] = useState<string | null>(null);
  const options = choices.filter((one) => one.description === "USER" || one.description === "QUEUE").map((one) => ({ value: one.value, label: one.label, description: code("quickConnectType", one.description) }));
  const transfer = async (): Promise<void> => {
    const { QuickConnect: found } = await connect("DescribeQuickConnect", { InstanceId: instanceId, QuickConnectId: to! });
    const { UserConfig: user, QueueConfig: queue } = found!.QuickConnectConfig!;
    await connect("TransferContact", {
      InstanceId: instanceId, ContactId: contactId, ContactFlowId: (user ?? queue)!.ContactFlowId, UserId: user?.UserId, QueueId: queue?.QueueId, ClientToken: crypto.randomUUID(),
    });
    onDone();
  };
  return (
    <Dialog title="contacts.action.transfer" submit="action.transfer" disabled={!to} onSubmit={transfer} onClose={onClose}>
      <FormField label={t("task.assignTo")}>
        <Select
          selectedOption={options.find((one) => one.value === to) ?? null}
          options={options}
          statusType={loading ? "loading" : failed ? "error" : "finished"}
          filteringType="auto"
          empty={t("common.noData")}
          placeholder={t("task.chooseAssignee")}
          onChange={({ detail }) => setTo(detail.selectedOption.value ?? null)}
        />
      </FormField>
    </Dialog>
  );
}

interface DialogProps {
  title: TextKey;
  submit: TextKey;
  disabled?: boolean;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}

function Dialog({ title, submit, disabled, onSubmit, onClose, children }: DialogProps): ReactNode {
  const { t } = useI18n();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = async (): Promise<void> => {
    setBusy(true);
    setProblem("");
    try {
      await onSubmit();
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      header={t(title)}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={disabled} onClick={() => void run()}>{t(submit)}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        {children}
      </SpaceBetween>
    </Modal>
  );
}
