import { connect } from "../../api";
import type { RoutingProfile, RoutingProfileQueueConfig } from "../../api/connect";
import { ConcurrencyTable, QueueTable, type Concurrency, type QueueRow } from "../editors/RoutingProfileTables";
import { changed, contains, tagsOrNone, type Draft, type Resource } from "../resource";

interface RoutingProfileDraft extends Draft {
  Name: string;
  Description: string;
  DefaultOutboundQueueId?: string;
  AgentAvailabilityTimer: "TIME_SINCE_LAST_ACTIVITY" | "TIME_SINCE_LAST_INBOUND";
  MediaConcurrencies: Concurrency[];
  Queues: QueueRow[];
}

const key = (row: RoutingProfileQueueConfig): string => `${row.QueueReference.QueueId} ${row.QueueReference.Channel}`;

/** One entry a queue and channel, as the operations want it. */
function configs(rows: QueueRow[]): RoutingProfileQueueConfig[] {
  return rows
    .filter((row) => row.QueueId)
    .flatMap((row) => row.Channels.map((Channel) => ({ QueueReference: { QueueId: row.QueueId, Channel }, Priority: row.Priority, Delay: row.Delay })));
}

async function queueRows(instanceId: string, id: string): Promise<QueueRow[]> {
  const rows = new Map<string, QueueRow>();
  let next: string | undefined;
  do {
    const page = await connect("ListRoutingProfileQueues", { InstanceId: instanceId, RoutingProfileId: id, NextToken: next, MaxResults: 100 });
    for (const one of page.RoutingProfileQueueConfigSummaryList ?? []) {
      const at = `${one.QueueId} ${one.Priority} ${one.Delay}`;
      const row = rows.get(at) ?? { QueueId: one.QueueId, Channels: [], Priority: one.Priority, Delay: one.Delay };
      row.Channels.push(one.Channel);
      rows.set(at, row);
    }
    next = page.NextToken;
  } while (next);
  return [...rows.values()];
}

async function saveQueues(instanceId: string, id: string, before: QueueRow[], after: QueueRow[]): Promise<void> {
  const old = new Map(configs(before).map((one) => [key(one), one]));
  const now = new Map(configs(after).map((one) => [key(one), one]));
  const at = { InstanceId: instanceId, RoutingProfileId: id };
  const gone = [...old].filter(([name]) => !now.has(name)).map(([, one]) => one.QueueReference);
  const added = [...now].filter(([name]) => !old.has(name)).map(([, one]) => one);
  const altered = [...now].filter(([name, one]) => old.has(name) && JSON.stringify(old.get(name)) !== JSON.stringify(one)).map(([, one]) => one);
  const batches = <Item,>(items: Item[]): Item[][] => Array.from({ length: Math.ceil(items.length / 10) }, (_, batch) => items.slice(batch * 10, batch * 10 + 10));
  for (const QueueReferences of batches(gone)) await connect("DisassociateRoutingProfileQueues", { ...at, QueueReferences });
  for (const QueueConfigs of batches(added)) await connect("AssociateRoutingProfileQueues", { ...at, QueueConfigs });
  for (const QueueConfigs of batches(altered)) await connect("UpdateRoutingProfileQueues", { ...at, QueueConfigs });
}

