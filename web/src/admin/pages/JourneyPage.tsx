import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../../api";
import type { JourneyFlow, JourneyStep } from "../../api/switchroom";
import { Canvas, type CanvasHandle } from "../../designer/canvas/Canvas";
import { useCatalogue, type Catalogue } from "../../designer/catalogue";
import { EMPTY_CATALOGUE } from "../../designer/model/catalogue";
import { parseDocument, type FlowDocument } from "../../designer/model/document";
import { useNames } from "../../designer/page/useNames";
import { StepList } from "../../designer/tryit/StepList";
import { drawn, marksOf } from "../../designer/tryit/trail";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { usePolling } from "../../shared/hooks";
import { useSession } from "../../shared/session";
import "./journey.css";

const PAGE = 500;
const LIVE_SECONDS = 2;
const NOTHING: ReadonlySet<string> = new Set();

interface Journey {
  steps: JourneyStep[];
  flows: ReadonlyMap<string, JourneyFlow>;
  live: boolean;
  problem: string;
  loaded: boolean;
}

const BEGINNING: Journey = { steps: [], flows: new Map(), live: true, problem: "", loaded: false };

/** The way of a contact through its flows, on the canvas of the version that ran. */
export function JourneyPage({ id }: { id: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const { catalogue, problem } = useCatalogue(instanceId);
  const journey = useJourney(id);
  const names = useNames();
  const waiting = !journey.loaded || (!catalogue && !problem);
  return (
    <section className="journey" aria-label={t("journey.of", { id })}>
      <header className="journey-head">
        <h1>{t("journey.title")}</h1>
        <Link href={`#/contacts/${encodeURIComponent(id)}`}>{t("journey.contact")}</Link>
        {journey.loaded && journey.live && <Badge color="blue">{t("journey.live")}</Badge>}
      </header>
      {(journey.problem || problem) && <Alert type="error">{journey.problem || problem}</Alert>}
      {waiting && !journey.problem && <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>}
      {!waiting && !journey.steps.length && <Box padding="l" color="text-body-secondary">{t("journey.none")}</Box>}
      {!waiting && journey.steps.length > 0 && <Walk journey={journey} catalogue={catalogue ?? EMPTY_CATALOGUE} names={names} />}
    </section>
  );
}

function Walk({ journey, catalogue, names }: { journey: Journey; catalogue: Catalogue; names: ReadonlyMap<string, string> }): ReactNode {
  const { t } = useI18n();
  const { steps, flows } = journey;
  const [chosen, setChosen] = useState<number | null>(null);
  const canvas = useRef<CanvasHandle>(null);
  const looked = Math.min(chosen ?? steps.length - 1, steps.length - 1);
  const shown = keyOf(steps[looked]!);
  const flow = flows.get(shown);
  const document = useDocument(flow?.Content);
  const drawing = useMemo(() => drawn(document ?? EMPTY, catalogue), [document, catalogue]);
  const stops = useMemo(() => steps.map((step) => ({ ...step, FlowId: keyOf(step) })), [steps]);
  const { marks, edgeMarks } = useMemo(() => marksOf(stops, looked, shown, drawing), [stops, looked, shown, drawing]);
  const title = (one: JourneyFlow): string => t("journey.version", { name: one.Name, version: one.Version });
  const flowNames = useMemo(() => new Map([...flows].map(([key, one]) => [key, title(one)])), [flows, t]);
  const current = drawing.owners.get(steps[looked]!.Action);
  const selection = useMemo(() => (current ? new Set([current]) : NOTHING), [current]);
  useEffect(() => {
    if (!current) return;
    const frame = requestAnimationFrame(() => canvas.current?.reveal(current));
    return () => cancelAnimationFrame(frame);
  }, [current, shown]);
  const list = useRef<HTMLDivElement>(null);
  const choose = (index: number): void => {
    setChosen(index === steps.length - 1 ? null : index);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("[role=listbox]")?.focus());
  };
  const ran = [...new Set(steps.map(keyOf))];
  return (
    <div className="journey-body">
      <div className="journey-canvas">
        <div className="journey-tools">
          {ran.length > 1 && (
            <Select
              ariaLabel={t("journey.flow")}
              options={ran.map((key) => ({ value: key, label: flowNames.get(key) ?? key }))}
              selectedOption={{ value: shown, label: flowNames.get(shown) ?? shown }}
              onChange={({ detail }) => choose(steps.findLastIndex((step) => keyOf(step) === detail.selectedOption.value))}
            />
          )}
          {ran.length === 1 && flow && <strong>{title(flow)}</strong>}
          <SpaceBetween direction="horizontal" size="xxs">
            <Button iconName="angle-left" variant="icon" ariaLabel={t("journey.previous")} disabled={looked === 0} onClick={() => choose(looked - 1)} />
            <Button iconName="angle-right" variant="icon" ariaLabel={t("journey.next")} disabled={looked === steps.length - 1} onClick={() => choose(looked + 1)} />
          </SpaceBetween>
        </div>
        {document ? (
          <Canvas
            key={shown} document={document} catalogue={catalogue} flowType={flow?.Type} readOnly selection={selection} onSelect={() => undefined}
            onOpen={(block) => choose(Math.max(0, stops.findLastIndex((stop) => stop.FlowId === shown && drawing.owners.get(stop.Action) === block)))}
            marks={marks} edgeMarks={edgeMarks} names={names} handle={canvas}
          />
        ) : (
          <Alert type="info">{t("journey.gone")}</Alert>
        )}
      </div>
      <aside className="journey-steps" ref={list}>
        <StepList stops={stops} drawing={drawing} flowId={shown} flowNames={flowNames} looked={looked} onChoose={choose} />
        {!steps[looked]!.Entry && <Box color="text-body-secondary">{t("journey.noValues")}</Box>}
      </aside>
    </div>
  );
}

const EMPTY: FlowDocument = { Version: "2019-10-30", StartAction: "", Actions: [] };

function keyOf(step: { FlowId: string; Version: number }): string {
  return `${step.FlowId}/${step.Version}`;
}

function useDocument(content: string | undefined): FlowDocument | null {
  return useMemo(() => (content ? (parseDocument(content) ?? null) : null), [content]);
}

/** Reads the whole journey, and what comes after it while the contact lives. */
function useJourney(contactId: string): Journey {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [journey, setJourney] = useState(BEGINNING);
  const position = useRef("");
  const reading = useRef(false);
  const read = useCallback(async () => {
    if (reading.current) return;
    reading.current = true;
    try {
      let more = true;
      while (more) {
        const answer = await switchroom("GetContactJourney", { InstanceId: instanceId, ContactId: contactId, MaxResults: PAGE, NextToken: position.current || undefined });
        position.current = answer.Position;
        more = answer.NextToken !== undefined;
        setJourney((before) => ({
          steps: answer.Steps.length ? [...before.steps, ...answer.Steps] : before.steps,
          flows: answer.Flows.length ? new Map([...before.flows, ...answer.Flows.map((flow) => [`${flow.Id}/${flow.Version}`, flow] as const)]) : before.flows,
          live: answer.Live,
          problem: "",
          loaded: true,
        }));
      }
    } catch (error) {
      setJourney((before) => ({ ...before, problem: errorText(error, t), live: false, loaded: true }));
    } finally {
      reading.current = false;
    }
  }, [instanceId, contactId, t]);
  usePolling(() => void read(), journey.live ? LIVE_SECONDS : 0);
  return journey;
}
