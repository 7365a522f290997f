import type { AgentContact, AgentSnapshot, CallLeg } from "../api/switchroom";
import type { Connection, Endpoint } from "./protocol";
import { date } from "./states";

type StateType = Connection["state"]["type"];

const NOBODY: Endpoint = { type: null, endpointARN: null, name: null, phoneNumber: null, agentLogin: null, queue: null };
const LIVE: ReadonlySet<string> = new Set(["CONNECTED", "CONNECTED_ONHOLD"]);
const OVER: ReadonlySet<string> = new Set(["ENDED", "MISSED", "REJECTED", "ERROR"]);

/** The legs of a contact; there is always one of the agent and one of the customer, also before and after they meet. */
export function connectionsOf(contact: AgentContact, agent: AgentSnapshot): Connection[] {
  const legs = contact.Channel === "VOICE" ? (contact.Call?.Legs ?? []) : [];
  const others = legs.filter((leg) => !leg.Own);
  const own = legs.find((leg) => leg.Own);
  const customer = others.find((leg) => leg.Kind === "CUSTOMER");
  const rest = others.filter((leg) => leg !== customer);
  return [
    contact.Monitoring ? monitoring(contact, own) : agentSide(contact, agent, own),
    customerSide(contact, customer, own),
    ...rest.map((leg) => party(leg)),
  ];
}

/** The leg a connection id stands for; undefined for the stand-ins of an agent or a customer without a leg. */
export function legOf(contact: AgentContact, connectionId: string): CallLeg | undefined {
  return contact.Call?.Legs.find((leg) => leg.LegId === connectionId);
}

/** Whether a connection id is the agent's own side of a contact. */
export function isOwn(contact: AgentContact, connectionId: string): boolean {
  const leg = legOf(contact, connectionId);
  return leg ? leg.Own === true : connectionId === agentId(contact);
}

function agentId(contact: AgentContact): string {
  if (contact.Channel === "CHAT" && contact.ParticipantId) return contact.ParticipantId;
  return contact.Call?.OwnLegId ?? `${contact.ContactId}-agent`;
}

function customerId(contact: AgentContact): string {
  return contact.CustomerParticipantId ?? `${contact.ContactId}-customer`;
}

function connection(id: string, type: Connection["type"], state: StateType, since: number, endpoint: Endpoint): Connection {
  return { connectionId: id, type, initial: false, state: { type: state, timestamp: date(since) }, endpoint, address: endpoint };
}

/** The state of a side that has no leg, from the contact's. */
function stateWithoutLeg(contact: AgentContact): StateType {
  if (OVER.has(contact.State)) return "disconnected";
  return LIVE.has(contact.State) || contact.State === "PAUSED" ? "connected" : "connecting";
}

function stateOfLeg(leg: CallLeg): StateType {
  if (leg.State !== "connected" || (leg.Whispered && !leg.Own)) return "connecting";
  return leg.Held ? "hold" : "connected";
}

function agentSide(contact: AgentContact, agent: AgentSnapshot, leg: CallLeg | undefined): Connection {
  const endpoint = { ...NOBODY, type: "agent" as const, agentLogin: agent.Username ?? null, name: agent.DisplayName ?? null };
  const made = connection(leg?.LegId ?? agentId(contact), "agent", leg ? stateOfLeg(leg) : stateWithoutLeg(contact), leg?.Since ?? contact.StateStart, endpoint);
  if (contact.Channel === "CHAT") made.chatMediaInfo = { chatAutoAccept: false, customerName: contact.CustomerName };
  if (contact.Channel !== "VOICE") return made;
  made.mute = leg?.Muted === true;
  made.forcedMute = leg?.ForcedMute === true;
  if (agent.Phone?.Type !== "DESK_PHONE") made.softphoneMediaInfo = softphone(contact, agent.Phone?.AutoAccept === true);
  if (contact.Call?.AgentVideo) made.capabilities = { Video: "SEND" };
  return made;
}

