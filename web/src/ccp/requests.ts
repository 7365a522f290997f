import { ServiceError } from "../api/client";
import type { AgentContact, AgentQuickConnect, AgentSnapshot, SwitchroomOperations } from "../api/switchroom";
import { isOwn, legOf } from "./connections";
import type { Configuration, Endpoint, Snapshot } from "./protocol";
import { createTask, createTemplatedTask, templates } from "./tasks";

export type Call = <Name extends keyof SwitchroomOperations>(name: Name, input: SwitchroomOperations[Name][0]) => Promise<SwitchroomOperations[Name][1]>;

/** What the answers to an embedding page's requests stand on. */
export interface Desk {
  agent: () => AgentSnapshot;
  snapshot: () => Snapshot;
  configuration: () => Configuration;
  /** Ids of quick connects by the ARN of the queue they are on. */
  quickConnectsOf: (queueArn: string) => string[];
  instanceArn: string;
  call: Call;
  setLanguage: (language: "en" | "ja") => void;
  chatToken: (contactId: string) => Promise<{ participantToken: string; expiry: string }>;
  updateAttributes: (contact: AgentContact, attributes: Record<string, string>) => Promise<void>;
  log: (text: string, values?: unknown) => void;
}

export type Params = Record<string, unknown>;
type Handler = (desk: Desk, params: Params) => unknown;

const ENDPOINTS = { USER: "agent", QUEUE: "queue", PHONE_NUMBER: "phone_number" } as const;
const LIVE: readonly string[] = ["INCOMING", "CONNECTING", "CONNECTED", "CONNECTED_ONHOLD"];
const MOST_ENDPOINTS = 500;

/** A refusal by the library's name of it. */
export class Refusal extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly statusCode = 400,
  ) {
    super(message);
  }
}

function contactOf(desk: Desk, params: Params): AgentContact {
  const found = desk.agent().Contacts.find((contact) => contact.ContactId === params["contactId"]);
  if (!found) throw new Refusal("InvalidStateException", `Contact ${String(params["contactId"])} is not on the desk`);
  return found;
}

/** The contact and the connection id a request names. */
function connectionOf(desk: Desk, params: Params): [AgentContact, string] {
  return [contactOf(desk, params), String(params["connectionId"] ?? "")];
}

function simple(name: "AcceptContact" | "RejectContact" | "EndContact" | "ClearContact" | "PauseAgentContact" | "ResumeAgentContact" | "SwapContactParticipants" | "JoinContactParticipants"): Handler {
  return (desk, params) => desk.call(name, { ContactId: contactOf(desk, params).ContactId });
}

async function putAgentState(desk: Desk, params: Params): Promise<void> {
  const wanted = params["state"] as { agentStateARN?: string; name?: string };
  const agent = desk.agent();
  const status = agent.Statuses.find((one) => one.Arn === wanted.agentStateARN) ?? agent.Statuses.find((one) => one.Name === wanted.name);
  if (!status) throw new Refusal("InvalidAgentARNException", `There is no status ${wanted.name ?? wanted.agentStateARN ?? ""}`);
  const busy = agent.Contacts.some((contact) => LIVE.includes(contact.State));
  if (busy && params["enqueueNextState"] !== true && status.Type !== "ROUTABLE") {
    throw new Refusal("InvalidStateException", "The agent handles a contact; pass enqueueNextState to queue the status");
  }
  await desk.call("SetAgentStatus", { StatusId: status.StatusId });
}

