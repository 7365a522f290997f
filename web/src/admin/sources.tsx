import { useEffect, useState, type ReactNode } from "react";
import { connect, switchroom } from "../api";
import { everyPage } from "../shared/everyPage";
import { useSession } from "../shared/session";

export interface Choice {
  value: string;
  label: string;
  description?: string;
}

const PAGE = 1000;

interface Summary {
  Id?: string;
  Name?: string;
}

const choices = (items: Summary[]): Choice[] => items.map((one) => ({ value: one.Id!, label: one.Name ?? one.Id! }));

/** Where the choices of a reference come from. */
const SOURCES = {
  queues: async (InstanceId: string) =>
    choices(await everyPage(async (NextToken) => {
      const page = await connect("ListQueues", { InstanceId, QueueTypes: ["STANDARD"], NextToken, MaxResults: PAGE });
      return [page.QueueSummaryList, page.NextToken];
    })),
  hours: async (InstanceId: string) =>
    choices(await everyPage(async (NextToken) => {
      const page = await connect("ListHoursOfOperations", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.HoursOfOperationSummaryList, page.NextToken];
    })),
  users: async (InstanceId: string) =>
    (await everyPage(async (NextToken) => {
      const page = await connect("ListUsers", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.UserSummaryList, page.NextToken];
    })).map((one) => ({ value: one.Id!, label: one.Username ?? one.Id! })),
  routingProfiles: async (InstanceId: string) =>
    choices(await everyPage(async (NextToken) => {
      const page = await connect("ListRoutingProfiles", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.RoutingProfileSummaryList, page.NextToken];
    })),
  securityProfiles: async (InstanceId: string) =>
    choices(await everyPage(async (NextToken) => {
      const page = await connect("ListSecurityProfiles", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.SecurityProfileSummaryList, page.NextToken];
    })),
  hierarchyGroups: async (InstanceId: string) =>
    choices(await everyPage(async (NextToken) => {
      const page = await connect("ListUserHierarchyGroups", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.UserHierarchyGroupSummaryList, page.NextToken];
    })),
  quickConnects: async (InstanceId: string) =>
    (await everyPage(async (NextToken) => {
      const page = await connect("ListQuickConnects", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.QuickConnectSummaryList, page.NextToken];
    })).map((one) => ({ value: one.Id!, label: one.Name ?? one.Id!, description: one.QuickConnectType })),
  flows: (InstanceId: string) => flows(InstanceId, ["CONTACT_FLOW"]),
  transferFlows: (InstanceId: string) => flows(InstanceId, ["AGENT_TRANSFER", "QUEUE_TRANSFER"]),
  whisperFlows: (InstanceId: string) => flows(InstanceId, ["OUTBOUND_WHISPER"]),
  allFlows: (InstanceId: string) => flows(InstanceId, undefined),
  agentStatuses: async (InstanceId: string) =>
    choices(await everyPage(async (NextToken) => {
      const page = await connect("ListAgentStatuses", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.AgentStatusSummaryList, page.NextToken];
    })),
  phoneNumbers: async (InstanceId: string) =>
    (await everyPage(async (NextToken) => {
      const page = await connect("ListPhoneNumbersV2", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.ListPhoneNumbersSummaryList, page.NextToken];
    })).map((one) => ({ value: one.PhoneNumberId!, label: one.PhoneNumber ?? one.PhoneNumberId! })),
  timeZones: async () => Intl.supportedValuesOf("timeZone").concat("UTC").map((one) => ({ value: one, label: one })),
};

async function flows(InstanceId: string, ContactFlowTypes: ("CONTACT_FLOW" | "AGENT_TRANSFER" | "QUEUE_TRANSFER" | "OUTBOUND_WHISPER")[] | undefined): Promise<Choice[]> {
  const found = await everyPage(async (NextToken) => {
    const page = await connect("ListContactFlows", { InstanceId, ContactFlowTypes, NextToken, MaxResults: PAGE });
    return [page.ContactFlowSummaryList, page.NextToken];
  });
  return found.map((one) => ({ value: one.Id!, label: one.Name ?? one.Id!, description: one.ContactFlowType }));
}

