import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Toggle from "@cloudscape-design/components/toggle";
import { useI18n } from "../../i18n";
import "./tryit.css";
import { differences, isFailure, type Drawn, type Stop } from "./trail";

export interface ListedStop extends Stop {
  At: number;
  Name?: string;
  Said?: string[];
  Entry?: string;
  /** JSON of what could be read before and after. */
  Before?: string;
  After?: string;
}

interface Props {
  stops: readonly ListedStop[];
  drawing: Drawn;
  /** The flow that is drawn. */
  flowId: string;
  flowNames: ReadonlyMap<string, string>;
  looked: number;
  onChoose: (index: number) => void;
  label?: string;
}

/** The blocks that ran; arrow keys go from one to the next. What the one looked at has changed is shown below. */
export function StepList({ stops, drawing, flowId, flowNames, looked, onChoose, label }: Props): ReactNode {
  const { t, language } = useI18n();
  const clock = useMemo(() => new Intl.DateTimeFormat(language, { timeStyle: "medium" }), [language]);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [looked]);
  const key = (event: KeyboardEvent): void => {
    const to = { ArrowDown: looked + 1, ArrowRight: looked + 1, ArrowUp: looked - 1, ArrowLeft: looked - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(stops.length - 1, to)));
  };
  const titleOf = (stop: ListedStop): string => {
    const block = stop.FlowId === flowId ? drawing.blocks.get(drawing.owners.get(stop.Action) ?? "") : undefined;
    return block?.title ?? stop.Name ?? stop.Action;
  };
  const outcomeOf = (stop: ListedStop): string => {
    if (!stop.Outcome) return t("tryit.outcome.waits");
    const block = stop.FlowId === flowId ? drawing.blocks.get(drawing.owners.get(stop.Action) ?? "") : undefined;
    const known = block?.outcomes.find((one) => one.key === stop.Outcome)?.label;
    return known ?? plain(stop.Outcome, t);
  };
  const stop = stops[looked];
  return (
    <div className="tryit-steps">
      <ol ref={list} className="tryit-step-list" role="listbox" tabIndex={0} aria-label={label ?? t("tryit.steps")} aria-activedescendant={stop ? `step-${looked}` : undefined} onKeyDown={key}>
        {stops.map((one, index) => (
          <li
            key={index} id={`step-${index}`} role="option" aria-selected={index === looked}
            className={`tryit-step${isFailure(one.Outcome) ? " tryit-step-failed" : ""}`} onClick={() => onChoose(index)}
          >
            <span className="tryit-step-number">{index + 1}</span>
            <span className="tryit-step-title">
              {titleOf(one)}
              {one.FlowId !== flowId && <small>{flowNames.get(one.FlowId) ?? one.FlowId}</small>}
            </span>
            <span className="tryit-step-outcome">{outcomeOf(one)}</span>
            <time className="tryit-step-at">{clock.format(one.At * 1000)}</time>
          </li>
        ))}
      </ol>
      {stop && <Details stop={stop} />}
    </div>
  );
}

function Details({ stop }: { stop: ListedStop }): ReactNode {
  const { t } = useI18n();
  const [all, setAll] = useState(false);
  const known = stop.Before !== undefined && stop.After !== undefined;
  const rows = known ? differences(stop.Before, stop.After) : [];
  const changed = rows.filter((row) => row.before !== row.after);
  const shown = all ? rows : changed;
  return (
    <div className="tryit-details">
      {stop.Said?.map((text, index) => <p key={index} className="tryit-said">“{text}”</p>)}
      {known && (
        <>
          <div className="tryit-details-head">
            <h3>{t("tryit.values")}</h3>
            <Toggle checked={all} onChange={({ detail }) => setAll(detail.checked)}>{t("tryit.allValues")}</Toggle>
          </div>
          {shown.length ? (
            <table className="tryit-values">
              <thead><tr><th scope="col">{t("tryit.path")}</th><th scope="col">{t("tryit.before")}</th><th scope="col">{t("tryit.after")}</th></tr></thead>
              <tbody>
                {shown.map((row) => (
                  <tr key={row.path} className={row.before === row.after ? "" : "tryit-changed"}>
                    <th scope="row">{row.path}</th>
                    <td>{row.before ?? "–"}</td>
                    <td>{row.after ?? "–"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : (
            <p className="tryit-aside">{t("tryit.noChange")}</p>
          )}
        </>
      )}
      {stop.Entry && <ExpandableSection headerText={t("tryit.log")} defaultExpanded={!known}><pre className="record-json">{JSON.stringify(JSON.parse(stop.Entry), null, 2)}</pre></ExpandableSection>}
    </div>
  );
}

function plain(outcome: string, t: ReturnType<typeof useI18n>["t"]): string {
  const [kind, detail = ""] = outcome.split(":");
  if (kind === "end") return t("tryit.outcome.end");
  if (kind === "next") return t("tryit.outcome.next");
  if (kind === "return") return t("tryit.outcome.return");
  if (kind === "flow") return t("tryit.outcome.flow");
  if (kind === "failed") return t("tryit.outcome.failed");
  return detail || outcome;
}