async function updateAgentConfiguration(desk: Desk, params: Params): Promise<void> {
  const wanted = params["configuration"] as Partial<Configuration> & { agentPreferences?: { locale?: string; LANGUAGE?: string } };
  const locale = wanted.agentPreferences?.locale ?? wanted.agentPreferences?.LANGUAGE;
  if (locale) desk.setLanguage(locale.startsWith("ja") ? "ja" : "en");
  const known = desk.configuration();
  const softphone = wanted.softphoneEnabled ?? known.softphoneEnabled;
  const extension = wanted.extension ?? known.extension;
  if (softphone === known.softphoneEnabled && extension === known.extension) return;
  if (!softphone && !/^\+[1-9]\d{1,14}$/.test(extension ?? "")) throw new Refusal("InvalidConfigurationException", "The extension is not a number in E.164 format");
  await desk.call("UpdateAgentPhone", { PhoneType: softphone ? "SOFT_PHONE" : "DESK_PHONE", ...(extension ? { DeskPhoneNumber: extension } : {}) });
}

/** Whom an endpoint means: a quick connect where it has one's ARN, else a number. */
export function targetOf(endpoint: Partial<Endpoint> | undefined): { QuickConnectId: string } | { PhoneNumber: string } {
  const quickConnect = endpoint?.endpointARN?.match(/\/transfer-destination\/([0-9a-f-]{36})$/)?.[1];
  if (quickConnect) return { QuickConnectId: quickConnect };
  const number = endpoint?.phoneNumber?.replace(/^sip:([^@]*)@.*/, "$1");
  if (!number) throw new Refusal("BadEndpointException", "The endpoint has no phone number and is no quick connect");
  return { PhoneNumber: number };
}

async function createOutboundContact(desk: Desk, params: Params): Promise<{ contactId?: string }> {
  const queue = String(params["queueARN"] ?? "");
  const related = params["relatedContactId"];
  const dialled = await desk.call("DialContact", {
    ...targetOf(params["endpoint"] as Endpoint),
    // The agent's own queue is no queue to call out of.
    ...(/\/queue\/[0-9a-f-]{36}$/.test(queue) ? { QueueId: queue.slice(queue.lastIndexOf("/") + 1) } : {}),
    ...(typeof related === "string" && related ? { RelatedContactId: related } : {}),
  });
  return { contactId: dialled.ContactId };
}

async function addConnection(desk: Desk, params: Params): Promise<void> {
  const contact = contactOf(desk, params);
  const target = targetOf(params["endpoint"] as Endpoint);
  if (contact.Channel === "VOICE") await desk.call("AddContactParticipant", { ContactId: contact.ContactId, ...target });
  else await transfer(desk, contact, target);
}

async function transfer(desk: Desk, contact: AgentContact, target: ReturnType<typeof targetOf>): Promise<void> {
  if (!("QuickConnectId" in target)) throw new Refusal("BadEndpointException", "This contact can only be transferred to a quick connect");
  await desk.call("TransferAgentContact", { ContactId: contact.ContactId, ...target });
}

async function completeContact(desk: Desk, params: Params): Promise<void> {
  const { ContactId, State } = contactOf(desk, params);
  if (State === "CONNECTED" || State === "PAUSED" || State === "CONNECTED_ONHOLD") await desk.call("EndContact", { ContactId });
  await desk.call("ClearContact", { ContactId });
}

async function destroyConnection(desk: Desk, params: Params): Promise<void> {
  const [contact, connection] = connectionOf(desk, params);
  const { ContactId } = contact;
  const leg = legOf(contact, connection);
  if (leg && !leg.Own) await desk.call("DropContactParticipant", { ContactId, LegId: leg.LegId });
  else if (contact.State === "INCOMING") await desk.call("RejectContact", { ContactId });
  else await desk.call("EndContact", { ContactId });
}

/** With two parties hold means the customer's leg, whichever leg was named. */
function heldLeg(contact: AgentContact, connection: string): { LegId?: string } {
  const leg = legOf(contact, connection);
  const parties = contact.Call?.Legs.filter((one) => one.Kind !== "SUPERVISOR").length ?? 0;
  return leg && !(leg.Own && parties <= 2) ? { LegId: leg.LegId } : {};
}

async function hold(desk: Desk, params: Params, name: "HoldContactParticipant" | "ResumeContactParticipant"): Promise<void> {
  const [contact, connection] = connectionOf(desk, params);
  await desk.call(name, { ContactId: contact.ContactId, ...heldLeg(contact, connection) });
}