function softphone(contact: AgentContact, autoAccept: boolean): Connection["softphoneMediaInfo"] {
  const video = contact.Call?.AgentVideo || contact.Call?.CustomerVideo;
  return {
    callType: video ? "audio_video" : "audio_only",
    autoAccept: autoAccept && !contact.Callback,
    // The panel carries the sound itself; there is nothing here for another engine to call with.
    callConfigJson: JSON.stringify({ iceServers: [] }),
    callContextToken: "",
    mediaLegContextToken: "",
  };
}

function monitoring(contact: AgentContact, leg: CallLeg | undefined): Connection {
  const info = contact.Monitoring!;
  const since = leg?.Since ?? contact.StateStart;
  const made = connection(leg?.LegId ?? agentId(contact), "monitoring", OVER.has(contact.State) ? "disconnected" : "connected", since, NOBODY);
  made.monitoringInfo = { agentName: info.AgentName, customerName: contact.CustomerName ?? contact.CustomerEndpoint, joinTime: date(since) };
  made.monitorStatus = info.Mode ?? null;
  made.monitorCapabilities = info.Capabilities ?? null;
  made.mute = leg?.Muted === true;
  if (contact.Channel === "VOICE") made.softphoneMediaInfo = softphone(contact, true);
  if (contact.Channel === "CHAT") made.chatMediaInfo = { chatAutoAccept: true, customerName: contact.CustomerName };
  return made;
}

function customerSide(contact: AgentContact, leg: CallLeg | undefined, own: CallLeg | undefined): Connection {
  const number = leg?.PhoneNumber ?? contact.CustomerEndpoint ?? null;
  const name = leg?.Name ?? contact.CustomerName ?? null;
  const voice = contact.Channel === "VOICE";
  const endpoint: Endpoint = { ...NOBODY, type: voice ? "phone_number" : null, phoneNumber: voice ? number : null, name };
  const type = voice && contact.Direction === "OUTBOUND" && !contact.Callback ? "outbound" : "inbound";
  const state = customerState(contact, leg, own);
  const made = connection(leg?.LegId ?? customerId(contact), type, state, leg?.Since ?? contact.StateStart, endpoint);
  made.initial = true;
  if (contact.Channel === "CHAT") made.chatMediaInfo = { chatAutoAccept: false, customerName: contact.CustomerName };
  if (voice) {
    made.mute = leg?.Muted === true;
    made.forcedMute = leg?.ForcedMute === true;
    made.quickConnectName = leg?.QuickConnect ?? null;
    if (contact.Call?.CustomerVideo) made.capabilities = { Video: "SEND" };
  }
  return made;
}

function customerState(contact: AgentContact, leg: CallLeg | undefined, own: CallLeg | undefined): StateType {
  if (OVER.has(contact.State)) return "disconnected";
  if (contact.Channel !== "VOICE") return "connected";
  if (LIVE.has(contact.State)) return leg ? stateOfLeg(leg) : "connected";
  if (contact.Callback) return "connecting";
  // While the agent's own leg of a call out is being made, the library's fixtures show the customer's as connected.
  if (contact.Direction !== "OUTBOUND" || own?.State !== "connected") return "connected";
  return leg ? stateOfLeg(leg) : "connecting";
}

/** Anyone beside the agent and the customer. */
function party(leg: CallLeg): Connection {
  const endpoint: Endpoint = {
    ...NOBODY,
    type: leg.Kind === "AGENT" || leg.Kind === "SUPERVISOR" ? "agent" : "phone_number",
    phoneNumber: leg.PhoneNumber ?? null,
    agentLogin: leg.Username ?? null,
    name: leg.Name ?? null,
  };
  const supervisor = leg.Kind === "SUPERVISOR";
  const made = connection(leg.LegId, supervisor ? "monitoring" : "outbound", stateOfLeg(leg), leg.Since, endpoint);
  made.mute = leg.Muted === true;
  made.forcedMute = leg.ForcedMute === true;
  made.quickConnectName = leg.QuickConnect ?? null;
  if (supervisor) made.monitorStatus = leg.Mode ?? null;
  return made;
}
