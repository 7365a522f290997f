/** Interactive chat messages: what a template shows, and what choosing from it says (FLOW-113..122). */

export const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";
export const INTERACTIVE_RESPONSE = `${INTERACTIVE}.response`;

/** What the widget shows and sends; a chat lists it as `SupportedMessagingContentTypes`. */
export const WIDGET_TYPES = ["text/plain", "text/markdown", INTERACTIVE, INTERACTIVE_RESPONSE];

export type ActionName = "SHOW_MORE" | "PREVIOUS_OPTIONS";

export interface Picture {
  address: string;
  description: string;
}

export interface Option {
  title: string;
  subtitle: string;
  picture: Picture | null;
  /** Asks for other options instead of choosing this one. */
  action: ActionName | null;
  /** A link instead of a choice. */
  url: string;
}

export interface Slot {
  /** Milliseconds since 1970. */
  at: number;
}

export interface Card {
  kind: "ListPicker" | "Panel" | "QuickReply" | "TimePicker";
  /** Name of the template in its carousel. */
  identifier: string;
  title: string;
  subtitle: string;
  picture: Picture | null;
  options: Option[];
  slots: Slot[];
  /** Minutes east of UTC; null for the zone of whoever looks. */
  offset: number | null;
  place: string;
  /** What takes its place once something was chosen. */
  reply: { title: string; subtitle: string; picture: Picture | null } | null;
  paging: { referenceId: string; listId: string; preIndex: number; nextIndex: number };
}

export interface Template {
  title: string;
  cards: Card[];
  carousel: boolean;
  vertical: boolean;
  omitTitle: boolean;
}

/** What is sent for a choice. */
export interface Answer {
  contentType: string;
  content: string;
}

type Json = Record<string, unknown>;

