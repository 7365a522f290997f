import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import { useI18n } from "../i18n";
import type { ChatSession } from "../shared/chat";
import { renderMarkdown } from "../shared/markdown";
import { useNotices } from "../shared/notices";

const LONGEST = 1024;

interface Props {
  session: ChatSession;
  attachments: boolean;
  markdown: boolean;
  name: string;
  drafts: Map<string, string>;
  contactId: string;
}

/** Where the agent writes. Enter sends, Shift+Enter begins a new line; marks for bold, italic, lists and links. */
export function Composer({ session, attachments, markdown, name, drafts, contactId }: Props): ReactNode {
  const { t } = useI18n();
  const notices = useNotices();
  const [text, setText] = useState(drafts.get(contactId) ?? "");
  const box = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const ready = session.state === "connected";
  const formatted = markdown && /\*\*.+\*\*|[*_].+[*_]|^\s*([-*]|\d+\.)\s|\[.+\]\(.+\)/m.test(text);

  const change = (next: string): void => {
    setText(next);
    drafts.set(contactId, next);
    if (next) session.sendTyping();
  };

  const send = (): void => {
    const content = text.trim();
    if (!content || session.state === "ended") return;
    change("");
    void session.send(content, formatted ? "text/markdown" : "text/plain", name).catch(notices.failure);
  };

  const keyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  const wrap = (before: string, after: string): void => {
    const area = box.current!;
    const [from, to] = [area.selectionStart, area.selectionEnd];
    change(`${text.slice(0, from)}${before}${text.slice(from, to)}${after}${text.slice(to)}`);
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(from + before.length, to + before.length);
    });
  };

  const prefix = (mark: (line: number) => string): void => {
    const area = box.current!;
    const from = text.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const lines = text.slice(from, area.selectionEnd).split("\n");
    change(text.slice(0, from) + lines.map((line, at) => mark(at) + line).join("\n") + text.slice(area.selectionEnd));
    area.focus();
  };

  const attach = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    try {
      await session.attach(chosen);
    } catch (error) {
      notices.failure(error);
    }
  };

  return (
    <div className="composer">
      {markdown && (
        <div className="toolbar" role="toolbar" aria-label={t("chat.formatting")}>
          <button type="button" onClick={() => wrap("**", "**")} aria-label={t("chat.bold")} title={t("chat.bold")}>
            <b>B</b>
          </button>
          <button type="button" onClick={() => wrap("_", "_")} aria-label={t("chat.italic")} title={t("chat.italic")}>
            <i>I</i>
          </button>
          <button type="button" onClick={() => prefix(() => "- ")} aria-label={t("chat.bullets")} title={t("chat.bullets")}>
            •≡
          </button>
          <button type="button" onClick={() => prefix((at) => `${at + 1}. `)} aria-label={t("chat.numbers")} title={t("chat.numbers")}>
            1≡
          </button>
          <button type="button" onClick={() => wrap("[", "](https://)")} aria-label={t("chat.link")} title={t("chat.link")}>
            🔗
          </button>
          {["🙂", "👍", "🙏"].map((face) => (
            <button type="button" key={face} onClick={() => wrap(face, "")} aria-label={t("chat.emoji", { face })}>
              {face}
            </button>
          ))}
        </div>
      )}
      {formatted && <div className="preview" aria-label={t("chat.preview")} dangerouslySetInnerHTML={{ __html: renderMarkdown(text) }} />}
      <div className="compose-row">
        {attachments && (
          <>
            <input ref={file} type="file" hidden onChange={(event) => { void attach(event.target.files?.[0]); event.target.value = ""; }} />
            <Button variant="icon" iconName="upload" ariaLabel={t("chat.attach")} disabled={!ready} onClick={() => file.current?.click()} />
          </>
        )}
        <textarea
          id="message-box"
          ref={box}
          value={text}
          maxLength={LONGEST}
          rows={Math.min(6, Math.max(1, text.split("\n").length))}
          placeholder={t("chat.placeholder")}
          aria-label={t("chat.placeholder")}
          onChange={(event) => change(event.target.value)}
          onKeyDown={keyDown}
        />
        <Button variant="icon" iconName="send" ariaLabel={t("chat.send")} disabled={session.state === "ended" || !text.trim()} onClick={send} />
      </div>
    </div>
  );
}
