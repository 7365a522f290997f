import { describe, expect, test } from "vitest";
import { ServiceError } from "../src/api/client";
import type { AgentContact, AgentSnapshot, CallLeg } from "../src/api/switchroom";
import { destinationOf, isSameSite } from "../src/ccp/handOver";
import { answer, refusalOf, targetOf, type Desk } from "../src/ccp/requests";
import { toConfiguration, toSnapshot } from "../src/ccp/snapshot";

const INSTANCE = "arn:aws:connect:us-east-1:123456789012:instance/0be41128-9c52-4dc6-9088-afb760d61aca";
const AVAILABLE = { StatusId: "s1", Arn: `${INSTANCE}/agent-state/s1`, Name: "Available", Type: "ROUTABLE" as const };
const LUNCH = { StatusId: "s2", Arn: `${INSTANCE}/agent-state/s2`, Name: "Lunch", Type: "CUSTOM" as const };

const OWN: CallLeg = { LegId: "own", Kind: "AGENT", State: "waiting", Since: 100, Own: true };
const CUSTOMER: CallLeg = { LegId: "customer", Kind: "CUSTOMER", State: "connected", Since: 90, PhoneNumber: "+15550123" };

function call(more: Partial<AgentContact>, legs: CallLeg[]): AgentContact {
  return {
    ContactId: "c1",
    Channel: "VOICE",
    State: "INCOMING",
    StateStart: 100,
    Direction: "INBOUND",
    CustomerEndpoint: "+15550123",
    Queue: { Id: "q", Arn: `${INSTANCE}/queue/q`, Name: "BasicQueue" },
    Call: { CallId: "c1", Legs: legs, ...(legs.some((leg) => leg.Own) ? { OwnLegId: "own" } : {}) },
    ...more,
  };
}

function desk(...contacts: AgentContact[]): AgentSnapshot {
  return {
    UserId: "u1",
    Username: "agent1",
    DisplayName: "Ana Silva",
    Status: AVAILABLE,
    StatusStart: 50,
    Statuses: [AVAILABLE, LUNCH],
    RoutingProfile: { Id: "r", Arn: `${INSTANCE}/routing-profile/r`, Name: "Basic" },
    Channels: [{ Channel: "VOICE", Maximum: 1, Active: 0, Available: 1 }],
    Contacts: contacts,
    SnapshotTimestamp: 200,
    SnapshotVersion: 1,
    Phone: { Type: "SOFT_PHONE", AutoAccept: false },
    Outbound: { Allowed: true, Countries: ["US", "jp"] },
  };
}

function shown(...contacts: AgentContact[]): unknown {
  const snapshot = toSnapshot(desk(...contacts), 0);
  const [contact] = snapshot.contacts;
  return {
    agent: `${snapshot.state.name}/${snapshot.state.type}`,
    contact: contact && `${contact.type}:${contact.state.type}`,
    legs: contact?.connections.map((leg) => `${leg.type}:${leg.state.type}`),
  };
}

