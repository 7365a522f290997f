import type { ContactSearchSummary } from "../api/connect";

const COLUMNS = ["Contact id", "Channel", "Name", "Initiation method", "Queue", "Agent", "Initiated", "Connected to agent", "Disconnected"];

/** A field as CSV has it; what a spreadsheet would run as a formula is kept as text. */
export function csvField(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

export function toCsv(contacts: ContactSearchSummary[], user: (id?: string) => string, queue: (id?: string) => string): string {
  const time = (at: number | undefined): string => (at === undefined ? "" : new Date(at * 1000).toISOString());
  const rows = contacts.map((one) => [
    one.Id ?? "", one.Channel ?? "", one.Name ?? "", one.InitiationMethod ?? "", queue(one.QueueInfo?.Id), user(one.AgentInfo?.Id),
    time(one.InitiationTimestamp), time(one.AgentInfo?.ConnectedToAgentTimestamp), time(one.DisconnectTimestamp),
  ]);
  return `\ufeff${[COLUMNS, ...rows].map((row) => row.map(csvField).join(",")).join("\r\n")}\r\n`;
}
