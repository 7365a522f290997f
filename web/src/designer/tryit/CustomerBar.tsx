import { useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TestFlowResponse } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import type { Channel, Input as Act } from "./scenario";

interface Props {
  played: TestFlowResponse;
  channel: Channel;
  busy: boolean;
  onAct: (...inputs: Act[]) => void;
  onRestart: () => void;
}

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const TIMES = ["10s", "1m", "10m", "1h", "1d"] as const;
const SPEAKING = ["hear", "converse"];
const KEYED = ["input", "converse"];

/** What the customer can do now. */
export function CustomerBar({ played, channel, busy, onAct, onRestart }: Props): ReactNode {
  const { t } = useI18n();
  const waiting = played.Waiting?.Kind;
  if (!waiting) return <div className="tryit-bar"><Button fullWidth iconName="refresh" onClick={onRestart}>{t("tryit.restart")}</Button></div>;
  const calls = waiting === "call_customer" || waiting === "call_out";
  return (
    <div className="tryit-bar" role="group" aria-label={t("tryit.customer")}>
      {SPEAKING.includes(waiting) && <Words label={t(waiting === "hear" ? "tryit.write" : "tryit.speak")} onSend={(text) => onAct({ says: text })} />}
      {KEYED.includes(waiting) && <Keypad most={played.Waiting?.Maximum ?? 1024} onSend={(keys) => onAct({ keys })} />}
      <SpaceBetween direction="horizontal" size="xs">
        {calls && <Button disabled={busy} onClick={() => onAct("answers")}>{t("tryit.answers")}</Button>}
        {waiting === "call_out" && <Button disabled={busy} onClick={() => onAct("leaves")}>{t("tryit.leaves")}</Button>}
        {waiting === "call_out" && <Button disabled={busy} onClick={() => onAct("busy")}>{t("tryit.busy")}</Button>}
        {calls && <Button disabled={busy} onClick={() => onAct("no answer")}>{t("tryit.noAnswer")}</Button>}
        {KEYED.includes(waiting) && <Button disabled={busy} onClick={() => onAct("silence")}>{t("tryit.silence")}</Button>}
        {waiting === "wait" && <Button disabled={busy} onClick={() => onAct("returns")}>{t("tryit.returns")}</Button>}
        <ButtonDropdown
          disabled={busy}
          items={[{ id: "all", text: t("tryit.waitOver") }, ...TIMES.map((id) => ({ id, text: t(`tryit.time.${id}`) }))]}
          onItemClick={({ detail }) => onAct(detail.id === "all" ? "waits" : { waits: detail.id })}
        >
          {t("tryit.wait")}
        </ButtonDropdown>
        <Button disabled={busy} onClick={() => onAct("hangs up")}>{t(channel === "VOICE" ? "tryit.hangUp" : "tryit.leave")}</Button>
      </SpaceBetween>
    </div>
  );
}

function Words({ label, onSend }: { label: string; onSend: (text: string) => void }): ReactNode {
  const { t } = useI18n();
  const [text, setText] = useState("");
  const send = (): void => {
    if (!text.trim()) return;
    onSend(text);
    setText("");
  };
  return (
    <form className="tryit-words" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Input ariaLabel={label} placeholder={label} value={text} onChange={({ detail }) => setText(detail.value)} autoFocus />
      <Button formAction="submit">{t("tryit.send")}</Button>
    </form>
  );
}

/** One key at once where one is asked for; else keys are typed together. */
function Keypad({ most, onSend }: { most: number; onSend: (keys: string) => void }): ReactNode {
  const { t } = useI18n();
  const [typed, setTyped] = useState("");
  const single = most === 1;
  const send = (): void => {
    if (!typed) return;
    onSend(typed);
    setTyped("");
  };
  return (
    <form className="tryit-keypad" onSubmit={(event) => { event.preventDefault(); send(); }}>
      {!single && (
        <div className="tryit-words">
          <Input ariaLabel={t("tryit.keys")} placeholder={t("tryit.keys")} value={typed} inputMode="tel" onChange={({ detail }) => setTyped(detail.value.replace(/[^0-9*#]/g, ""))} />
          <Button formAction="submit" disabled={!typed}>{t("tryit.send")}</Button>
        </div>
      )}
      <div className="tryit-keys-grid" role="group" aria-label={t("tryit.keypad")}>
        {KEYS.map((key) => (
          <button key={key} type="button" className="tryit-key" onClick={() => (single ? onSend(key) : setTyped(typed + key))}>{key}</button>
        ))}
      </div>
    </form>
  );
}
