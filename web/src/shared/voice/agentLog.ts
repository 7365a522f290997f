import type { AgentContact, AgentSnapshot } from "../../api/switchroom";
import { downloadText } from "../download";

export interface LogEntry {
  time: string;
  level: "INFO" | "WARN" | "ERROR";
  text: string;
  objects?: unknown;
}

const MOST = 5000;
const entries: LogEntry[] = [];
let lastSnapshot = "";

/** Keeps one thing that happened on this page (DESK-162, DESK-163). */
export function logEvent(text: string, objects?: unknown, level: LogEntry["level"] = "INFO"): void {
  entries.push({ time: new Date().toISOString(), level, text, ...(objects === undefined ? {} : { objects }) });
  if (entries.length > MOST) entries.splice(0, entries.length - MOST);
}

/** The agent's own connection of a call, with the settings of the softphone (ROUT-71). */
function ownConnection(snapshot: AgentSnapshot, contact: AgentContact): object {
  const { Call: call } = contact;
  const leg = call?.Legs.find((one) => one.LegId === call.OwnLegId);
  return {
    connectionId: leg?.LegId,
    type: "agent",
    initial: false,
    softphoneMediaInfo: { callType: call?.CustomerVideo || call?.AgentVideo ? "audio_video" : "audio_only", autoAccept: snapshot.Phone?.AutoAccept ?? false },
    state: leg?.State,
    held: leg?.Held,
    muted: leg?.Muted,
  };
}

/** Keeps what the desk looked like, when it changed. */
export function logSnapshot(snapshot: AgentSnapshot): void {
  const shown = {
    state: snapshot.Status.Name,
    nextState: snapshot.NextStatus?.Name ?? null,
    contacts: snapshot.Contacts.map((contact) => ({
      contactId: contact.ContactId,
      type: contact.Channel.toLowerCase(),
      state: contact.State,
      error: contact.Error,
      queue: contact.Queue?.Name,
      connections: [
        ...(contact.Call?.Legs ?? [])
          .filter((leg) => leg.LegId !== contact.Call?.OwnLegId)
          .map((leg) => ({ connectionId: leg.LegId, type: leg.Kind.toLowerCase(), initial: leg.Kind === "CUSTOMER", state: leg.State, held: leg.Held, muted: leg.Muted })),
        ...(contact.Channel === "VOICE" ? [ownConnection(snapshot, contact)] : []),
      ],
    })),
  };
  const text = JSON.stringify(shown);
  if (text === lastSnapshot) return;
  lastSnapshot = text;
  logEvent("Snapshot", shown);
}

/** The log so far: one JSON object a line. */
export function logText(): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** Saves the log as `agent-log.txt`. */
export function downloadLog(): void {
  const head: LogEntry = { time: new Date().toISOString(), level: "INFO", text: "Log", objects: { page: location.pathname, browser: navigator.userAgent } };
  downloadText("agent-log.txt", "text/plain", `${JSON.stringify(head)}\n${logText()}`);
}