export type SourceName = keyof typeof SOURCES;

const FRESH_MS = 10_000;
const kept = new Map<string, { at: number; choices: Promise<Choice[]> }>();

export function loadChoices(name: SourceName, instanceId: string): Promise<Choice[]> {
  const key = `${name} ${instanceId}`;
  const known = kept.get(key);
  if (known && Date.now() - known.at < FRESH_MS) return known.choices;
  const made = SOURCES[name](instanceId);
  kept.set(key, { at: Date.now(), choices: made });
  made.catch(() => kept.delete(key));
  return made;
}

export function forgetChoices(): void {
  kept.clear();
}

export interface Choices {
  loading: boolean;
  failed: boolean;
  choices: Choice[];
  label: (value: string | undefined) => string;
}

/** The choices of a source, loaded once for all who ask within ten seconds. */
export function useChoices(name: SourceName | undefined): Choices {
  const { instanceId } = useSession();
  const [state, setState] = useState<{ loading: boolean; failed: boolean; choices: Choice[] }>({ loading: true, failed: false, choices: [] });
  useEffect(() => {
    if (!name) return;
    let gone = false;
    loadChoices(name, instanceId).then(
      (choices) => !gone && setState({ loading: false, failed: false, choices }),
      () => !gone && setState({ loading: false, failed: true, choices: [] }),
    );
    return () => {
      gone = true;
    };
  }, [name, instanceId]);
  const names = new Map(state.choices.map((one) => [one.value, one.label]));
  return { ...state, label: (value) => (value ? (names.get(value.split("/").pop()!) ?? value) : "") };
}

const KINDS: Partial<Record<SourceName, string>> = { users: "user", queues: "queue", routingProfiles: "routing-profile" };
const MOST_NAMES = 500;
const gone = new Map<string, string>();
const asked = new Map<string, { ids: Set<string>; done: Promise<void> }>();

/** An identifier, without the rest of its ARN. */
const bare = (id: string | undefined): string | undefined => id?.split("/").pop();

/** Asks for names of what is no longer among the choices; what is asked for at the same moment makes one request. */
function askGone(kind: string, InstanceId: string, id: string): Promise<void> {
  const key = `${kind} ${InstanceId}`;
  let open = asked.get(key);
  if (!open || open.ids.size >= MOST_NAMES) {
    const ids = new Set<string>();
    const done = new Promise((resolve) => setTimeout(resolve)).then(async () => {
      if (asked.get(key)?.ids === ids) asked.delete(key);
      const { Names } = await switchroom("ListResourceNames", { InstanceId, ResourceType: kind, ResourceIds: [...ids] });
      for (const one of Names) gone.set(one.Id, one.Name);
    });
    open = { ids, done };
    asked.set(key, open);
  }
  open.ids.add(id);
  return open.done;
}

/** What identifiers of records were called that are no longer among the choices: records keep them for ever. */
export async function loadGone(source: SourceName, instanceId: string, ids: readonly (string | undefined)[]): Promise<(id: string | undefined) => string | undefined> {
  const kind = KINDS[source];
  const known = new Set((await loadChoices(source, instanceId).catch(() => [])).map((one) => one.value));
  const missing = [...new Set(ids.map(bare))].filter((id): id is string => id !== undefined && !known.has(id) && !gone.has(id));
  if (kind) await Promise.all(missing.map((id) => askGone(kind, instanceId, id)));
  return (id) => gone.get(bare(id) ?? "");
}

export function NameOf({ source, id }: { source: SourceName; id: string | undefined }): ReactNode {
  const { instanceId } = useSession();
  const { label, loading } = useChoices(source);
  const [name, setName] = useState<string>();
  const unknown = !loading && id !== undefined && label(id) === id && KINDS[source] !== undefined;
  useEffect(() => {
    let left = false;
    setName(undefined);
    if (unknown) loadGone(source, instanceId, [id]).then((nameOf) => !left && setName(nameOf(id)), () => undefined);
    return () => {
      left = true;
    };
  }, [source, instanceId, id, unknown]);
  return loading ? "" : (name ?? (label(id) || "–"));
}