describe("snapshots in the states the library's own fixtures show", () => {
  test.each([
    ["an offered call", call({}, [CUSTOMER]), "PendingBusy/system", "voice:connecting", ["agent:connecting", "inbound:connected"]],
    ["an accepted call", call({ State: "CONNECTING" }, [OWN, CUSTOMER]), "PendingBusy/system", "voice:connecting", ["agent:connecting", "inbound:connected"]],
    ["an offered callback", call({ Callback: true }, []), "Pending/not_routable", "queue_callback:incoming", ["agent:connecting", "inbound:connecting"]],
    ["an accepted callback", call({ Callback: true, State: "CONNECTING" }, [OWN]), "CallingCustomer/system", "queue_callback:connecting", ["agent:connecting", "inbound:connecting"]],
    ["a call out", call({ State: "CONNECTING", Direction: "OUTBOUND" }, [OWN]), "CallingCustomer/system", "voice:connecting", ["agent:connecting", "outbound:connected"]],
    [
      "a call out that rings",
      call({ State: "CONNECTING", Direction: "OUTBOUND" }, [{ ...OWN, State: "connected" }, { ...CUSTOMER, State: "ringing" }]),
      "CallingCustomer/system",
      "voice:connecting",
      ["agent:connected", "outbound:connecting"],
    ],
    ["a call", call({ State: "CONNECTED" }, [{ ...OWN, State: "connected" }, CUSTOMER]), "Busy/system", "voice:connected", ["agent:connected", "inbound:connected"]],
    [
      "a held call",
      call({ State: "CONNECTED_ONHOLD" }, [{ ...OWN, State: "connected" }, { ...CUSTOMER, Held: true }]),
      "Busy/system",
      "voice:connected",
      ["agent:connected", "inbound:hold"],
    ],
    ["after contact work", call({ State: "ENDED" }, []), "AfterCallWork/system", "voice:ended", ["agent:disconnected", "inbound:disconnected"]],
    ["a missed call", call({ State: "MISSED" }, []), "MissedCallAgent/error", "voice:missed", ["agent:disconnected", "inbound:disconnected"]],
    [
      "a callback nobody answered",
      call({ State: "ERROR", Error: "MissedCallCustomer", Callback: true }, []),
      "MissedCallCustomer/error",
      "queue_callback:error",
      ["agent:disconnected", "inbound:disconnected"],
    ],
    [
      "monitoring",
      call({ State: "CONNECTED", Monitoring: { Mode: "SILENT_MONITOR", Capabilities: ["SILENT_MONITOR", "BARGE"], AgentName: "Ana" } }, [
        { ...OWN, Kind: "SUPERVISOR", State: "connected" },
        CUSTOMER,
      ]),
      "Available/routable",
      "voice:connected",
      ["monitoring:connected", "inbound:connected"],
    ],
  ])("%s", (_, contact, agent, state, legs) => {
    expect(shown(contact)).toEqual({ agent, contact: state, legs });
  });

  test.each(["CHAT", "TASK"] as const)("an offered %s leaves the agent Available", (Channel) => {
    expect(shown({ ContactId: "c", Channel, State: "INCOMING", StateStart: 1 })).toEqual({
      agent: "Available/routable",
      contact: `${Channel.toLowerCase()}:connecting`,
      legs: ["agent:connecting", "inbound:connected"],
    });
  });
});

describe("a snapshot", () => {
  test("has dates, the skew of the clock, the queued status and contacts by age", () => {
    const older = { ContactId: "older", Channel: "CHAT" as const, State: "CONNECTED" as const, StateStart: 10, Attributes: { vip: "yes" } };
    const snapshot = toSnapshot({ ...desk(call({}, [CUSTOMER]), older), NextStatus: LUNCH }, 190_000);
    expect(snapshot.skew).toBe(10_000);
    expect(snapshot.agentAvailabilityState).toEqual({ state: "Available", timeStamp: new Date(50_000) });
    expect(snapshot.nextState?.name).toBe("Lunch");
    expect(snapshot.contacts.map((one) => one.contactId)).toEqual(["older", "c1"]);
    expect(snapshot.contacts[0]!.attributes).toEqual({ vip: { name: "vip", value: "yes" } });
    expect(snapshot.contacts[1]!.state.timestamp.getTime()).toBe(100_000);
    expect(snapshot.contacts[1]!.queue?.queueARN).toBe(`${INSTANCE}/queue/q`);
  });

  test("tells a softphone's media from a desk phone's, and who is in a conference", () => {
    const agent = desk(call({ State: "CONNECTED" }, [{ ...OWN, State: "connected", Muted: true }, { ...CUSTOMER, Held: true }, { LegId: "third", Kind: "THIRD_PARTY", State: "connected", Since: 110, PhoneNumber: "+15550188", QuickConnect: "Stock" }]));
    const [own, customer, third] = toSnapshot(agent, 0).contacts[0]!.connections;
    expect(own!.softphoneMediaInfo).toMatchObject({ callType: "audio_only", autoAccept: false });
    expect(own!.mute).toBe(true);
    expect([customer!.initial, customer!.state.type, customer!.endpoint.phoneNumber]).toEqual([true, "hold", "+15550123"]);
    expect([third!.type, third!.initial, third!.quickConnectName]).toEqual(["outbound", false, "Stock"]);
    agent.Phone = { Type: "DESK_PHONE", DeskPhoneNumber: "+15550177" };
    expect(toSnapshot(agent, 0).contacts[0]!.connections[0]!.softphoneMediaInfo).toBeUndefined();
  });

  test("comes with a configuration whose ARNs the library can read", () => {
    const session = { User: { UserId: "u1", Username: "agent1" }, Instance: { InstanceId: "i", Arn: INSTANCE }, Permissions: [] };
    const configuration = toConfiguration(desk(), session, { Queues: [{ Id: "q", Arn: `${INSTANCE}/queue/q`, Name: "BasicQueue" }] });
    expect(configuration.routingProfile.routingProfileId).toMatch(/:([0-9]+):instance\/([0-9a-fA-F|-]+)\/routing-profile/);
    expect(configuration.dialableCountries).toEqual(["us", "jp"]);
    expect(configuration.permissions).toEqual(["outboundCall"]);
    expect(configuration.routingProfile.queues.map((queue) => queue.queueARN)).toEqual([`${INSTANCE}/queue/q`, `${INSTANCE}/queue/agent/u1`]);
    expect(configuration.agentStates[1]).toEqual({ agentStateARN: LUNCH.Arn, name: "Lunch", type: "not_routable" });
  });
});