async function mute(desk: Desk, params: Params, Muted: boolean): Promise<void> {
  const [contact, connection] = connectionOf(desk, params);
  const leg = legOf(contact, connection);
  await desk.call("MuteContactParticipant", { ContactId: contact.ContactId, ...(leg && !isOwn(contact, connection) ? { LegId: leg.LegId } : {}), Muted });
}

async function setMonitorMode(desk: Desk, params: Params): Promise<void> {
  const Mode = String(params["targetMonitorMode"]).toUpperCase();
  if (Mode !== "SILENT_MONITOR" && Mode !== "BARGE") throw new Refusal("InvalidStateException", `${Mode} is no way of monitoring`);
  await desk.call("SetMonitorMode", { ContactId: contactOf(desk, params).ContactId, Mode });
}

async function getEndpoints(desk: Desk, params: Params): Promise<{ endpoints: Endpoint[]; nextToken: string | null }> {
  const { QuickConnects: all } = await desk.call("ListAgentQuickConnects", {});
  const queues = (params["queueARNs"] as (string | null)[] | undefined)?.filter((one) => one !== null) ?? [];
  const wanted = new Set(queues.flatMap((queue) => desk.quickConnectsOf(queue)));
  const endpoints = all.filter((one) => !queues.length || wanted.has(one.QuickConnectId)).map((one) => endpointOf(one, desk.instanceArn));
  const from = Number(params["nextToken"] ?? 0);
  const to = from + Math.min(Number(params["maxResults"] ?? MOST_ENDPOINTS) || MOST_ENDPOINTS, MOST_ENDPOINTS);
  return { endpoints: endpoints.slice(from, to), nextToken: to < endpoints.length ? String(to) : null };
}

export function endpointOf(one: AgentQuickConnect, instanceArn: string): Endpoint {
  return {
    endpointARN: `${instanceArn}/transfer-destination/${one.QuickConnectId}`,
    type: ENDPOINTS[one.QuickConnectType],
    name: one.Name,
    phoneNumber: one.PhoneNumber ?? null,
    agentLogin: null,
    queue: null,
  };
}

async function createTransport(desk: Desk, params: Params): Promise<unknown> {
  if (params["transportType"] !== "chat_token") throw new Refusal("InvalidConfigurationException", `The panel keeps transports of type ${String(params["transportType"])} to itself`);
  return { chatTokenTransport: await desk.chatToken(contactOf(desk, params).ContactId) };
}

async function updateAttributes(desk: Desk, params: Params): Promise<void> {
  await desk.updateAttributes(contactOf(desk, params), (params["attributes"] ?? {}) as Record<string, string>);
}

function noted(desk: Desk, params: Params): object {
  desk.log("noted for the embedding page", params);
  return {};
}