export const routingProfiles: Resource<RoutingProfile, RoutingProfileDraft> = {
  key: "routing-profiles",
  kind: "routing-profile",
  title: "routingProfiles.title",
  one: "routingProfiles.add",
  permission: "RoutingPolicies",
  accessType: "RoutingProfile",
  deletePermission: "RoutingPolicies.Edit",
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchRoutingProfiles", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 25 });
    return { items: page.RoutingProfiles ?? [], nextToken: page.NextToken };
  },
  id: (profile) => profile.RoutingProfileId!,
  name: (profile) => profile.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (profile) => profile.Name },
    { id: "description", header: "field.description", cell: (profile) => profile.Description },
    { id: "queues", header: "queues.title", cell: (profile) => profile.NumberOfAssociatedQueues },
    { id: "users", header: "users.title", cell: (profile) => profile.NumberOfAssociatedUsers },
    { id: "outbound", header: "routingProfiles.outbound", cell: (profile) => profile.DefaultOutboundQueueId, source: "queues" },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 127 },
    { name: "Description", label: "field.description", kind: "textarea", required: true, most: 250 },
    {
      name: "MediaConcurrencies",
      label: "routingProfiles.channels",
      kind: "custom",
      render: ({ draft, change, disabled }) => <ConcurrencyTable value={draft.MediaConcurrencies} disabled={disabled} onChange={(MediaConcurrencies) => change({ MediaConcurrencies })} />,
    },
    {
      name: "Queues",
      label: "queues.title",
      kind: "custom",
      render: ({ draft, change, disabled }) => <QueueTable rows={draft.Queues} disabled={disabled} onChange={(Queues) => change({ Queues })} />,
    },
    { name: "DefaultOutboundQueueId", label: "routingProfiles.outbound", kind: "reference", source: "queues", required: true },
    {
      name: "AgentAvailabilityTimer", label: "routingProfiles.timer", kind: "select", required: true,
      options: [{ value: "TIME_SINCE_LAST_ACTIVITY", label: "routingProfiles.sinceActivity" }, { value: "TIME_SINCE_LAST_INBOUND", label: "routingProfiles.sinceInbound" }],
    },
  ],
  blank: () => ({
    Name: "", Description: "", AgentAvailabilityTimer: "TIME_SINCE_LAST_ACTIVITY", Queues: [], Tags: {},
    MediaConcurrencies: [{ Channel: "VOICE", Concurrency: 1 }, { Channel: "CHAT", Concurrency: 2 }, { Channel: "TASK", Concurrency: 1 }],
  }),
  load: async ({ instanceId }, id) => {
    const [{ RoutingProfile: profile }, Queues] = await Promise.all([
      connect("DescribeRoutingProfile", { InstanceId: instanceId, RoutingProfileId: id }),
      queueRows(instanceId, id),
    ]);
    return {
      Name: profile!.Name!,
      Description: profile!.Description ?? "",
      DefaultOutboundQueueId: profile!.DefaultOutboundQueueId,
      AgentAvailabilityTimer: profile!.AgentAvailabilityTimer ?? "TIME_SINCE_LAST_ACTIVITY",
      MediaConcurrencies: (profile!.MediaConcurrencies ?? []) as Concurrency[],
      Queues,
      Tags: profile!.Tags ?? {},
      Arn: profile!.RoutingProfileArn,
    };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const all = configs(draft.Queues);
    const made = await connect("CreateRoutingProfile", {
      InstanceId: instanceId,
      Name: draft.Name,
      Description: draft.Description,
      DefaultOutboundQueueId: draft.DefaultOutboundQueueId!,
      MediaConcurrencies: draft.MediaConcurrencies,
      AgentAvailabilityTimer: draft.AgentAvailabilityTimer,
      QueueConfigs: all.length ? all.slice(0, 10) : undefined,
      Tags: tagsOrNone(draft.Tags),
    });
    for (let at = 10; at < all.length; at += 10) {
      await connect("AssociateRoutingProfileQueues", { InstanceId: instanceId, RoutingProfileId: made.RoutingProfileId!, QueueConfigs: all.slice(at, at + 10) });
    }
    return made.RoutingProfileId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    const at = { InstanceId: instanceId, RoutingProfileId: id };
    if (changed(before, draft, "Name", "Description")) await connect("UpdateRoutingProfileName", { ...at, Name: draft.Name, Description: draft.Description });
    if (changed(before, draft, "MediaConcurrencies")) await connect("UpdateRoutingProfileConcurrency", { ...at, MediaConcurrencies: draft.MediaConcurrencies });
    if (changed(before, draft, "Queues")) await saveQueues(instanceId, id, before.Queues, draft.Queues);
    if (changed(before, draft, "DefaultOutboundQueueId")) await connect("UpdateRoutingProfileDefaultOutboundQueue", { ...at, DefaultOutboundQueueId: draft.DefaultOutboundQueueId! });
    if (changed(before, draft, "AgentAvailabilityTimer")) await connect("UpdateRoutingProfileAgentAvailabilityTimer", { ...at, AgentAvailabilityTimer: draft.AgentAvailabilityTimer });
  },
  remove: ({ instanceId }, id) => connect("DeleteRoutingProfile", { InstanceId: instanceId, RoutingProfileId: id }),
};
