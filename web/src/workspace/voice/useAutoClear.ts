import { useEffect, useRef } from "react";
import type { AgentContact } from "../../api/switchroom";
import { isTextKey, useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import type { Agent } from "../useAgent";

const CLEARED = new Set(["FailedConnectAgent", "FailedConnectCustomer"]);

/** Calls that could not be connected clear themselves; a notice says why (DESK-176). */
export function useAutoClear(contacts: AgentContact[], agent: Agent, active: boolean): void {
  const { t } = useI18n();
  const notices = useNotices();
  const seen = useRef(new Set<string>());
  useEffect(() => {
    if (!active) return;
    for (const contact of contacts) {
      const error = contact.Error ?? "";
      if (contact.State !== "ERROR" || !CLEARED.has(error) || seen.current.has(contact.ContactId)) continue;
      seen.current.add(contact.ContactId);
      const key = `voice.error.${error}`;
      if (isTextKey(key)) notices.failure(new Error(t(key)));
      void agent.act("ClearContact", { ContactId: contact.ContactId });
    }
  }, [contacts, active]);
}
