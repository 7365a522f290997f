import { switchroom } from "../../api";
import type { AgentContact } from "../../api/switchroom";
import { logEvent } from "../../shared/voice/agentLog";
import type { CallActions } from "../../shared/voice/actions";
import type { DialTab } from "../../shared/voice/DialDialog";
import type { Agent } from "../useAgent";

interface Openers {
  add: (contact: AgentContact, tab: DialTab) => void;
  task: (contact: AgentContact) => void;
  failure: (error: unknown) => void;
}

/** An agent whose actions are kept in the log of the page (DESK-163). */
export function logged(agent: Agent): Agent {
  return {
    ...agent,
    act: async (name, input) => {
      logEvent(name, input);
      const done = await agent.act(name, input);
      if (!done) logEvent(`${name} was refused`, input, "ERROR");
      return done;
    },
  };
}

/** What the buttons of a call do, as operations of the desk. */
export function callActions({ act }: Agent, open: Openers): CallActions {
  const at = (contact: AgentContact): { ContactId: string } => ({ ContactId: contact.ContactId });
  return {
    end: (contact) => void act("EndContact", at(contact)),
    clear: (contact) => void act("ClearContact", at(contact)),
    hold: (contact, leg) => void act("HoldContactParticipant", { ...at(contact), ...(leg ? { LegId: leg.LegId } : {}) }),
    resume: (contact, leg) => void act("ResumeContactParticipant", { ...at(contact), ...(leg ? { LegId: leg.LegId } : {}) }),
    holdAll: (contact) => void act("HoldAllContactParticipants", at(contact)),
    join: (contact) => void act("JoinContactParticipants", at(contact)),
    swap: (contact) => void act("SwapContactParticipants", at(contact)),
    drop: (contact, leg) => void act("DropContactParticipant", { ...at(contact), LegId: leg.LegId }),
    mute: (contact, Muted, leg) => void act("MuteContactParticipant", { ...at(contact), Muted, ...(leg ? { LegId: leg.LegId } : {}) }),
    digits: (contact, Digits) => {
      logEvent("SendContactDigits", at(contact));
      void switchroom("SendContactDigits", { ...at(contact), Digits }).catch(open.failure);
    },
    add: open.add,
    task: open.task,
    monitor: (contact, Mode) => void act("SetMonitorMode", { ...at(contact), Mode }),
  };
}
