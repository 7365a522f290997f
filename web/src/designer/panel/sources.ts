import { useEffect, useState } from "react";
import { connect, switchroom } from "../../api";
import type { ContactFlowSummary } from "../../api/connect";
import { everyPage } from "../../shared/everyPage";
import { useSession } from "../../shared/session";

/** Something a block can refer to. */
export interface Target {
  /** What is stored. */
  value: string;
  label: string;
  description?: string;
  /** Part of the address of its page. */
  page?: string;
}

interface Listed {
  Id?: string;
  Arn?: string;
  Name?: string;
}

const PAGE = 1000;

function targets(items: Listed[], page?: string): Target[] {
  return items.map((one) => ({ value: one.Arn ?? one.Id ?? "", label: one.Name ?? one.Id ?? "", page: page && `#/r/${page}/${encodeURIComponent(one.Id ?? "")}` }));
}

type Source = (InstanceId: string, flowTypes: readonly string[]) => Promise<Target[]>;

async function flows(InstanceId: string, flowTypes: readonly string[]): Promise<Target[]> {
  const found = await everyPage<ContactFlowSummary>(async (NextToken) => {
    const page = await connect("ListContactFlows", { InstanceId, NextToken, MaxResults: PAGE });
    return [page.ContactFlowSummaryList, page.NextToken];
  });
  const fits = (one: ContactFlowSummary): boolean => !flowTypes.length || flowTypes.includes(one.ContactFlowType ?? "");
  return found
    .filter((one) => fits(one) && one.ContactFlowStatus !== "SAVED" && one.ContactFlowState !== "ARCHIVED")
    .map((one) => ({ ...targets([one], "flows")[0]!, description: one.ContactFlowType }));
}

const SOURCES: Record<string, Source> = {
  queue: async (InstanceId) =>
    targets(await everyPage(async (NextToken) => {
      const page = await connect("ListQueues", { InstanceId, QueueTypes: ["STANDARD"], NextToken, MaxResults: PAGE });
      return [page.QueueSummaryList, page.NextToken];
    }), "queues"),
  user: async (InstanceId) =>
    (await everyPage(async (NextToken) => {
      const page = await connect("ListUsers", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.UserSummaryList, page.NextToken];
    })).map((one) => targets([{ ...one, Name: one.Username }], "users")[0]!),
  prompt: async (InstanceId) =>
    targets(await everyPage(async (NextToken) => {
      const page = await connect("ListPrompts", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.PromptSummaryList, page.NextToken];
    }), "prompts"),
  "contact-flow": flows,
  "contact-flow-module": async (InstanceId) =>
    targets(await everyPage(async (NextToken) => {
      const page = await connect("ListContactFlowModules", { InstanceId, ContactFlowModuleState: "ACTIVE", NextToken, MaxResults: PAGE });
      return [page.ContactFlowModulesSummaryList, page.NextToken];
    }), "flow-modules"),
  "hours-of-operation": async (InstanceId) =>
    targets(await everyPage(async (NextToken) => {
      const page = await connect("ListHoursOfOperations", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.HoursOfOperationSummaryList, page.NextToken];
    }), "hours"),
  "lambda-function": async (InstanceId) =>
    (await everyPage(async (NextToken) => {
      const page = await connect("ListLambdaFunctions", { InstanceId, NextToken, MaxResults: 25 });
      return [page.LambdaFunctions, page.NextToken];
    })).map((arn) => ({ value: arn, label: functionName(arn), description: arn })),
  "bot-alias": async (InstanceId) => {
    const [associated, own] = await Promise.all([
      everyPage(async (NextToken) => {
        const page = await connect("ListBots", { InstanceId, LexVersion: "V2", NextToken, MaxResults: 25 });
        return [page.LexBots, page.NextToken];
      }),
      ownAliases(InstanceId),
    ]);
    return associated.flatMap(({ LexV2Bot }) => {
      const arn = LexV2Bot?.AliasArn;
      if (!arn) return [];
      const found = own.find((one) => one.arns.includes(arn));
      return [{ value: arn, label: found?.name ?? botName(arn), description: arn, page: found && `#/r/bots/${encodeURIComponent(found.bot)}` }];
    });
  },
  "task-template": async (InstanceId) =>
    targets((await everyPage(async (NextToken) => {
      const page = await connect("ListTaskTemplates", { InstanceId, Status: "ACTIVE", NextToken, MaxResults: 100 });
      return [page.TaskTemplates, page.NextToken];
    })).map((one) => ({ ...one, Arn: one.Id })), "task-templates"),
  "phone-number": async (InstanceId) =>
    (await everyPage(async (NextToken) => {
      const page = await connect("ListPhoneNumbersV2", { InstanceId, NextToken, MaxResults: PAGE });
      return [page.ListPhoneNumbersSummaryList, page.NextToken];
    })).map((one) => ({ value: one.PhoneNumber ?? "", label: one.PhoneNumber ?? "", description: one.PhoneNumberDescription, page: `#/r/phone-numbers/${encodeURIComponent(one.PhoneNumberId ?? "")}` })),
  view: async (InstanceId) =>
    targets(await everyPage(async (NextToken) => {
      const page = await connect("ListViews", { InstanceId, NextToken, MaxResults: 100 });
      return [page.ViewsSummaryList, page.NextToken];
    })),
  "security-key": async (InstanceId) =>
    (await everyPage(async (NextToken) => {
      const page = await connect("ListSecurityKeys", { InstanceId, NextToken, MaxResults: 2 });
      return [page.SecurityKeys, page.NextToken];
    })).map((one) => ({ value: one.AssociationId ?? "", label: one.AssociationId ?? "" })),
};

