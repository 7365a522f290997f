import { useEffect, useRef, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import type { FlowTestLine, TestFlowResponse } from "../../api/switchroom";
import { useI18n, type TextKey } from "../../i18n";

interface Props {
  played: TestFlowResponse | null;
  busy: boolean;
  looked: number;
  onChoose: (step: number) => void;
}

const DONE: Record<string, TextKey> = {
  waits: "tryit.did.waits",
  silence: "tryit.did.silence",
  returns: "tryit.did.returns",
  answers: "tryit.did.answers",
  leaves: "tryit.did.leaves",
  busy: "tryit.did.busy",
  "no answer": "tryit.did.noAnswer",
  "hangs up": "tryit.did.hangsUp",
};

/** Who says what. A line leads to the block it was said at. */
export function Conversation({ played, busy, looked, onChoose }: Props): ReactNode {
  const { t } = useI18n();
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [played]);
  if (!played) return <Box textAlign="center" padding="l"><Spinner /></Box>;
  return (
    <div className="tryit-talk" role="log" aria-live="polite" aria-busy={busy} aria-label={t("tryit.talk")}>
      {!played.Lines.length && <Box color="text-body-secondary">{t("tryit.silent")}</Box>}
      {played.Lines.map((line, index) => (
        <Line key={index} line={line} last={played.Steps.length - 1} looked={looked} onChoose={onChoose} />
      ))}
      {played.Functions.filter((call) => call.Failed).map((call, index) => (
        <p key={`f${index}`} className="tryit-aside">{t("tryit.functionFailed", { name: call.Name, why: call.Failed ?? "" })}</p>
      ))}
      <Ending played={played} />
      <div ref={end} />
    </div>
  );
}

function Line({ line, last, looked, onChoose }: { line: FlowTestLine; last: number; looked: number; onChoose: (step: number) => void }): ReactNode {
  const { t } = useI18n();
  const own = line.Who === "customer";
  const step = Math.min(last, own ? line.Step - 1 : line.Step);
  const done = own ? DONE[line.Kind] ?? DONE[line.Text] : undefined;
  if (done) return <p className="tryit-aside">{t(done)}{line.Kind === "waits" && line.Text ? ` (${line.Text} s)` : ""}</p>;
  return (
    <button
      type="button" className={`tryit-line tryit-line-${line.Who}${step === looked ? " tryit-line-looked" : ""}`}
      onClick={() => onChoose(Math.max(0, step))}
    >
      <span className="tryit-who">{t(`tryit.who.${line.Who}`)}{line.Kind === "text" ? "" : ` · ${t(kind(line.Kind))}`}</span>
      <span className={line.Kind === "keys" ? "tryit-keys" : ""}>{line.Text}</span>
    </button>
  );
}

function kind(of: string): TextKey {
  return of === "prompt" ? "tryit.kind.prompt" : of === "audio" ? "tryit.kind.audio" : of === "interactive" ? "tryit.kind.interactive" : "tryit.kind.keys";
}

function Ending({ played }: { played: TestFlowResponse }): ReactNode {
  const { t, isText } = useEnd();
  if (played.Waiting) return <p className="tryit-aside">{isText(played.Waiting.Kind)}</p>;
  const text = played.End === "queued" ? t("tryit.end.queued", { queue: played.Queue ?? "" }) : isEnd(played.End) ? t(`tryit.end.${played.End}`) : played.End;
  return <p className={`tryit-end${played.End === "failed" ? " tryit-end-failed" : ""}`}>{text}{played.EndText ? ` ${played.EndText}` : ""}</p>;
}

type End = "disconnect" | "resumed" | "agent" | "failed" | "left";

function isEnd(end: string): end is End {
  return ["disconnect", "resumed", "agent", "failed", "left"].includes(end);
}

const WAITS: Record<string, TextKey> = {
  input: "tryit.waits.input",
  hear: "tryit.waits.hear",
  converse: "tryit.waits.converse",
  wait: "tryit.waits.wait",
  loop: "tryit.waits.loop",
  call_customer: "tryit.waits.call",
  call_out: "tryit.waits.call",
};

function useEnd(): { t: ReturnType<typeof useI18n>["t"]; isText: (kind: string) => string } {
  const { t } = useI18n();
  return { t, isText: (kind) => (WAITS[kind] ? t(WAITS[kind]) : kind) };
}