describe("requests", () => {
  function deskOf(...contacts: AgentContact[]): { desk: Desk; calls: [string, object][] } {
    const calls: [string, object][] = [];
    const agent = desk(...contacts);
    const made = {
      agent: () => agent,
      call: async (name: string, input: object) => {
        calls.push([name, input]);
        return { Snapshot: agent, ContactId: "new" };
      },
    } as unknown as Desk;
    return { desk: made, calls };
  }
  const talking = call({ State: "CONNECTED" }, [{ ...OWN, State: "connected" }, CUSTOMER]);
  const third: CallLeg = { LegId: "third", Kind: "THIRD_PARTY", State: "connected", Since: 1 };
  const crowd = call({ State: "CONNECTED" }, [{ ...OWN, State: "connected" }, CUSTOMER, third]);

  test.each([
    ["acceptContact", call({}, [CUSTOMER]), {}, "AcceptContact", {}],
    ["destroyConnection", call({}, [CUSTOMER]), { connectionId: "c1-agent" }, "RejectContact", {}],
    ["destroyConnection", talking, { connectionId: "own" }, "EndContact", {}],
    ["destroyConnection", crowd, { connectionId: "third" }, "DropContactParticipant", { LegId: "third" }],
    ["holdConnection", talking, { connectionId: "own" }, "HoldContactParticipant", {}],
    ["holdConnection", talking, { connectionId: "customer" }, "HoldContactParticipant", { LegId: "customer" }],
    ["holdConnection", crowd, { connectionId: "own" }, "HoldContactParticipant", { LegId: "own" }],
    ["resumeConnection", crowd, { connectionId: "customer" }, "ResumeContactParticipant", { LegId: "customer" }],
    ["toggleActiveConnections", crowd, { connectionId: "customer" }, "SwapContactParticipants", {}],
    ["conferenceConnections", crowd, {}, "JoinContactParticipants", {}],
    ["sendDigits", talking, { connectionId: "customer", digits: "12#" }, "SendContactDigits", { Digits: "12#" }],
    ["muteParticipant", talking, { connectionId: "own" }, "MuteContactParticipant", { Muted: true }],
    ["unmuteParticipant", crowd, { connectionId: "third" }, "MuteContactParticipant", { LegId: "third", Muted: false }],
    ["createAdditionalConnection", talking, { endpoint: { type: "phone_number", phoneNumber: "+15550188" } }, "AddContactParticipant", { PhoneNumber: "+15550188" }],
    ["updateMonitorParticipantState", talking, { targetMonitorMode: "BARGE" }, "SetMonitorMode", { Mode: "BARGE" }],
  ])("%s", async (method, contact, params, operation, input) => {
    const { desk, calls } = deskOf(contact);
    await expect(answer(desk, method, { contactId: "c1", ...params })).resolves.toEqual({});
    expect(calls).toEqual([[operation, { ContactId: "c1", ...input }]]);
  });

  test("a status in a call needs to be queued", async () => {
    const { desk, calls } = deskOf(talking);
    const state = { agentStateARN: LUNCH.Arn, name: "Lunch" };
    await expect(answer(desk, "putAgentState", { state })).rejects.toMatchObject({ type: "InvalidStateException" });
    await answer(desk, "putAgentState", { state, enqueueNextState: true });
    expect(calls).toEqual([["SetAgentStatus", { StatusId: "s2" }]]);
  });

  test("a call out belongs to a queue, but not to the agent's own", async () => {
    const { desk, calls } = deskOf();
    const endpoint = { type: "phone_number", phoneNumber: "sip:+15550188@lily-outbound" };
    const queue = "11111111-2222-3333-4444-555555555555";
    await expect(answer(desk, "createOutboundContact", { endpoint, queueARN: `${INSTANCE}/queue/${queue}` })).resolves.toEqual({ contactId: "new" });
    await answer(desk, "createOutboundContact", { endpoint, queueARN: `${INSTANCE}/queue/agent/u1`, relatedContactId: "r" });
    expect(calls.map(([, input]) => input)).toEqual([
      { PhoneNumber: "+15550188", QueueId: queue },
      { PhoneNumber: "+15550188", RelatedContactId: "r" },
    ]);
  });

  test("a desk phone needs a number", async () => {
    const { desk, calls } = deskOf();
    desk.configuration = () => toConfiguration(desk.agent(), { User: { UserId: "u", Username: "u" }, Instance: { InstanceId: "i", Arn: INSTANCE }, Permissions: [] }, { Queues: [] });
    await expect(answer(desk, "updateAgentConfiguration", { configuration: { softphoneEnabled: false, extension: "12" } })).rejects.toMatchObject({ type: "InvalidConfigurationException" });
    await answer(desk, "updateAgentConfiguration", { configuration: { softphoneEnabled: false, extension: "+15550177" } });
    expect(calls).toEqual([["UpdateAgentPhone", { PhoneType: "DESK_PHONE", DeskPhoneNumber: "+15550177" }]]);
  });

  test("what is not on the desk, not known or not there", async () => {
    const { desk } = deskOf();
    await expect(answer(desk, "acceptContact", { contactId: "gone" })).rejects.toMatchObject({ type: "InvalidStateException" });
    await expect(answer(desk, "constructor", {})).rejects.toMatchObject({ type: "InvalidConfigurationException" });
    await expect(answer(desk, "getNewAuthToken", {})).rejects.toMatchObject({ type: "RefreshTokenExpiredException" });
    await expect(answer(desk, "createTransport", { transportType: "web_socket" })).rejects.toMatchObject({ type: "InvalidConfigurationException" });
    expect(() => targetOf({ type: "agent" })).toThrow("no phone number");
    expect(targetOf({ endpointARN: `${INSTANCE}/transfer-destination/11111111-2222-3333-4444-555555555555` })).toEqual({ QuickConnectId: "11111111-2222-3333-4444-555555555555" });
  });

  test.each([
    ["AccessDeniedException", 403, "acceptContact", "AccessDeniedException"],
    ["ExpiredTokenException", 403, "acceptContact", "UnauthorizedException"],
    ["ServiceQuotaExceededException", 402, "createOutboundContact", "QuotaExceededException"],
    ["DestinationNotAllowedException", 403, "createOutboundContact", "BadEndpointException"],
    ["InvalidParameterException", 400, "updateAgentConfiguration", "InvalidConfigurationException"],
    ["ResourceConflictException", 409, "acceptContact", "InvalidStateException"],
    ["ConnectionError", 0, "acceptContact", "SendDataFailedException"],
  ])("%s (%i) of %s is %s", (code, status, method, type) => {
    expect(refusalOf(new ServiceError(code, "", status), method).type).toBe(type);
  });
});

describe("sessions", () => {
  test.each([
    ["http://localhost:3000", "http://localhost:8080", true],
    ["http://localhost:3000", "http://127.0.0.1:8080", false],
    ["https://crm.example.com", "https://calls.example.com", true],
    ["http://crm.example.com", "https://calls.example.com", false],
    ["https://crm.example.org", "https://calls.example.com", false],
    ["https://10.0.0.1", "https://10.0.0.2", false],
  ])("%s and %s are one site: %s", (theirs, ours, same) => {
    expect(isSameSite(theirs, ours)).toBe(same);
  });

  test("after signing in only our own paths follow", () => {
    globalThis.location ??= new URL("https://calls.example.com/login") as unknown as Location;
    expect(destinationOf("?destination=%2Fccp-v2%2Fchat")).toBe("/ccp-v2/chat");
    expect(destinationOf("?destination=%2Fagent-app-v2")).toBe("/agent-app-v2");
    for (const bad of ["//evil.example", "/\\evil.example", "https://evil.example", ""]) expect(destinationOf(`?destination=${encodeURIComponent(bad)}`)).toBeNull();
  });
});
