import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../i18n";
import { downloadText } from "../shared/download";
import { CheckCard } from "./CheckCard";
import { release, RUNS } from "./checks";
import type { Options } from "./options";
import { CHECKS, fileOf, readFile, type CheckResult, type Outcome, type TestFile } from "./results";

const ALERTS: Record<Outcome, "success" | "warning" | "error" | "info"> = { pass: "success", warn: "warning", fail: "error", skipped: "info" };

type State = { kind: "ready" } | { kind: "running"; at: number } | { kind: "done"; file: TestFile; loaded: boolean };

/** Tests whether this workstation and its network are fit for calls (DESK-166..168). */
export function EndpointTest({ options }: { options: Options }): ReactNode {
  const { t, dateTime } = useI18n();
  const [state, setState] = useState<State>({ kind: "ready" });
  const [results, setResults] = useState<CheckResult[]>([]);
  const [level, setLevel] = useState<number | null>(null);
  const [note, setNote] = useState("");
  const running = useRef(false);
  const chooser = useRef<HTMLInputElement>(null);

  const run = useCallback(async () => {
    if (running.current) return;
    running.current = true;
    const startedAt = new Date().toISOString();
    const found: CheckResult[] = [];
    setResults([]);
    setNote("");
    for (const [at, check] of RUNS.entries()) {
      setState({ kind: "running", at });
      found.push(...(await check(options, setLevel)));
      setResults([...found]);
    }
    release();
    running.current = false;
    setState({ kind: "done", file: fileOf(found, { startedAt, finishedAt: new Date().toISOString(), page: location.origin, browser: navigator.userAgent }), loaded: false });
  }, [options]);

  useEffect(() => {
    if (options.autoRun) void run();
  }, [options, run]);

  const load = async (files: FileList | null): Promise<void> => {
    const file = files?.[0];
    if (!file) return;
    try {
      const earlier = readFile(await file.text());
      setResults(earlier.results);
      setState({ kind: "done", file: earlier, loaded: true });
      setNote("");
    } catch {
      setNote(t("test.notAFile"));
    }
    chooser.current!.value = "";
  };
  const done = state.kind === "done" ? state.file : null;
  const text = (): string => `${JSON.stringify(done, null, 2)}\n`;
  const busy = state.kind === "running";
  const now = busy ? CHECKS[state.at] : undefined;
  return (
    <main className="test-page">
      <header className="test-head">
        <img src="/favicon.svg" alt="" />
        <div>
          <h1>{t("test.title")}</h1>
          <p className="dim">{t("test.lead")}</p>
        </div>
      </header>
      <div className="test-actions">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" iconName="play" loading={busy} onClick={() => void run()}>
            {t(done ? "test.again" : "test.run")}
          </Button>
          <Button iconName="download" disabled={!done} onClick={() => downloadText(`endpoint-test-${done!.startedAt.slice(0, 19).replace(/:/g, "-")}.json`, "application/json", text())}>
            {t("test.download")}
          </Button>
          <Button iconName="copy" disabled={!done} onClick={() => void navigator.clipboard.writeText(text()).then(() => setNote(t("action.copied")))}>
            {t("action.copy")}
          </Button>
          <Button iconName="upload" disabled={busy} onClick={() => chooser.current?.click()}>
            {t("test.load")}
          </Button>
        </SpaceBetween>
        <input ref={chooser} type="file" accept="application/json,.json" aria-label={t("test.load")} className="visually-hidden" tabIndex={-1} onChange={(event) => void load(event.target.files)} />
      </div>
      <div aria-live="polite">
        {note && <Alert type="info">{note}</Alert>}
        {done && (
          <Alert type={ALERTS[done.verdict]} header={t(`test.verdict.${done.verdict}`)}>
            {state.kind === "done" && state.loaded ? t("test.loaded", { time: dateTime(Date.parse(done.finishedAt) / 1000) }) : t(`test.advice.${done.verdict}`)}
          </Alert>
        )}
        {busy && <ProgressBar value={(100 * state.at) / RUNS.length} label={t(`test.check.${now!}`)} description={level === null ? t("test.wait") : t("voice.speakNow")} />}
      </div>
      {busy && level !== null && <ProgressBar value={level * 100} label={t("voice.level")} />}
      <ul className="checks">
        {results.map((result, index) => (
          <CheckCard key={`${result.id}-${index}`} result={result} />
        ))}
      </ul>
      <p className="dim small">
        {t("test.bookmark")} <a href={bookmark(options)}>{bookmark(options)}</a>
      </p>
    </main>
  );
}

/** An address that runs this very test again. */
function bookmark(options: Options): string {
  const given = new URLSearchParams({ autoRun: "true" });
  if (options.language) given.set("lng", options.language);
  if (options.instance) given.set("connectInstanceId", options.instance);
  if (options.regions.length) given.set("regions", options.regions.join(","));
  return `${location.origin}/endpoint-test?${given.toString()}`;
}
