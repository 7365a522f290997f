/** A bot's definition in the form of Lex V2 exports. Members that are not named here are kept. */
export interface Definition {
  bot: { name?: string; idleSessionTTLInSeconds?: number; clarificationPrompt?: LegacyPrompt; abortStatement?: LegacyPrompt; [key: string]: unknown };
  locales: Record<string, Locale>;
  [key: string]: unknown;
}
export interface Locale {
  locale: { identifier?: string; nluConfidenceThreshold?: number; voiceSettings?: { voiceId?: string; engine?: string } | null; [key: string]: unknown };
  intents: Intent[];
  slotTypes: SlotType[];
  [key: string]: unknown;
}
export interface Intent {
  name: string;
  description?: string | null;
  parentIntentSignature?: string | null;
  sampleUtterances?: { utterance: string }[] | null;
  slots?: Slot[];
  slotPriorities?: { priority: number; slotName: string }[];
  intentConfirmationSetting?: { promptSpecification?: Prompt | null; declinationResponse?: Prompt | null; isActive?: boolean; [key: string]: unknown } | null;
  intentClosingSetting?: { closingResponse?: Prompt | null; isActive?: boolean; [key: string]: unknown } | null;
  initialResponseSetting?: { initialResponse?: Prompt | null; [key: string]: unknown } | null;
  dialogCodeHook?: { enabled?: boolean } | null;
  fulfillmentCodeHook?: { enabled?: boolean; [key: string]: unknown } | null;
  [key: string]: unknown;
}
export interface Slot {
  name: string;
  slotTypeName?: string;
  slotConstraint?: string;
  multipleValuesSetting?: { allowMutlipleValues?: boolean } | null;
  slotValueElicitationSetting?: { promptSpecification?: Prompt | null; [key: string]: unknown } | null;
  [key: string]: unknown;
}
export interface SlotType {
  name: string;
  parentSlotTypeSignature?: string | null;
  slotTypeValues?: { sampleValue: { value: string }; synonyms?: { value: string }[] | null }[] | null;
  valueSelectionSetting?: { resolutionStrategy?: string; regexFilter?: { pattern?: string } | null; [key: string]: unknown } | null;
  [key: string]: unknown;
}
export interface Prompt {
  messageGroupsList?: { message: Message; variations?: Message[] | null }[] | null;
  maxRetries?: number;
  [key: string]: unknown;
}
export type Message = { [key in MessageKind]?: { value?: string } | null } & { [key: string]: unknown };
export interface LegacyPrompt {
  messages?: { contentType?: string; content?: string }[];
  maxAttempts?: number;
}
export type MessageKind = "plainTextMessage" | "ssmlMessage" | "customPayload";

export const MOST_UTTERANCE = 250;
export const FALLBACK = "AMAZON.FallbackIntent";
export const MESSAGE_KINDS: MessageKind[] = ["plainTextMessage", "ssmlMessage", "customPayload"];
export const LOCALES = ["en_US", "ja_JP", "en_GB", "en_AU", "en_IN", "de_DE", "es_419", "es_ES", "es_US", "fr_CA", "fr_FR", "it_IT", "ko_KR", "pt_BR", "pt_PT", "zh_CN"];
export const SLOT_TYPES = [
  "Number", "Date", "Time", "Duration", "PhoneNumber", "EmailAddress", "AlphaNumeric", "Confirmation", "FreeFormInput", "City", "Country", "State", "StreetName", "FirstName", "LastName",
  "Percentage", "UKPostalCode",
].map((name) => `AMAZON.${name}`);
const VOICES: Record<string, string[]> = { en: ["Joanna", "Matthew", "Salli", "Amy"], ja: ["Kazuha", "Mizuki", "Takumi", "Tomoko"] };

export const voicesOf = (locale: string): string[] => VOICES[locale.slice(0, 2)] ?? VOICES.en!;

/** A definition read from text; what a page needs of it is there. */
export function parse(text: string): Definition {
  const read = JSON.parse(text) as Partial<Definition>;
  const locales = Object.entries(read.locales ?? {}).map(([id, one]) => [id, { ...one, locale: one.locale ?? {}, intents: one.intents ?? [], slotTypes: one.slotTypes ?? [] }]);
  return { ...read, bot: read.bot ?? {}, locales: Object.fromEntries(locales) };
}

