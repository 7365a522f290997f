import type { AgentContact, CallLeg } from "../../api/switchroom";

/** Where a voice contact stands for the agent, finer than its state. */
export type Phase =
  | "offered"
  | "callback"
  | "joining"
  | "whisper"
  | "calling"
  | "connected"
  | "held"
  | "consult"
  | "monitoring"
  | "barged"
  | "acw"
  | "missed"
  | "failed";

export function phaseOf(contact: AgentContact): Phase {
  switch (contact.State) {
    case "INCOMING":
      return contact.Callback ? "callback" : "offered";
    case "CONNECTING":
      return connecting(contact);
    case "CONNECTED":
    case "CONNECTED_ONHOLD":
      if (contact.Monitoring) return contact.Monitoring.Mode === "BARGE" ? "barged" : "monitoring";
      if (!customerHeld(contact)) return "connected";
      return othersOf(contact).some((leg) => leg.State === "connected" && !leg.Held) ? "consult" : "held";
    case "ENDED":
      return "acw";
    case "ERROR":
      return "failed";
    default:
      return "missed";
  }
}

function connecting(contact: AgentContact): Phase {
  if (contact.OfferExpiresAt !== undefined) return contact.Callback ? "callback" : "offered";
  const joined = contact.Call?.OwnLegState === "connected";
  if (contact.Direction === "OUTBOUND" || contact.Callback) return joined ? "calling" : "joining";
  return joined ? "whisper" : "joining";
}

function customerHeld(contact: AgentContact): boolean {
  if (contact.State === "CONNECTED_ONHOLD") return true;
  const others = othersOf(contact);
  return others.length > 0 && others.every((leg) => leg.Held);
}

/** A voice contact with somebody at the other end, or about to have. */
export function isCall(contact: AgentContact): boolean {
  return contact.Channel === "VOICE" && ["CONNECTING", "CONNECTED", "CONNECTED_ONHOLD"].includes(contact.State);
}

export function ownLeg(contact: AgentContact): CallLeg | undefined {
  return contact.Call?.Legs.find((leg) => leg.Own);
}

export function othersOf(contact: AgentContact): CallLeg[] {
  return contact.Call?.Legs.filter((leg) => !leg.Own) ?? [];
}

/** The parties in the order of the list: the customer on top, oneself last (DESK-65). */
export function partiesOf(contact: AgentContact): CallLeg[] {
  const rank = (leg: CallLeg): number => (leg.Kind === "CUSTOMER" ? 0 : leg.Own ? 2 : 1);
  return [...(contact.Call?.Legs ?? [])].sort((a, b) => rank(a) - rank(b) || a.Since - b.Since);
}

/** Somebody else is on the line while one waits: a consultation. */
export function isConsulting(contact: AgentContact): boolean {
  const others = othersOf(contact);
  return others.length > 1 && others.some((leg) => leg.Held) && contact.Call?.CanJoin === true;
}

/** The agent's leg is expected from a browser. */
export function wantsMedia(contact: AgentContact): boolean {
  return isCall(contact) && contact.Call?.OwnLegId !== undefined && contact.OfferExpiresAt === undefined;
}
