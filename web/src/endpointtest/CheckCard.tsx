import { type ReactNode } from "react";
import Icon, { type IconProps } from "@cloudscape-design/components/icon";
import { isTextKey, useI18n } from "../i18n";
import type { CheckResult, Outcome } from "./results";

const MARKS: Record<Outcome, IconProps.Name> = { pass: "status-positive", warn: "status-warning", fail: "status-negative", skipped: "status-pending" };
const FULL_SCALE_MS = 500;

/** One check: its outcome in words and colour, its figures, and what to do. */
export function CheckCard({ result }: { result: CheckResult }): ReactNode {
  const { t, code, number } = useI18n();
  const finding = `test.${result.finding}`;
  const fault = result.finding.startsWith("microphone.") ? `voice.cure.${result.finding.slice("microphone.".length)}` : "";
  const text = isTextKey(finding) ? t(finding) : isTextKey(fault) ? t(fault) : result.finding;
  return (
    <li className={`check check-${result.outcome}`}>
      <span className="check-mark">
        <Icon name={MARKS[result.outcome]} alt={t(`test.outcome.${result.outcome}`)} />
      </span>
      <h2>
        {t(`test.check.${result.id}`)}
        {result.target && <span className="dim small"> · {result.target}</span>}
      </h2>
      <span className="check-value tabular">{result.latencyMs === undefined ? t(`test.outcome.${result.outcome}`) : t("voice.ms", { value: number(result.latencyMs) })}</span>
      <p>{text}</p>
      {result.latencyMs !== undefined && (
        <div className="gauge" aria-hidden="true">
          <span style={{ width: `${Math.min(100, Math.max(2, (result.latencyMs / FULL_SCALE_MS) * 100))}%` }} />
        </div>
      )}
      {result.figures && (
        <dl className="figures">
          {Object.entries(result.figures).map(([name, value]) => (
            <div key={name}>
              <dt>{code("test.figure", name)}</dt>
              <dd className="tabular">{figure(name, value, number)}</dd>
            </div>
          ))}
        </dl>
      )}
      {result.detail && result.outcome !== "pass" && <p className="dim small">{result.detail}</p>}
    </li>
  );
}

function figure(name: string, value: number, number: (value: number) => string): string {
  if (name.startsWith("loss") || name === "level") return `${number(Math.round(value * 1000) / 10)} %`;
  if (name.endsWith("Ms")) return `${number(value)} ms`;
  return name === "sampleRate" ? `${number(value)} Hz` : number(value);
}
