import { type ReactNode } from "react";
import { switchroom } from "../api";
import type { AgentContact, AgentSnapshot } from "../api/switchroom";
import { useI18n } from "../i18n";
import { useNotices } from "../shared/notices";
import { useSession } from "../shared/session";
import { DialDialog, type DialTab, type DialTarget } from "../shared/voice/DialDialog";
import { SettingsDialog } from "../shared/voice/SettingsDialog";
import type { TelephoneHandle } from "../shared/voice/useTelephone";
import { isLive } from "../workspace/contacts";
import { TaskDialog } from "../workspace/TaskDialog";
import { TransferDialog } from "../workspace/TransferDialog";
import type { Agent } from "../workspace/useAgent";
import { isFramed } from "./bridge";
import { Event } from "./protocol";
import type { Embedding } from "./useBridge";

export type Dialog =
  | { kind: "none" }
  | { kind: "transfer"; contact: AgentContact }
  | { kind: "dial"; tab: DialTab; to?: AgentContact }
  | { kind: "task"; related?: string }
  | { kind: "settings" };

interface Props {
  dialog: Dialog;
  open: (dialog: Dialog) => void;
  agent: Agent;
  snapshot: AgentSnapshot;
  telephone: TelephoneHandle;
  voice: boolean;
  current: AgentContact | undefined;
  embedding: Embedding;
}

/** Whatever lies over the panel for the moment. */
export function Dialogs(props: Props): ReactNode {
  const { t } = useI18n();
  const notices = useNotices();
  const { dialog, open, agent, snapshot, current } = props;
  const close = (): void => open({ kind: "none" });
  const dial = (to: AgentContact | undefined, target: DialTarget): Promise<boolean> => {
    const where = "PhoneNumber" in target ? { PhoneNumber: target.PhoneNumber } : { QuickConnectId: target.QuickConnectId };
    if (to) return agent.act("AddContactParticipant", { ContactId: to.ContactId, ...where });
    return agent.act("DialContact", { ...where, ...(current?.Channel === "TASK" && isLive(current) ? { RelatedContactId: current.ContactId } : {}) });
  };
  switch (dialog.kind) {
    case "none":
      return null;
    case "settings":
      return <Settings {...props} onClose={close} />;
    case "dial":
      return <DialDialog purpose={dialog.to ? "add" : "call"} outbound={snapshot.Outbound} tab={dialog.tab} onTab={(tab) => open({ ...dialog, tab })} onDial={(target) => dial(dialog.to, target)} onClose={close} />;
    case "transfer":
      return (
        <TransferDialog
          contact={dialog.contact}
          onClose={close}
          onTransfer={async (to) => {
            if (!(await agent.act("TransferAgentContact", { ContactId: dialog.contact.ContactId, QuickConnectId: to.QuickConnectId }))) return;
            notices.success(t("transfer.done", { name: to.Name }));
            close();
          }}
        />
      );
    case "task":
      return (
        <TaskDialog
          relatedContactId={dialog.related}
          onClose={close}
          onCreated={(contactId) => {
            props.embedding.broadcast(Event.TASK_CREATED, { contactId });
            notices.success(t("task.created"));
            close();
          }}
        />
      );
  }
}

/** Settings, as far as the embedding page shows them (`pageOptions`). */
function Settings({ agent, snapshot, telephone, voice, embedding, onClose }: Props & { onClose: () => void }): ReactNode {
  const { setLanguage } = useI18n();
  const notices = useNotices();
  const session = useSession();
  const wanted = embedding.options?.pageOptions ?? {};
  const phones = wanted.enablePhoneTypeSettings !== false;
  const devices = isFramed() ? wanted.enableAudioDeviceSettings === true : session.may("AudioDeviceSettings.Access");
  return (
    <SettingsDialog
      phone={voice && phones ? snapshot.Phone : undefined}
      countries={snapshot.Outbound?.Countries ?? []}
      devices={voice && devices ? telephone.devices : null}
      onDevices={(chosen) => void telephone.phone.choose(chosen).catch(notices.failure)}
      onPhone={(phone) => agent.act("UpdateAgentPhone", phone)}
      onLanguage={(Language) => {
        setLanguage(Language);
        void switchroom("UpdateSession", { Language }).catch(() => {});
      }}
      onClose={onClose}
    />
  );
}
