import { CHAT_ENDED, ChatSession, isMessage, SYSTEM_NAME, type ChatItem } from "../shared/chat";
import { downloadFrom } from "../shared/download";
import { actionOf, answerTo, chosenBy, daysOf, INTERACTIVE, INTERACTIVE_RESPONSE, isReplaced, selectionOf, selectionText, templateOf } from "../shared/interactive";
import { renderTemplate, turned } from "../shared/interactiveView";
import { escapeHtml, renderMessage } from "../shared/markdown";
import { icons, style } from "./style";
import { fill, texts, type WidgetLanguage, type WidgetTexts } from "./texts";

export interface StartedChat {
  ContactId: string;
  ParticipantId: string;
  ParticipantToken: string;
}

export interface WidgetOptions {
  /** Starts a chat, usually through the site's own back end. */
  start: () => Promise<StartedChat>;
  language: WidgetLanguage;
  title?: string;
  /** Origin of the contact centre; empty for the page's own. */
  origin?: string;
  attachments?: boolean;
  /** Name of the session storage entry that lets a chat go on after the page is loaded again. */
  storageKey?: string;
}

const EVENT = "application/vnd.amazonaws.connect.event.";

/** The customer's side of a chat: a floating button and a panel, inside a shadow root of its own. */
export class ChatWidget {
  private readonly root: ShadowRoot;
  private readonly host = document.createElement("div");
  private text: WidgetTexts;
  private session: ChatSession | null = null;
  private unread = 0;
  private shown = false;
  private problem = "";

  constructor(private options: WidgetOptions) {
    this.text = texts[options.language];
    this.root = this.host.attachShadow({ mode: "open" });
    this.host.id = "switchroom-chat";
    document.body.append(this.host);
    this.build();
    const kept = this.kept();
    if (kept) this.join(kept);
  }

  private get storage(): string {
    return this.options.storageKey ?? "switchroom-chat";
  }

  private kept(): StartedChat | null {
    try {
      return JSON.parse(sessionStorage.getItem(this.storage) ?? "null") as StartedChat | null;
    } catch {
      return null;
    }
  }

  private part<Kind extends HTMLElement>(selector: string): Kind {
    return this.root.querySelector<Kind>(selector)!;
  }

