import type { AgentContact, AgentSnapshot, AgentStatusChoice } from "../api/switchroom";
import type { State } from "./protocol";

type Shown = Pick<State, "name" | "type">;

const TYPES = { ROUTABLE: "routable", OFFLINE: "offline", CUSTOM: "not_routable" } as const;

export function date(seconds: number): Date {
  return new Date(Math.round(seconds * 1000));
}

/** A status an agent may choose, as the library names it. */
export function choice(status: AgentStatusChoice): State {
  return { agentStateARN: status.Arn ?? null, name: status.Name, type: TYPES[status.Type] };
}

/**
 * The agent's state as embedding pages see it. Calls change it, chats and tasks never do; a supervisor who listens keeps
 * the chosen status (DESK-154).
 */
export function agentState(snapshot: AgentSnapshot): State {
  const calls = snapshot.Contacts.filter((contact) => contact.Channel === "VOICE" && !contact.Monitoring);
  const shown = calls.map((contact) => ({ contact, as: whileCalling(contact) })).sort((a, b) => a.as.rank - b.as.rank)[0];
  if (!shown) return { ...choice(snapshot.Status), startTimestamp: date(snapshot.StatusStart) };
  return { agentStateARN: null, ...shown.as.state, startTimestamp: date(shown.contact.StateStart) };
}

/** What one call makes of the agent's state; of several the lowest rank counts. */
function whileCalling(contact: AgentContact): { rank: number; state: Shown } {
  switch (contact.State) {
    case "CONNECTED":
    case "CONNECTED_ONHOLD":
      return { rank: 0, state: { name: "Busy", type: "system" } };
    case "CONNECTING":
      return { rank: 1, state: { name: callsOut(contact) ? "CallingCustomer" : "PendingBusy", type: "system" } };
    case "INCOMING":
      return { rank: 2, state: contact.Callback ? { name: "Pending", type: "not_routable" } : { name: "PendingBusy", type: "system" } };
    case "ENDED":
      return { rank: 3, state: { name: "AfterCallWork", type: "system" } };
    case "ERROR":
      return { rank: 4, state: { name: contact.Error ?? "Default", type: "error" } };
    default:
      return { rank: 5, state: { name: "MissedCallAgent", type: "error" } };
  }
}

/** Whether the customer is called by us, once the agent has said yes. */
export function callsOut(contact: AgentContact): boolean {
  return contact.Callback === true || contact.Direction === "OUTBOUND";
}