interface OwnAlias {
  arns: string[];
  name: string;
  bot: string;
}

/** Aliases of the bots of this centre; none where one may not see them. */
async function ownAliases(InstanceId: string): Promise<OwnAlias[]> {
  try {
    const { Bots } = await switchroom("ListBots", { InstanceId });
    const lists = await Promise.all(
      Bots.map(async ({ BotId, Name }) => {
        const { Aliases } = await switchroom("ListBotAliases", { InstanceId, BotId });
        return Aliases.map((one) => ({ arns: [one.AliasArn, ...(one.StandsFor ?? [])], name: `${Name} · ${one.Name}`, bot: BotId }));
      }),
    );
    return lists.flat();
  } catch {
    return [];
  }
}

function functionName(arn: string): string {
  return /:function:([^:]+)/.exec(arn)?.[1] ?? arn;
}

function botName(arn: string): string {
  return /:bot-alias\/(.+)$/.exec(arn)?.[1] ?? arn;
}

const FRESH_MS = 10_000;
const kept = new Map<string, { at: number; targets: Promise<Target[]> }>();

/** Something that can be referred to was made, renamed or published. */
export function forgetTargets(): void {
  kept.clear();
}

function load(kind: string, instanceId: string, flowTypes: readonly string[]): Promise<Target[]> {
  const key = [kind, instanceId, ...flowTypes].join(" ");
  const known = kept.get(key);
  if (known && Date.now() - known.at < FRESH_MS) return known.targets;
  const source = SOURCES[kind];
  const made = source ? source(instanceId, flowTypes) : Promise.reject(new Error(`nothing lists ${kind}`));
  kept.set(key, { at: Date.now(), targets: made });
  made.catch(() => kept.delete(key));
  return made;
}

export interface Targets {
  state: "loading" | "failed" | "loaded";
  targets: Target[];
}

const NO_TYPES: readonly string[] = [];

/** What a field of kind RESOURCE can be set to. */
export function useTargets(kind: string, flowTypes: readonly string[] = NO_TYPES): Targets {
  const { instanceId } = useSession();
  const types = flowTypes.join(" ");
  const [known, setKnown] = useState<Targets>({ state: "loading", targets: [] });
  useEffect(() => {
    let gone = false;
    load(kind, instanceId, types ? types.split(" ") : NO_TYPES).then(
      (targets) => !gone && setKnown({ state: "loaded", targets }),
      () => !gone && setKnown({ state: "failed", targets: [] }),
    );
    return () => {
      gone = true;
    };
  }, [kind, instanceId, types]);
  return known;
}

/** The target a stored value means: an ARN, an id, or either with an alias behind it. */
export function targetOf(targets: readonly Target[], value: string): Target | undefined {
  const exact = targets.find((one) => one.value === value);
  if (exact) return exact;
  const id = lastPart(value);
  return targets.find((one) => lastPart(one.value) === id);
}

function lastPart(value: string): string {
  const name = value.split("/").at(-1) ?? value;
  return value.startsWith("arn:") && value.includes("/") ? name.replace(/:.*$/, "") : name.replace(/:\$(LATEST|SAVED)$/, "");
}

/** Attributes agents are proficient in, with their values, for routing criteria. */
export interface Proficiency {
  name: string;
  values: string[];
}

export function useProficiencies(): Proficiency[] {
  const { instanceId } = useSession();
  const [known, setKnown] = useState<Proficiency[]>([]);
  useEffect(() => {
    let gone = false;
    void readProficiencies(instanceId).then((found) => !gone && setKnown(found), () => {});
    return () => {
      gone = true;
    };
  }, [instanceId]);
  return known;
}

async function readProficiencies(InstanceId: string): Promise<Proficiency[]> {
  const names = await everyPage(async (NextToken) => {
    const page = await connect("ListPredefinedAttributes", { InstanceId, NextToken, MaxResults: 100 });
    return [page.PredefinedAttributeSummaryList, page.NextToken];
  });
  return Promise.all(
    names.map(async ({ Name = "" }) => {
      const { PredefinedAttribute } = await connect("DescribePredefinedAttribute", { InstanceId, Name });
      return { name: Name, values: PredefinedAttribute?.Values?.StringList ?? [] };
    }),
  );
}

/** Names of the intents of the bot behind an alias, for the conditions on what it understood. */
export function useIntents(alias: string): string[] {
  const { instanceId } = useSession();
  const [known, setKnown] = useState<string[]>([]);
  useEffect(() => {
    let gone = false;
    if (!alias.startsWith("arn:")) return;
    void readIntents(instanceId, alias).then((found) => !gone && setKnown(found), () => {});
    return () => {
      gone = true;
    };
  }, [instanceId, alias]);
  return known;
}

async function readIntents(InstanceId: string, alias: string): Promise<string[]> {
  const found = (await ownAliases(InstanceId)).find((one) => one.arns.includes(alias));
  if (!found) return [];
  const { Bot } = await switchroom("DescribeBot", { InstanceId, BotId: found.bot });
  const { locales } = JSON.parse(Bot.Definition) as { locales?: Record<string, { intents?: { name: string }[] }> };
  return [...new Set(Object.values(locales ?? {}).flatMap((one) => (one.intents ?? []).map((intent) => intent.name)))];
}