  private build(): void {
    const t = this.text;
    const title = escapeHtml(this.options.title ?? t.title);
    this.root.innerHTML = `<style>${style}</style>
      <div class="panel" role="dialog" aria-label="${title}" hidden>
        <header><h2>${title}</h2>
          <button class="minimise" aria-label="${t.minimise}">${icons.minimise}</button>
          <button class="end" aria-label="${t.end}" hidden>${icons.end}</button></header>
        <div class="banner" role="status" hidden>${t.reconnecting}</div>
        <div class="centre"><p class="notice" role="status"></p><button class="primary start">${t.start}</button></div>
        <div class="log" role="log" aria-live="polite" aria-label="${t.messages}" tabindex="0" hidden></div>
        <p class="waiting" hidden>${t.waiting}</p>
        <div class="typing" aria-live="polite"></div>
        <div class="over" hidden><span>${t.ended}</span><button class="primary again">${t.restart}</button></div>
        <form hidden>
          <input type="file" class="file" hidden>
          <button type="button" class="attach" aria-label="${t.attach}"${this.options.attachments ? "" : " hidden"}>${icons.attach}</button>
          <textarea rows="1" maxlength="1024" aria-label="${t.placeholder}" placeholder="${t.placeholder}"></textarea>
          <button type="submit" class="send" aria-label="${t.send}">${icons.send}</button></form>
      </div>
      <button class="bubble" aria-label="${t.open}" aria-expanded="false">${icons.chat}<span class="badge" hidden></span></button>`;
    this.part(".bubble").onclick = () => this.toggle(!this.shown);
    this.part(".minimise").onclick = () => this.toggle(false);
    this.part(".end").onclick = () => void this.session?.disconnect();
    this.part(".start").onclick = () => void this.start();
    this.part(".again").onclick = () => void this.start();
    this.part(".attach").onclick = () => this.part<HTMLInputElement>(".file").click();
    this.part<HTMLInputElement>(".file").onchange = () => void this.attach();
    this.part(".panel").onkeydown = (event) => {
      if (event.key === "Escape") this.toggle(false);
    };
    const box = this.part<HTMLTextAreaElement>("textarea");
    box.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.send();
    };
    box.oninput = () => {
      box.style.height = "auto";
      box.style.height = `${box.scrollHeight + 2}px`;
      if (box.value) this.session?.sendTyping();
    };
    this.part("form").onsubmit = (event) => {
      event.preventDefault();
      void this.send();
    };
    this.part(".log").onclick = ({ target }) => target instanceof Element && this.press(target);
    // Pictures that do not come leave no hole.
    this.part(".log").addEventListener("error", ({ target }) => target instanceof HTMLImageElement && target.remove(), true);
    document.addEventListener("visibilitychange", () => this.seen());
  }

  /** A click on something in a message. */
  private press(target: Element): void {
    const session = this.session;
    const { pick, again, file } = target.closest<HTMLButtonElement>("button")?.dataset ?? {};
    if (!session || turned(target)) return;
    if (again) void session.resend(again).catch(() => {});
    else if (file) void session.attachmentUrl(file).then((url) => downloadFrom(url));
    else if (pick) this.choose(session, target.closest<HTMLElement>("[data-item]")?.dataset["item"] ?? "", pick);
  }

  private choose(session: ChatSession, item: string, pick: string): void {
    const template = templateOf(session.items.find((one) => one.Id === item)?.Content ?? "");
    const [at = 0, place = 0] = pick.split(".").map(Number);
    const card = template?.cards[at];
    if (!template || !card || session.state !== "connected") return;
    const slot = daysOf(card, this.options.language).flatMap((day) => day.times)[place];
    const option = card.options[place];
    const answer = slot ? { contentType: "text/plain", content: slot.answer } : option && answerTo(template, card, option);
    if (answer) void session.send(answer.content, answer.contentType).catch(() => {});
    this.part<HTMLTextAreaElement>("textarea").focus();
  }

  /** Open or close the panel. The first time it is opened the chat starts by itself. */
  toggle(shown: boolean): void {
    this.shown = shown;
    this.part(".panel").hidden = !shown;
    this.part(".bubble").setAttribute("aria-expanded", String(shown));
    if (!shown) {
      this.part(".bubble").focus();
      return;
    }
    if (!this.session && !this.problem) void this.start();
    this.seen();
    this.draw();
    this.part<HTMLTextAreaElement>("textarea").focus();
  }

  /** Forget the present chat and begin another with the options as they are now. */
  async restart(options: Partial<WidgetOptions> = {}): Promise<void> {
    this.options = { ...this.options, ...options };
    await this.session?.disconnect();
    this.leave();
    this.draw();
  }

  private leave(): void {
    this.session?.dispose();
    this.session = null;
    this.unread = 0;
    this.problem = "";
    sessionStorage.removeItem(this.storage);
  }

  private async start(): Promise<void> {
    this.leave();
    this.problem = this.text.starting;
    this.draw();
    try {
      const chat = await this.options.start();
      sessionStorage.setItem(this.storage, JSON.stringify(chat));
      this.problem = "";
      this.join(chat);
    } catch (error) {
      this.problem = fill(this.text.startFailed, { reason: error instanceof Error ? error.message : String(error) });
      this.draw();
    }
  }

  private join(chat: StartedChat): void {
    this.session = new ChatSession(
      chat.ParticipantToken,
      chat.ParticipantId,
      () => {
        if (!this.shown || document.hidden) this.unread += 1;
      },
      this.options.origin,
    );
    this.session.subscribe(() => this.draw());
    void this.session.connect();
    this.draw();
  }

  private seen(): void {
    if (!this.shown || document.hidden) return;
    this.unread = 0;
    this.session?.markRead();
  }

  private async send(): Promise<void> {
    const box = this.part<HTMLTextAreaElement>("textarea");
    const content = box.value.trim();
    if (!content || this.session?.state !== "connected") return;
    box.value = "";
    box.style.height = "auto";
    await this.session.send(content).catch(() => {});
    box.focus();
  }

  private async attach(): Promise<void> {
    const input = this.part<HTMLInputElement>(".file");
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    try {
      await this.session?.attach(file);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.part(".typing").textContent = fill(this.text.attachFailed, { name: file.name, reason });
    }
  }

  private draw(): void {
    const session = this.session;
    const ended = session?.state === "ended";
    const badge = this.part(".badge");
    badge.hidden = !this.unread;
    badge.textContent = String(this.unread);
    badge.setAttribute("aria-label", fill(this.text.unread, { count: this.unread }));
    this.part(".centre").hidden = Boolean(session);
    this.part(".notice").textContent = this.problem;
    this.part(".start").hidden = this.problem === this.text.starting;
    this.part(".log").hidden = !session;
    this.part("form").hidden = !session || ended;
    this.part(".over").hidden = !ended;
    this.part(".end").hidden = !session || ended;
    this.part(".banner").hidden = session?.state !== "reconnecting";
    this.part<HTMLButtonElement>(".send").disabled = session?.state !== "connected";
    if (!session) return;
    const names = session.typing.map((name) => name || this.text.someone).join(", ");
    this.part(".typing").textContent = names ? fill(this.text.typing, { name: names }) : "";
    this.drawLog(session);
    this.part(".waiting").hidden = session.state !== "connected" || this.part(".log").childElementCount > 0;
    this.seen();
  }

  private drawLog(session: ChatSession): void {
    const log = this.part(".log");
    const bottom = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const html = session.items.map((item, at) => this.row(session, item, at)).filter((row) => row !== null);
    // Only what changed is replaced, so that screen readers announce just the new messages.
    html.forEach((row, at) => {
      const present = log.children[at];
      if (present instanceof HTMLElement && present.dataset["html"] === row) return;
      const made = document.createElement("div");
      made.innerHTML = row;
      made.dataset["html"] = row;
      made.style.display = "contents";
      if (present) present.replaceWith(made);
      else log.append(made);
    });
    while (log.children.length > html.length) log.lastElementChild!.remove();
    if (bottom) log.scrollTop = log.scrollHeight;
  }

  private row(session: ChatSession, item: ChatItem, at: number): string | null {
    if (!isMessage(item)) return this.event(item);
    const before = session.items[at - 1];
    const own = item.ParticipantId === session.participantId;
    if (item.ContentType === INTERACTIVE_RESPONSE && item.sending !== "failed") return null;
    if (isReplaced(session.items, at)) return null;
    const name = item.DisplayName === SYSTEM_NAME ? this.text.system : item.DisplayName || this.text.someone;
    const same = before && isMessage(before) && before.ParticipantId === item.ParticipantId;
    const who = same || own ? "" : `<div class="who">${escapeHtml(name)}</div>`;
    const last = session.items.findLast((other) => isMessage(other) && other.ParticipantId === session.participantId);
    const wide = item.ContentType === INTERACTIVE ? " wide" : "";
    return `<div class="message${own ? " own" : ""}${wide}" data-item="${escapeHtml(item.Id)}">${who}<div class="body">${this.body(session, item, at)}</div>${
      own && last?.Id === item.Id ? this.meta(session, item) : ""
    }</div>`;
  }

  private body(session: ChatSession, item: ChatItem, at: number): string {
    if (item.Attachments?.length) {
      return item.Attachments.map((file) => {
        const name = escapeHtml(file.AttachmentName ?? "");
        const label = escapeHtml(fill(this.text.download, { name: file.AttachmentName ?? "" }));
        return `<button data-file="${escapeHtml(file.AttachmentId ?? "")}" aria-label="${label}">📎 <u>${name}</u></button>`;
      }).join("<br>");
    }
    const content = item.Content ?? "";
    if (item.ContentType === INTERACTIVE) return this.interactive(session, content, at);
    if (item.ContentType === INTERACTIVE_RESPONSE) return renderMessage("text/plain", actionOf(content) === "PREVIOUS_OPTIONS" ? this.text.previousOptions : this.text.showMore);
    const selection = selectionOf(content);
    return renderMessage(item.ContentType, selection ? selectionText(selection, session.items.slice(0, at)) : content);
  }

  /** A template: to choose from until something was said, then with what was chosen or the reply to it. */
  private interactive(session: ChatSession, content: string, at: number): string {
    const template = templateOf(content);
    if (!template) return renderMessage("text/plain", content);
    const { language } = this.options;
    const answer = session.items.slice(at + 1).find((one) => isMessage(one) && one.ParticipantId === session.participantId && one.sending !== "failed");
    const chosen = answer ? chosenBy(template, answer.Content ?? "", language) : null;
    return renderTemplate(template, { texts: this.text, language, active: !answer && session.state !== "ended", chosen, reply: true });
  }

  private meta(session: ChatSession, item: ChatItem): string {
    const t = this.text;
    if (item.sending === "failed") {
      return `<div class="meta"><button data-again="${escapeHtml(item.Id)}">${t.failed}</button></div>`;
    }
    if (item.sending === "pending") return `<div class="meta">${t.sending}</div>`;
    const receipt = session.receipt(item.Id);
    return receipt === "sent" ? "" : `<div class="meta">${receipt === "read" ? t.read : t.delivered}</div>`;
  }

  private event(item: ChatItem): string | null {
    const t = this.text;
    const name = item.DisplayName || (item.ParticipantRole === "CUSTOMER" ? t.you : t.someone);
    const known: Record<string, string> = {
      [`${EVENT}participant.joined`]: fill(t.joined, { name }),
      [`${EVENT}participant.left`]: fill(t.left, { name }),
      [`${EVENT}transfer.succeeded`]: t.transferred,
      [`${EVENT}participant.idle`]: fill(t.idle, { name }),
      [`${EVENT}participant.returned`]: fill(t.returned, { name }),
      [`${EVENT}participant.autodisconnection`]: fill(t.autoDisconnected, { name }),
      [CHAT_ENDED]: t.ended,
    };
    const text = known[item.ContentType ?? ""];
    const coming = item.ContentType === `${EVENT}participant.joined` || item.ContentType === `${EVENT}participant.left`;
    if (!text || (item.ParticipantRole === "CUSTOMER" && coming)) return null;
    return `<div class="event">${escapeHtml(text)}</div>`;
  }

  destroy(): void {
    this.session?.dispose();
    this.host.remove();
  }
}
