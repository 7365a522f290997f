import { useRef, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import type { AgentContact } from "../api/switchroom";
import { useI18n } from "../i18n";
import { useNotices } from "../shared/notices";
import { useSession } from "../shared/session";
import type { CallActions } from "../shared/voice/actions";
import { MonitorBar } from "../shared/voice/CallPanel";
import type { TelephoneHandle } from "../shared/voice/useTelephone";
import { ChatView } from "../workspace/ChatView";
import { ContactBar, type ContactActions } from "../workspace/ContactBar";
import { isLive } from "../workspace/contacts";
import { TaskView } from "../workspace/TaskView";
import type { Agent } from "../workspace/useAgent";
import type { Chats } from "../workspace/useChats";
import { CallBody } from "../workspace/voice/CallBody";
import type { Dialog } from "./Dialogs";

interface Props {
  contact: AgentContact;
  agent: Agent;
  chats: Chats;
  telephone: TelephoneHandle;
  calls: CallActions;
  keypad: boolean;
  onKeypad: (open: boolean) => void;
  open: (dialog: Dialog) => void;
  /** Pictures may be shown in this frame. */
  mayVideo: boolean;
}

/** The contact in front: its head, and the call, chat or task below. */
export function ContactPane(props: Props): ReactNode {
  const { t } = useI18n();
  const notices = useNotices();
  const session = useSession();
  const { contact, agent, calls, open } = props;
  const actions: ContactActions = {
    end: calls.end,
    clear: calls.clear,
    transfer: (one) => (one.Channel === "VOICE" ? calls.add(one, "quick") : open({ kind: "transfer", contact: one })),
    pause: (one) => void agent.act("PauseAgentContact", { ContactId: one.ContactId }),
    resume: (one) => void agent.act("ResumeAgentContact", { ContactId: one.ContactId }).then((done) => done && notices.info(t("task.resumed"))),
  };
  return (
    <>
      <ContactBar contact={contact} skew={agent.skew} actions={actions} />
      {contact.Channel === "VOICE" ? (
        <CallBody
          contact={contact}
          skew={agent.skew}
          telephone={props.telephone}
          actions={calls}
          canCreateTasks={agent.snapshot?.CanCreateTasks !== false}
          mayVideo={props.mayVideo && session.may("VideoContact.Access")}
          keypad={props.keypad}
          onKeypad={props.onKeypad}
        />
      ) : (
        <>
          {contact.Monitoring && isLive(contact) && <MonitorBar contact={contact} actions={calls} />}
          <Written {...props} />
        </>
      )}
    </>
  );
}

function Written({ contact, chats }: Props): ReactNode {
  const { t } = useI18n();
  const drafts = useRef(new Map<string, string>());
  if (contact.State === "MISSED" || contact.State === "REJECTED" || contact.State === "ERROR") {
    const failed = contact.State === "ERROR";
    return (
      <div className="centre">
        <Alert type={failed ? "error" : "warning"} header={t(`missed.${contact.State}`)}>
          {(failed && contact.ErrorReason) || t("missed.text")}
        </Alert>
      </div>
    );
  }
  if (contact.Channel === "TASK") return <TaskView contact={contact} />;
  const id = contact.ContactId;
  return <ChatView key={id} contact={contact} session={chats.session(id)} drafts={drafts.current} onShown={() => chats.seen(id)} />;
}
