import { switchroom } from "../../api";
import type { BotSummary } from "../../api/switchroom";
import { BotPage } from "../bots/BotPage";
import { BotsPage } from "../bots/BotsPage";
import { LOCALES, newLocale, voicesOf, type Definition } from "../bots/definition";
import { optional, type Draft, type Resource } from "../resource";

interface BotDraft extends Draft {
  Name: string;
  Description: string;
  Locale: string;
  Seconds: number;
}

function blankDefinition(draft: BotDraft): Definition {
  const locale = newLocale(draft.Locale);
  locale.locale.voiceSettings = { voiceId: voicesOf(draft.Locale)[0], engine: "neural" };
  return { bot: { name: draft.Name, dataPrivacy: { childDirected: false }, idleSessionTTLInSeconds: draft.Seconds }, locales: { [draft.Locale]: locale } };
}

export const bots: Resource<BotSummary, BotDraft> = {
  key: "bots",
  kind: "bot",
  title: "bots.title",
  one: "bots.add",
  permission: "ContactFlows",
  untagged: true,
  list: async ({ instanceId }) => ({ items: (await switchroom("ListBots", { InstanceId: instanceId })).Bots }),
  id: (one) => one.BotId,
  name: (one) => one.Name,
  columns: [{ id: "name", header: "field.name", cell: (one) => one.Name }],
  fields: [
    { name: "Name", label: "field.name", help: "bots.nameAbout", kind: "text", required: true, most: 100 },
    { name: "Description", label: "field.description", kind: "textarea", most: 200 },
    { name: "Locale", label: "bots.firstLanguage", kind: "select", required: true, options: LOCALES.map((value) => ({ value, label: `botLocale.${value}` as "botLocale.en_US" })) },
    { name: "Seconds", label: "bots.timeout", help: "bots.timeoutAbout", kind: "number", required: true, min: 60, max: 86_400 },
  ],
  blank: () => ({ Name: "", Description: "", Locale: "en_US", Seconds: 300, Tags: {} }),
  load: async () => ({ Name: "", Description: "", Locale: "en_US", Seconds: 300, Tags: {} }),
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await switchroom("CreateBot", { InstanceId: instanceId, Name: draft.Name, Description: optional(draft.Description), Definition: JSON.stringify(blankDefinition(draft)) });
    return made.Bot.BotId;
  },
  update: async () => {},
  listPage: () => <BotsPage />,
  page: ({ id }) => <BotPage id={id} />,
};