const HANDLERS: Record<string, Handler> = {
  getAgentSnapshot: (desk) => ({ snapshot: desk.snapshot(), nextToken: null }),
  getAgentConfiguration: (desk) => ({ configuration: desk.configuration() }),
  getAgentStates: (desk) => ({ states: desk.configuration().agentStates, nextToken: null }),
  getDialableCountryCodes: (desk) => ({ countryCodes: desk.configuration().dialableCountries, nextToken: null }),
  getRoutingProfileQueues: (desk) => ({ queues: desk.configuration().routingProfile.queues, nextToken: null }),
  getAgentPermissions: (desk) => ({ permissions: desk.configuration().permissions, nextToken: null }),
  putAgentState,
  updateAgentConfiguration,
  acceptContact: simple("AcceptContact"),
  rejectContact: simple("RejectContact"),
  destroyContact: simple("EndContact"),
  clearContact: simple("ClearContact"),
  completeContact,
  pauseContact: simple("PauseAgentContact"),
  resumeContact: simple("ResumeAgentContact"),
  notifyContactIssue: noted,
  updateContactAttributes: updateAttributes,
  createOutboundContact,
  createTaskContact: createTask,
  createAdditionalConnection: addConnection,
  addNewConnection: addConnection,
  transferContact: (desk, params) => transfer(desk, contactOf(desk, params), targetOf(params["endpoint"] as Endpoint)),
  destroyConnection,
  holdConnection: (desk, params) => hold(desk, params, "HoldContactParticipant"),
  resumeConnection: (desk, params) => hold(desk, params, "ResumeContactParticipant"),
  toggleActiveConnections: simple("SwapContactParticipants"),
  conferenceConnections: simple("JoinContactParticipants"),
  sendDigits: (desk, params) => desk.call("SendContactDigits", { ContactId: contactOf(desk, params).ContactId, Digits: String(params["digits"] ?? "") }),
  muteParticipant: (desk, params) => mute(desk, params, true),
  unmuteParticipant: (desk, params) => mute(desk, params, false),
  updateMonitorParticipantState: setMonitorMode,
  getEndpoints,
  getNewAuthToken: () => {
    throw new Refusal("RefreshTokenExpiredException", "The panel keeps its session to itself and renews it by signing in", 401);
  },
  createTransport,
  sendClientLogs: () => ({}),
  sendSoftphoneCallReport: noted,
  sendSoftphoneCallMetrics: () => ({}),
  listTaskTemplates: async (desk) => ({ TaskTemplates: await templates(desk) }),
  getTaskTemplate: async (desk, params) => {
    const wanted = String((params["templateParams"] as Params | undefined)?.["id"] ?? params["id"] ?? "");
    const found = (await templates(desk)).find((one) => one.Id === wanted);
    if (!found) throw new Refusal("InvalidConfigurationException", `There is no task template ${wanted}`);
    return found;
  },
  createTemplatedTask,
  qrIntegrationExists: () => false,
  qrSearchQuickResponses: () => ({ results: [], nextToken: null }),
  "AgentAppService.Acs.listIntegrationAssociations": () => ({ IntegrationAssociationSummaryList: [] }),
};

/** Methods whose answer is nothing but that it worked. */
const QUIET = new Set(Object.keys(HANDLERS).filter((name) => !/^(get|list|create|qr|AgentApp)/.test(name) || name === "createAdditionalConnection"));

/** Do what an embedding page asks for. Rejects with a `Refusal`. */
export async function answer(desk: Desk, method: string, params: Params): Promise<unknown> {
  const handler = Object.hasOwn(HANDLERS, method) ? HANDLERS[method] : undefined;
  if (!handler) throw new Refusal("InvalidConfigurationException", `${method} is not available here`);
  try {
    const result = await handler(desk, params);
    return QUIET.has(method) ? {} : result;
  } catch (error) {
    throw refusalOf(error, method);
  }
}

const DIALS = new Set(["createOutboundContact", "createAdditionalConnection", "addNewConnection", "transferContact"]);
const SIGNED_OUT = new Set(["UnrecognizedClientException", "MissingAuthenticationTokenException", "ExpiredTokenException"]);

/** The library's name for what our service refused. */
export function refusalOf(error: unknown, method: string): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof ServiceError)) return new Refusal("SendDataFailedException", error instanceof Error ? error.message : String(error), 500);
  const { code, message, status } = error;
  if (status === 401 || SIGNED_OUT.has(code)) return new Refusal("UnauthorizedException", message, 401);
  if (code === "AccessDeniedException") return new Refusal(code, message, 403);
  if (/Quota|Limit/.test(code)) return new Refusal("QuotaExceededException", message, status);
  if (status === 0 || status >= 500) return new Refusal("SendDataFailedException", message, status);
  if (DIALS.has(method) && /Parameter|Destination|Outbound|NotFound/.test(code)) return new Refusal("BadEndpointException", message, status);
  if (method === "updateAgentConfiguration") return new Refusal("InvalidConfigurationException", message, status);
  return new Refusal("InvalidStateException", message, status);
}
