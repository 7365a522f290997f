import type { AgentContact, AgentSnapshot, GetAgentConfigurationResponse, GetSessionResponse, NamedResource } from "../api/switchroom";
import { connectionsOf } from "./connections";
import type { Configuration, Contact, QueueName, Snapshot } from "./protocol";
import { agentState, choice, date } from "./states";

const STATES: Record<AgentContact["State"], Contact["state"]["type"]> = {
  INCOMING: "connecting",
  CONNECTING: "connecting",
  CONNECTED: "connected",
  CONNECTED_ONHOLD: "connected",
  PAUSED: "paused",
  MISSED: "missed",
  REJECTED: "rejected",
  ERROR: "error",
  ENDED: "ended",
};
const METHODS: Record<string, string> = { WEBRTC_API: "webrtc_api" };
const TYPES = { VOICE: "voice", CHAT: "chat", TASK: "task" } as const;

/** The desk as the library's `agent::update` carries it; `now` in epoch milliseconds of this browser's clock. */
export function toSnapshot(agent: AgentSnapshot, now: number): Snapshot {
  const state = agentState(agent);
  const at = date(agent.SnapshotTimestamp);
  const contacts = agent.Contacts.map((contact) => toContact(contact, agent));
  return {
    state,
    status: state,
    agentAvailabilityState: { state: agent.Status.Name, timeStamp: date(agent.StatusStart) },
    nextState: agent.NextStatus ? { ...choice(agent.NextStatus), startTimestamp: date(agent.NextStatusTimestamp ?? agent.SnapshotTimestamp) } : null,
    contacts: contacts.sort((a, b) => a.state.timestamp.getTime() - b.state.timestamp.getTime()),
    snapshotTimestamp: at,
    localTimestamp: now,
    skew: at.getTime() - now,
  };
}

function toContact(contact: AgentContact, agent: AgentSnapshot): Contact {
  const offeredCallback = contact.Callback === true && contact.State === "INCOMING";
  const state = { type: offeredCallback ? ("incoming" as const) : STATES[contact.State], timestamp: date(contact.StateStart) };
  const types = contact.SupportedMessagingContentTypes;
  return {
    contactId: contact.ContactId,
    initialContactId: contact.InitialContactId ?? contact.ContactId,
    type: contact.Callback ? "queue_callback" : TYPES[contact.Channel],
    state,
    status: state,
    ...(contact.Queue ? { queue: queueName(contact.Queue) } : {}),
    queueTimestamp: moment(contact.QueueTimestamp),
    attributes: Object.fromEntries(Object.entries(contact.Attributes ?? {}).map(([name, value]) => [name, { name, value }])),
    segmentAttributes: contact.Subtype ? { "connect:Subtype": { ValueString: contact.Subtype } } : {},
    contactSubtype: contact.Subtype,
    connections: connectionsOf(contact, agent),
    contactFeatures: {
      attachmentsEnabled: contact.AttachmentsEnabled === true,
      messagingMarkdownEnabled: types?.includes("text/markdown") ?? false,
      multiPartyConferenceEnabled: contact.Call?.MultiParty === true,
    },
    name: contact.Name,
    description: contact.Description,
    references: Object.fromEntries(Object.entries(contact.References ?? {}).map(([name, one]) => [name, { type: one.Type, value: one.Value }])),
    initiationMethod: contact.InitiationMethod && (METHODS[contact.InitiationMethod] ?? contact.InitiationMethod.toLowerCase()),
    relatedContactId: contact.RelatedContactId,
    ...(contact.CustomerEndpoint ? { customerEndpoint: { type: "TELEPHONE_NUMBER", phoneNumber: contact.CustomerEndpoint } } : {}),
    channelContext: contact.Channel === "TASK" ? { scheduledTime: moment(contact.ScheduledTime), taskTemplateId: contact.TaskTemplate?.Id } : undefined,
    contactDuration: contact.InitiationTimestamp === undefined ? undefined : Math.round((agent.SnapshotTimestamp - contact.InitiationTimestamp) * 1000),
  };
}

function moment(seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : date(seconds);
}

export function queueName(queue: NamedResource): QueueName {
  const arn = queue.Arn ?? queue.Id;
  return { name: queue.Name ?? null, queueARN: arn, queueId: arn };
}

/** What `agent.getConfiguration()` gives: who, where calls ring, statuses, queues, what may be done. */
export function toConfiguration(agent: AgentSnapshot, session: Omit<GetSessionResponse, "CsrfToken">, more: GetAgentConfigurationResponse): Configuration {
  const instance = session.Instance.Arn!;
  const queues = more.Queues.map(queueName);
  // Every agent has a queue of their own; its address ends with the agent's id.
  const own = `${instance}/queue/agent/${agent.UserId}`;
  const profile = agent.RoutingProfile?.Arn ?? `${instance}/routing-profile/${agent.RoutingProfile?.Id ?? ""}`;
  const allowed = session.Permissions;
  return {
    name: agent.DisplayName ?? agent.Username ?? "",
    username: agent.Username ?? "",
    agentARN: session.User.Arn ?? `${instance}/agent/${agent.UserId}`,
    extension: agent.Phone?.DeskPhoneNumber ?? null,
    softphoneEnabled: agent.Phone?.Type !== "DESK_PHONE",
    softphoneAutoAccept: agent.Phone?.AutoAccept === true,
    agentStates: agent.Statuses.map(choice),
    dialableCountries: (agent.Outbound?.Countries ?? []).map((country) => country.toLowerCase()),
    permissions: [...(agent.Outbound?.Allowed ? ["outboundCall"] : []), ...(allowed.includes("VoiceId.Access") ? ["voiceId"] : [])],
    agentPreferences: { LANGUAGE: session.Language === "ja" ? "ja_JP" : "en_US" },
    routingProfile: {
      name: agent.RoutingProfile?.Name ?? "",
      routingProfileARN: profile,
      routingProfileId: profile,
      channelConcurrencyMap: Object.fromEntries(agent.Channels.map((one) => [one.Channel, one.Maximum])),
      queues: [...queues, { name: null, queueARN: own, queueId: own }],
      defaultOutboundQueue: more.DefaultOutboundQueue ? queueName(more.DefaultOutboundQueue) : { name: null, queueARN: own, queueId: own },
    },
  };
}
