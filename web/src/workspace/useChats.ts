import { useEffect, useReducer, useRef } from "react";
import { switchroom } from "../api";
import type { AgentContact } from "../api/switchroom";
import { ChatSession } from "../shared/chat";

export interface Chats {
  session: (contactId: string) => ChatSession | undefined;
  unread: (contactId: string) => number;
  seen: (contactId: string) => void;
}

/** One chat session for each chat on the desk, and how many messages of each have not been looked at. */
export function useChats(contacts: AgentContact[], onMessage: () => void): Chats {
  const sessions = useRef(new Map<string, ChatSession>());
  const opening = useRef(new Set<string>());
  const unread = useRef(new Map<string, number>());
  const selected = useRef("");
  const notify = useRef(onMessage);
  notify.current = onMessage;
  const [, changed] = useReducer((count: number) => count + 1, 0);

  const open = async (contactId: string): Promise<void> => {
    opening.current.add(contactId);
    try {
      const given = await switchroom("CreateAgentParticipantConnection", { ContactId: contactId });
      const session = new ChatSession(given.ParticipantToken, given.ParticipantId, () => {
        if (selected.current !== contactId || document.hidden) {
          unread.current.set(contactId, (unread.current.get(contactId) ?? 0) + 1);
          notify.current();
        }
        changed();
      });
      sessions.current.set(contactId, session);
      changed();
      await session.connect();
    } catch {
      // The chat may just have ended; the next snapshot decides whether to try again.
      setTimeout(() => {
        opening.current.delete(contactId);
        changed();
      }, 2000);
    }
  };

  useEffect(() => {
    const live = new Map(contacts.map((contact) => [contact.ContactId, contact]));
    for (const contact of contacts) {
      const wanted = contact.Channel === "CHAT" && contact.State === "CONNECTED";
      if (wanted && !opening.current.has(contact.ContactId)) void open(contact.ContactId);
    }
    for (const [id, session] of sessions.current) {
      if (live.has(id)) continue;
      session.dispose();
      sessions.current.delete(id);
      opening.current.delete(id);
      unread.current.delete(id);
    }
  });

  useEffect(() => {
    const all = sessions.current;
    return () => all.forEach((session) => session.dispose());
  }, []);

  return {
    session: (id) => sessions.current.get(id),
    unread: (id) => unread.current.get(id) ?? 0,
    seen: (id) => {
      selected.current = id;
      if (document.hidden) return;
      sessions.current.get(id)?.markRead();
      if (unread.current.get(id)) {
        unread.current.delete(id);
        changed();
      }
    },
  };
}
