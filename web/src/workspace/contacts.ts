import type { AgentContact } from "../api/switchroom";
import { showNumber } from "../shared/voice/numbers";
import type { IconProps } from "@cloudscape-design/components/icon";

export const ACW = "ENDED";
export const CLEARABLE: readonly string[] = [ACW, "MISSED", "REJECTED", "ERROR"];
const LIVE: readonly string[] = ["CONNECTED", "CONNECTED_ONHOLD", "PAUSED"];

export function isOffered(contact: AgentContact): boolean {
  return contact.State === "INCOMING" || (contact.State === "CONNECTING" && contact.OfferExpiresAt !== undefined);
}

export function isLive(contact: AgentContact): boolean {
  return LIVE.includes(contact.State);
}

export function isClearable(contact: AgentContact): boolean {
  return CLEARABLE.includes(contact.State);
}

/** What to call a contact: the customer of a call or chat, the name of a task. */
export function titleOf(contact: AgentContact, unnamed: string): string {
  const endpoint = contact.Channel === "VOICE" ? showNumber(contact.CustomerEndpoint) : contact.CustomerEndpoint;
  return contact.Name || contact.CustomerName || endpoint || unnamed;
}

export function iconOf(contact: AgentContact): IconProps.Name {
  if (contact.Channel === "CHAT") return "contact";
  return contact.Channel === "TASK" ? "check" : "call";
}