export function newLocale(identifier: string): Locale {
  return {
    locale: { identifier, nluConfidenceThreshold: 0.4, voiceSettings: { voiceId: voicesOf(identifier)[0], engine: "neural" } },
    intents: [{ name: "FallbackIntent", parentIntentSignature: FALLBACK, slots: [], slotPriorities: [] }],
    slotTypes: [],
  };
}

export const newIntent = (name: string): Intent => ({ name, sampleUtterances: [], slots: [], slotPriorities: [] });

/** Sample utterances, one a line. */
export const linesOf = (intent: Intent): string => (intent.sampleUtterances ?? []).map((one) => one.utterance).join("\n");
export const withLines = (intent: Intent, text: string): Intent => ({ ...intent, sampleUtterances: text.split("\n").map((utterance) => ({ utterance })) });

/** Lines that are too long to be utterances, by number. */
export const longLines = (text: string): number[] => text.split("\n").flatMap((line, index) => (line.length > MOST_UTTERANCE ? [index + 1] : []));

/** The slots in the order in which they are asked for. */
export function slotsOf(intent: Intent): Slot[] {
  const order = new Map((intent.slotPriorities ?? []).map((one) => [one.slotName, one.priority]));
  const place = (slot: Slot): number => order.get(slot.name) ?? 1000;
  return [...(intent.slots ?? [])].sort((a, b) => place(a) - place(b));
}

export const withSlots = (intent: Intent, slots: Slot[]): Intent => ({ ...intent, slots, slotPriorities: slots.map((slot, index) => ({ priority: index + 1, slotName: slot.name })) });

/** One line of a prompt: a message, or a variation of the one above it. */
export interface PromptLine {
  kind: MessageKind;
  text: string;
  variation: boolean;
}

export function promptLines(prompt: Prompt | null | undefined): PromptLine[] {
  return (prompt?.messageGroupsList ?? []).flatMap((group) => [group.message, ...(group.variations ?? [])].map((message, index) => ({ ...lineOf(message), variation: index > 0 })));
}

function lineOf(message: Message): { kind: MessageKind; text: string } {
  const kind = MESSAGE_KINDS.find((one) => message[one]?.value) ?? "plainTextMessage";
  return { kind, text: message[kind]?.value ?? "" };
}

export function withPromptLines(prompt: Prompt | null | undefined, lines: PromptLine[]): Prompt {
  const groups: NonNullable<Prompt["messageGroupsList"]> = [];
  for (const line of lines) {
    const message = { [line.kind]: { value: line.text } } as Message;
    const last = groups.at(-1);
    if (line.variation && last) last.variations = [...(last.variations ?? []), message];
    else groups.push({ message, variations: [] });
  }
  return { maxRetries: 2, allowInterrupt: true, ...prompt, messageGroupsList: groups };
}

/** Values with synonyms, one a line: `value: synonym, synonym`. */
export const valuesText = (type: SlotType): string =>
  (type.slotTypeValues ?? []).map(({ sampleValue, synonyms }) => [sampleValue.value, (synonyms ?? []).map((one) => one.value).join(", ")].filter(Boolean).join(": ")).join("\n");

export function withValuesText(type: SlotType, text: string): SlotType {
  const values = text.split("\n").filter((line) => line.trim()).map((line) => {
    const [value = "", rest = ""] = line.split(/:(.*)/s);
    return { sampleValue: { value: value.trim() }, synonyms: rest.split(/[,、]/).map((one) => one.trim()).filter(Boolean).map((one) => ({ value: one })) };
  });
  return { ...type, slotTypeValues: values };
}

export const replaceAt = <T,>(list: T[], index: number, one: T): T[] => list.map((old, place) => (place === index ? one : old));
export const removeAt = <T,>(list: T[], index: number): T[] => list.filter((_, place) => place !== index);
export function moveBy<T>(list: T[], index: number, by: number): T[] {
  const target = index + by;
  if (target < 0 || target >= list.length) return list;
  const moved = [...list];
  [moved[index], moved[target]] = [moved[target]!, moved[index]!];
  return moved;
}

/** What is stored: without empty lines among the utterances. */
export function cleaned(definition: Definition): Definition {
  const tidy = (intent: Intent): Intent =>
    intent.sampleUtterances ? { ...intent, sampleUtterances: intent.sampleUtterances.map(({ utterance }) => ({ utterance: utterance.trim() })).filter((one) => one.utterance) } : intent;
  const locales = Object.entries(definition.locales).map(([id, one]) => [id, { ...one, intents: one.intents.map(tidy) }]);
  return { ...definition, locales: Object.fromEntries(locales) };
}
