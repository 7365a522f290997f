import type { AgentSnapshot } from "../../api/switchroom";
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
      legs: contact.Call?.Legs.map((leg) => ({ legId: leg.LegId, kind: leg.Kind, state: leg.State, held: leg.Held, muted: leg.Muted })),
      ...(contact.Channel === "VOICE"
        ? { softphoneMediaInfo: { callType: contact.Call?.CustomerVideo || contact.Call?.AgentVideo ? "audio_video" : "audio_only", autoAccept: snapshot.Phone?.AutoAccept ?? false } }
        : {}),
    })),
  };
  const text = JSON.stringify(shown);
  if (text === lastSnapshot) return;
  lastSnapshot = text;
  logEvent("Snapshot", shown);
}

/** Saves the log as `agent-log.txt`: one JSON object a line. */
export function downloadLog(): void {
  const head: LogEntry = { time: new Date().toISOString(), level: "INFO", text: "Log", objects: { page: location.pathname, browser: navigator.userAgent } };
  downloadText("agent-log.txt", "text/plain", [head, ...entries].map((entry) => JSON.stringify(entry)).join("\n") + "\n");
}