const TITLE = 400;
const SUBTITLE = 400;
const TIME_SUBTITLE = 200;
const QUICK_TITLE = 200;
const DESCRIPTION = 50;
const KINDS = ["ListPicker", "Panel", "QuickReply", "TimePicker"] as const;

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function whole(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A text that is too long ends in `...` (FLOW-122). */
export function cut(value: unknown, most: number): string {
  const characters = [...whole(value)];
  return characters.length > most ? `${characters.slice(0, most - 3).join("")}...` : characters.join("");
}

/** Pictures come by https only. */
function pictureOf(of: Json): Picture | null {
  const address = whole(of["imageData"]);
  return of["imageType"] === "URL" && /^https:\/\/[^\s"'<>]+$/i.test(address) ? { address, description: cut(of["imageDescription"], DESCRIPTION) } : null;
}

function optionOf(of: Json, most: number): Option {
  const action = of["actionDetail"];
  const url = of["type"] === "hyperlink" && /^https?:\/\//i.test(whole(of["url"])) ? whole(of["url"]) : "";
  return {
    title: cut(of["title"], most),
    subtitle: cut(of["subtitle"], SUBTITLE),
    picture: pictureOf(of),
    action: action === "SHOW_MORE" || action === "PREVIOUS_OPTIONS" ? action : null,
    url,
  };
}

function cardOf(of: Json): Card | null {
  const kind = KINDS.find((one) => one === of["templateType"]);
  if (!kind) return null;
  const data = object(of["data"]);
  const content = object(data["content"]);
  const reply = object(data["replyMessage"]);
  const number = (name: string): number => (typeof content[name] === "number" ? content[name] : -1);
  return {
    kind,
    identifier: whole(of["templateIdentifier"]),
    title: cut(content["title"], TITLE),
    subtitle: cut(content["subtitle"], kind === "TimePicker" ? TIME_SUBTITLE : SUBTITLE),
    picture: kind === "QuickReply" ? null : pictureOf(content),
    options: list(content["elements"]).map((one) => optionOf(one, kind === "QuickReply" ? QUICK_TITLE : TITLE)),
    slots: list(content["timeslots"])
      .map((one) => ({ at: Date.parse(whole(one["date"])) }))
      .filter((one) => Number.isFinite(one.at))
      .sort((a, b) => a.at - b.at),
    offset: typeof content["timeZoneOffset"] === "number" ? content["timeZoneOffset"] : null,
    place: cut(object(content["location"])["title"], TITLE),
    reply: reply["title"] ? { title: cut(reply["title"], TITLE), subtitle: cut(reply["subtitle"], SUBTITLE), picture: pictureOf(reply) } : null,
    paging: { referenceId: whole(content["referenceId"]), listId: whole(content["listId"]), preIndex: number("preIndex"), nextIndex: number("nextIndex") },
  };
}

function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}

/** The template in the content of an interactive message; null for one that nobody knows how to show. */
export function templateOf(text: string): Template | null {
  const found = parsed(text);
  if (!found) return null;
  if (found["templateType"] !== "Carousel") {
    const card = cardOf(found);
    return card && { title: card.title, cards: [card], carousel: false, vertical: false, omitTitle: false };
  }
  const content = object(object(found["data"])["content"]);
  const cards = list(content["elements"]).map(cardOf).filter((one) => one !== null);
  if (!cards.length) return null;
  return {
    title: cut(content["title"], TITLE),
    cards,
    carousel: true,
    vertical: content["carouselVertical"] === true,
    omitTitle: content["omitTitleFromCarouselResponse"] === true,
  };
}

/** What choosing an option of a card sends. */
export function answerTo(template: Template, card: Card, option: Option): Answer {
  if (option.action) {
    const { preIndex, nextIndex, listId, referenceId } = card.paging;
    const data = { actionName: option.action, preIndex, nextIndex, listId, templateType: card.kind, referenceId };
    return { contentType: INTERACTIVE_RESPONSE, content: JSON.stringify({ version: "1.0", data, action: option.action }) };
  }
  if (!template.carousel) return { contentType: "text/plain", content: option.title };
  return { contentType: "text/plain", content: JSON.stringify({ templateIdentifier: card.identifier, listTitle: card.title, selectionText: option.title }) };
}

// times

export interface Day {
  label: string;
  times: { at: number; label: string; answer: string }[];
}

/** The slots by day, in the zone of the place or of whoever looks (FLOW-115). */
export function daysOf(card: Card, language: string): Day[] {
  const shift = card.offset === null ? 0 : card.offset * 60_000;
  const timeZone = card.offset === null ? undefined : "UTC";
  const day = new Intl.DateTimeFormat(language, { timeZone, weekday: "long", year: "numeric", month: "long", day: "numeric" });
  const time = new Intl.DateTimeFormat(language, { timeZone, hour: "numeric", minute: "2-digit" });
  const days: Day[] = [];
  for (const { at } of card.slots) {
    const label = day.format(at + shift);
    const clock = time.format(at + shift);
    const known = days.at(-1);
    const slot = { at, label: clock, answer: `${label} ${clock}` };
    if (known?.label === label) known.times.push(slot);
    else days.push({ label, times: [slot] });
  }
  return days;
}

/** `UTC+09:00` for minutes east of it. */
export function zoneOf(offset: number): string {
  const size = Math.abs(offset);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `UTC${offset < 0 ? "−" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

// what was chosen

export interface Selection {
  templateIdentifier: string;
  listTitle: string;
  selectionText: string;
}

/** The choice in the JSON that a carousel answers with. */
export function selectionOf(text: string): Selection | null {
  if (!text.startsWith("{")) return null;
  const found = parsed(text);
  if (!found || typeof found["selectionText"] !== "string" || typeof found["templateIdentifier"] !== "string") return null;
  return { templateIdentifier: found["templateIdentifier"], listTitle: whole(found["listTitle"]), selectionText: found["selectionText"] };
}

export interface Said {
  ContentType?: string;
  Content?: string;
}

/** What a choice from a carousel reads like: with the title of its list, unless the carousel leaves that out. */
export function selectionText(selection: Selection, before: readonly Said[]): string {
  const carousel = before.findLast((one) => one.ContentType === INTERACTIVE && one.Content?.includes(selection.templateIdentifier));
  const omit = carousel ? templateOf(carousel.Content ?? "")?.omitTitle : false;
  return omit || !selection.listTitle ? selection.selectionText : `${selection.listTitle}: ${selection.selectionText}`;
}

/** The action that an interactive response asks for. */
export function actionOf(text: string): ActionName | null {
  const action = parsed(text)?.["action"];
  return action === "SHOW_MORE" || action === "PREVIOUS_OPTIONS" ? action : null;
}

/** True for a page of options that a later one with the same reference has replaced. */
export function isReplaced(items: readonly Said[], at: number): boolean {
  const reference = referenceOf(items[at]);
  return reference !== "" && items.slice(at + 1).some((one) => referenceOf(one) === reference);
}

function referenceOf(item: Said | undefined): string {
  if (item?.ContentType !== INTERACTIVE || !item.Content?.includes("referenceId")) return "";
  return templateOf(item.Content)?.cards[0]?.paging.referenceId ?? "";
}

/** Which option of a template a message chose: the card and the place in it; null for something else. */
export function chosenBy(template: Template, content: string, language: string): { card: number; option: number } | null {
  for (const [at, card] of template.cards.entries()) {
    const times = card.kind === "TimePicker" ? daysOf(card, language).flatMap((day) => day.times.map((one) => one.answer)) : [];
    const option = card.kind === "TimePicker" ? times.indexOf(content) : card.options.findIndex((one) => !one.action && answerTo(template, card, one).content === content);
    if (option >= 0) return { card: at, option };
  }
  return null;
}
