import { useEffect, useLayoutEffect, useReducer, useRef, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import { useI18n, type TextKey } from "../i18n";
import { ChatSession, isMessage, SYSTEM_NAME, type ChatItem } from "../shared/chat";
import { actionOf, chosenBy, INTERACTIVE, INTERACTIVE_RESPONSE, isReplaced, selectionOf, selectionText, templateOf } from "../shared/interactive";
import { renderTemplate, turned, type InteractiveTexts } from "../shared/interactiveView";
import { renderMessage } from "../shared/markdown";

const EVENTS: Record<string, TextKey> = {
  "participant.joined": "event.joined",
  "participant.left": "event.left",
  "participant.idle": "event.idle",
  "participant.returned": "event.returned",
  "participant.autodisconnection": "event.autoDisconnected",
  "transfer.succeeded": "event.transferred",
  "transfer.failed": "event.transferFailed",
  "chat.ended": "event.ended",
  "chat.rehydrated": "event.rehydrated",
};

export function useChatChanges(session: ChatSession | undefined): void {
  const [, changed] = useReducer((count: number) => count + 1, 0);
  useEffect(() => session?.subscribe(changed), [session]);
}

interface Props {
  items: ChatItem[];
  /** Our own participant id: those messages stand on the right. */
  own?: string;
  /** Who stands on the right where nobody is "us" (a record looked at later). */
  ownRole?: string;
  session?: ChatSession;
  onFile: (attachmentId: string) => void;
}

/** Messages and events in order. New ones are announced; the view follows the end unless one has scrolled up. */
export function Transcript({ items, own, ownRole, session, onFile }: Props): ReactNode {
  const { t } = useI18n();
  const log = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  useLayoutEffect(() => {
    if (following.current && log.current) log.current.scrollTop = log.current.scrollHeight;
  });
  const isOwn = (item: ChatItem): boolean => (own ? item.ParticipantId === own : item.ParticipantRole === ownRole);
  const lastOwn = items.findLast((item) => isMessage(item) && isOwn(item));
  return (
    <div
      className="log"
      ref={log}
      role="log"
      aria-live="polite"
      aria-label={t("chat.transcript")}
      tabIndex={0}
      onScroll={({ currentTarget: box }) => {
        following.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
      }}
    >
      {items.map((item, at) =>
        isReplaced(items, at) ? null : isMessage(item) ? (
          <Message key={item.Id} item={item} items={items} at={at} own={isOwn(item)} first={!sameSpeaker(items[at - 1], item)} onFile={onFile} session={session}>
            {item === lastOwn && session && <Receipt session={session} item={item} />}
          </Message>
        ) : (
          <Event key={item.Id} item={item} />
        ),
      )}
    </div>
  );
}

function sameSpeaker(before: ChatItem | undefined, item: ChatItem): boolean {
  return before !== undefined && isMessage(before) && before.ParticipantId === item.ParticipantId && before.DisplayName === item.DisplayName;
}

function Event({ item }: { item: ChatItem }): ReactNode {
  const { t } = useI18n();
  const key = EVENTS[(item.ContentType ?? "").replace("application/vnd.amazonaws.connect.event.", "")];
  if (!key) return null;
  return <div className="event">{t(key, { name: nameOf(item, t) })}</div>;
}

function nameOf(item: ChatItem, t: (key: TextKey) => string): string {
  if (item.DisplayName && item.DisplayName !== SYSTEM_NAME) return item.DisplayName;
  const known: Record<string, TextKey> = { CUSTOMER: "role.CUSTOMER", AGENT: "role.AGENT", CUSTOM_BOT: "role.CUSTOM_BOT", SUPERVISOR: "role.SUPERVISOR" };
  return t(known[item.ParticipantRole ?? ""] ?? "role.SYSTEM");
}

interface MessageProps {
  item: ChatItem;
  items: ChatItem[];
  /** Place among the items. */
  at: number;
  own: boolean;
  first: boolean;
  session?: ChatSession;
  onFile: (attachmentId: string) => void;
  children?: ReactNode;
}

function Message({ item, items, at, own, first, session, onFile, children }: MessageProps): ReactNode {
  const { t, time } = useI18n();
  const role = (item.ParticipantRole ?? "").toLowerCase();
  return (
    <div className={`message ${own ? "own" : ""} role-${role}`}>
      {first && (
        <div className="who">
          {nameOf(item, t)} <span className="dim tabular">{item.AbsoluteTime ? time(Date.parse(item.AbsoluteTime) / 1000) : ""}</span>
        </div>
      )}
      {item.Attachments?.length ? (
        <div className="body">
          {item.Attachments.map((file) => (
            <Button key={file.AttachmentId} variant="inline-link" iconName="download" onClick={() => onFile(file.AttachmentId!)} disabled={file.Status === "REJECTED"}>
              {file.AttachmentName}
            </Button>
          ))}
        </div>
      ) : (
        <Body item={item} items={items} at={at} />
      )}
      {item.sending === "failed" && (
        <div className="meta">
          <Button variant="inline-link" onClick={() => void session?.resend(item.Id).catch(() => {})}>
            {t("chat.resend")}
          </Button>
        </div>
      )}
      {children}
    </div>
  );
}

/** What was said; an interactive message as a card to look at, a choice from one as its text. */
function Body({ item, items, at }: Pick<MessageProps, "item" | "items" | "at">): ReactNode {
  const { t, language } = useI18n();
  const content = item.Content ?? "";
  const template = item.ContentType === INTERACTIVE ? templateOf(content) : null;
  // Escaped by what renders it; only the tags written there are markup.
  if (!template) return <div className="body" dangerouslySetInnerHTML={{ __html: renderMessage(...readable(item, items, at, t)) }} />;
  const names = ["previousDay", "nextDay", "previousCard", "nextCard", "yourZone", "opens"] as const;
  const texts = Object.fromEntries(names.map((name) => [name, t(`interactive.${name}`)])) as unknown as InteractiveTexts;
  const answer = items.slice(at + 1).find((one) => isMessage(one) && one.ParticipantRole === "CUSTOMER");
  const chosen = answer ? chosenBy(template, answer.Content ?? "", language) : null;
  const html = renderTemplate(template, { texts, language, active: false, chosen, reply: false, noPictures: item.ParticipantRole === "CUSTOMER" });
  return (
    <div
      className="body interactive"
      onClick={({ target }) => target instanceof Element && turned(target)}
      onErrorCapture={({ target }) => {
        if (target instanceof HTMLImageElement) target.hidden = true;
      }}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

function readable(item: ChatItem, items: readonly ChatItem[], at: number, t: (key: TextKey) => string): [string | undefined, string] {
  const content = item.Content ?? "";
  if (item.ContentType === INTERACTIVE_RESPONSE) {
    const action = actionOf(content);
    return ["text/plain", action ? t(`interactive.${action}`) : content];
  }
  const selection = selectionOf(content);
  return [item.ContentType, selection ? selectionText(selection, items.slice(0, at)) : content];
}

function Receipt({ session, item }: { session: ChatSession; item: ChatItem }): ReactNode {
  const { t } = useI18n();
  if (item.sending === "failed") return null;
  const text = item.sending === "pending" ? t("receipt.sending") : t(`receipt.${session.receipt(item.Id)}`);
  return <div className="meta">{text}</div>;
}
