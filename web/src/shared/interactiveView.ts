import { daysOf, zoneOf, type Card, type Option, type Picture, type Template } from "./interactive";
import { escapeHtml, renderMarkdown } from "./markdown";

export interface InteractiveTexts {
  previousDay: string;
  nextDay: string;
  previousCard: string;
  nextCard: string;
  /** Beside times in the zone of whoever looks. */
  yourZone: string;
  /** A link that opens in another window. */
  opens: string;
}

export interface View {
  texts: InteractiveTexts;
  language: string;
  /** Something can be chosen. */
  active: boolean;
  /** What was chosen: card and place in it. */
  chosen: { card: number; option: number } | null;
  /** The reply takes the place of what was chosen from. */
  reply: boolean;
  /** Pictures are not loaded where one should not be seen looking. */
  noPictures?: boolean;
}

const ARROWS = { back: "‹", on: "›" };

/** HTML of a template. Buttons carry `data-pick="CARD.PLACE"`, days and cards are turned by `data-turn`. */
export function renderTemplate(template: Template, view: View): string {
  const first = template.cards[0]!;
  if (!template.carousel) return renderCard(first, 0, view);
  const cards = template.cards.map((card, at) => `<li>${renderCard(card, at, view)}</li>`).join("");
  const turn = (step: number, label: string, arrow: string): string => `<button type="button" class="ic-turn" data-turn="${step}" aria-label="${escapeHtml(label)}">${arrow}</button>`;
  const turns = template.vertical ? "" : `<div class="ic-turns">${turn(-1, view.texts.previousCard, ARROWS.back)}${turn(1, view.texts.nextCard, ARROWS.on)}</div>`;
  return `<div class="ic-carousel${template.vertical ? " ic-vertical" : ""}"><div class="ic-carousel-head"><div class="ic-card-title">${renderMarkdown(template.title)}</div>${turns}</div><ul>${cards}</ul></div>`;
}

function picture(of: Picture | null, place: string, view: View): string {
  return of && !view.noPictures ? `<img class="ic-${place}" src="${escapeHtml(of.address)}" alt="${escapeHtml(of.description)}" loading="lazy" referrerpolicy="no-referrer">` : "";
}

function head(title: string, subtitle: string, cover: Picture | null, view: View): string {
  return `${picture(cover, "cover", view)}<div class="ic-card-title">${renderMarkdown(title)}</div>${subtitle ? `<div class="ic-card-subtitle">${renderMarkdown(subtitle)}</div>` : ""}`;
}

function renderCard(card: Card, at: number, view: View): string {
  const chosen = view.chosen?.card === at ? view.chosen.option : -1;
  if (view.reply && card.reply && chosen >= 0) return `<div class="ic-card ic-replied">${head(card.reply.title, card.reply.subtitle, card.reply.picture, view)}</div>`;
  const body = card.kind === "TimePicker" ? times(card, at, view, chosen) : options(card, at, view, chosen);
  return `<div class="ic-card ic-${card.kind.toLowerCase()}">${head(card.title, card.subtitle, card.picture, view)}${body}</div>`;
}

function options(card: Card, at: number, view: View, chosen: number): string {
  if (card.kind === "QuickReply" && !view.active) return "";
  const rows = card.options.map((one, place) => option(one, `${at}.${place}`, view, place === chosen)).join("");
  return `<div class="ic-options" role="group" aria-label="${escapeHtml(card.title)}">${rows}</div>`;
}

function option(one: Option, pick: string, view: View, chosen: boolean): string {
  const text = `<span class="ic-option-text"><span>${escapeHtml(one.title)}</span>${one.subtitle ? `<small>${renderMarkdown(one.subtitle)}</small>` : ""}</span>`;
  const inside = picture(one.picture, "thumb", view) + text;
  if (one.url) {
    return `<a class="ic-option" href="${escapeHtml(one.url)}" target="_blank" rel="noopener noreferrer" title="${escapeHtml(view.texts.opens)}">${inside}<span aria-hidden="true">↗</span></a>`;
  }
  const kind = `ic-option${one.action ? " ic-action" : ""}${chosen ? " ic-chosen" : ""}`;
  if (!view.active) return `<div class="${kind}">${inside}${chosen ? '<span aria-hidden="true">✓</span>' : ""}</div>`;
  return `<button type="button" class="${kind}" data-pick="${pick}">${inside}</button>`;
}

function times(card: Card, at: number, view: View, chosen: number): string {
  const days = daysOf(card, view.language);
  const until = (index: number): number => days.slice(0, index + 1).reduce((sum, one) => sum + one.times.length, 0);
  const shown = chosen < 0 ? 0 : Math.max(0, days.findIndex((_, index) => chosen < until(index)));
  let place = -1;
  const parts = days.map((day, index) => {
    const slots = day.times.map((slot) => {
      place += 1;
      const kind = `ic-slot${place === chosen ? " ic-chosen" : ""}`;
      return view.active ? `<button type="button" class="${kind}" data-pick="${at}.${place}">${escapeHtml(slot.label)}</button>` : `<div class="${kind}">${escapeHtml(slot.label)}</div>`;
    });
    return `<div class="ic-day"${index === shown ? "" : " hidden"}><div class="ic-day-name">${escapeHtml(day.label)}</div><div class="ic-slots">${slots.join("")}</div></div>`;
  });
  const turn = (step: number, label: string, arrow: string, off: boolean): string =>
    `<button type="button" class="ic-turn" data-day="${step}" aria-label="${escapeHtml(label)}"${off ? " disabled" : ""}>${arrow}</button>`;
  const turns =
    days.length > 1 ? `<div class="ic-turns">${turn(-1, view.texts.previousDay, ARROWS.back, shown === 0)}${turn(1, view.texts.nextDay, ARROWS.on, shown === days.length - 1)}</div>` : "";
  const zone = card.offset === null ? view.texts.yourZone : zoneOf(card.offset);
  return `<div class="ic-times">${turns}<div aria-live="polite">${parts.join("")}</div><div class="ic-zone">${escapeHtml(card.place ? `${card.place} · ${zone}` : zone)}</div></div>`;
}

/** Turns days and cards; true if a click was for that. */
export function turned(target: Element): boolean {
  const button = target.closest<HTMLButtonElement>("button.ic-turn");
  if (!button) return false;
  const step = Number(button.dataset["day"] ?? button.dataset["turn"]);
  if (button.dataset["day"]) turnDay(button.closest(".ic-times")!, step);
  else turnCard(button.closest(".ic-carousel")!.querySelector("ul")!, step);
  return true;
}

function turnDay(times: Element, step: number): void {
  const days = [...times.querySelectorAll<HTMLElement>(".ic-day")];
  const now = days.findIndex((one) => !one.hidden);
  const next = Math.min(days.length - 1, Math.max(0, now + step));
  days.forEach((one, at) => (one.hidden = at !== next));
  const [back, on] = times.querySelectorAll<HTMLButtonElement>("button.ic-turn");
  if (back) back.disabled = next === 0;
  if (on) on.disabled = next === days.length - 1;
  const disabled = step < 0 ? back : on;
  if (disabled?.disabled) (step < 0 ? on : back)?.focus();
}

function turnCard(list: HTMLElement, step: number): void {
  const width = list.firstElementChild?.getBoundingClientRect().width ?? list.clientWidth;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  list.scrollBy({ left: step * (width + 8), behavior: calm ? "auto" : "smooth" });
}
