import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../api";
import type { AgentContact } from "../api/switchroom";
import { useI18n } from "../i18n";
import type { ChatItem, ChatSession } from "../shared/chat";
import { downloadFrom } from "../shared/download";
import { useNotices } from "../shared/notices";
import { useSession } from "../shared/session";
import { Composer } from "./Composer";
import { Transcript, useChatChanges } from "./Transcript";

interface Props {
  contact: AgentContact;
  session: ChatSession | undefined;
  drafts: Map<string, string>;
  onShown: () => void;
}

/** A chat: its transcript and, while it lasts, where to write. */
export function ChatView({ contact, session, drafts, onShown }: Props): ReactNode {
  const { t } = useI18n();
  const me = useSession();
  const notices = useNotices();
  useChatChanges(session);
  const ended = contact.State !== "CONNECTED";
  const stored = useStored(me.instanceId, contact.ContactId, ended && !session?.items.length);

  useEffect(onShown);
  useEffect(() => {
    document.addEventListener("visibilitychange", onShown);
    return () => document.removeEventListener("visibilitychange", onShown);
  });

  const openFile = async (id: string): Promise<void> => {
    try {
      const url = session && !ended ? await session.attachmentUrl(id) : await storedFile(me.instanceId, contact.ContactId, id);
      downloadFrom(url);
    } catch (error) {
      notices.failure(error);
    }
  };

  if (!session && !ended) {
    return (
      <div className="centre" role="status">
        <Spinner size="large" /> {t("chat.opening")}
      </div>
    );
  }
  const types = contact.SupportedMessagingContentTypes;
  return (
    <>
      {session?.state === "reconnecting" && !ended && <Alert type="warning">{t("chat.reconnecting")}</Alert>}
      <Transcript
        items={session?.items.length ? session.items : stored}
        own={session?.participantId ?? contact.ParticipantId}
        session={session}
        onFile={(id) => void openFile(id)}
      />
      <div className="typing" aria-live="polite">
        {session?.typing.length && !ended ? t("chat.typing", { name: session.typing.map((name) => name || t("role.CUSTOMER")).join(", ") }) : ""}
      </div>
      {session && !ended && contact.Monitoring?.Mode !== "SILENT_MONITOR" && (
        <Composer
          key={contact.ContactId}
          contactId={contact.ContactId}
          session={session}
          drafts={drafts}
          attachments={contact.AttachmentsEnabled !== false}
          markdown={!types || types.includes("text/markdown")}
          name={me.user.DisplayName || me.user.Username}
        />
      )}
      {contact.State === "ENDED" && <div className="over">{t("chat.over")}</div>}
    </>
  );
}

async function storedFile(instanceId: string, contactId: string, attachmentId: string): Promise<string> {
  const answer = await switchroom("GetContactAttachment", { InstanceId: instanceId, ContactId: contactId, AttachmentId: attachmentId });
  return answer.Url;
}

/** The kept transcript, for a chat in after contact work whose page was loaded again. */
function useStored(instanceId: string, contactId: string, wanted: boolean): ChatItem[] {
  const [items, setItems] = useState<ChatItem[]>([]);
  useEffect(() => {
    if (!wanted) return;
    switchroom("GetContactTranscript", { InstanceId: instanceId, ContactId: contactId, MaxResults: 1000 }).then(
      (answer) => setItems(answer.Transcript as ChatItem[]),
      () => setItems([]),
    );
  }, [instanceId, contactId, wanted]);
  return wanted ? items : [];
}
