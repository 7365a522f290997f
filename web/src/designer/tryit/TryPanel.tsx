import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import { downloadText } from "../../shared/download";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import type { Mark } from "../canvas/marks";
import { useCatalogue } from "../catalogue";
import { EMPTY_CATALOGUE } from "../model/catalogue";
import type { FlowDocument } from "../model/document";
import { useNames } from "../page/useNames";
import { Conversation } from "./Conversation";
import { CustomerBar } from "./CustomerBar";
import { fileOf } from "./scenario";
import { SetupForm } from "./SetupForm";
import { StepList } from "./StepList";
import { drawn, marksOf } from "./trail";
import "./tryit.css";
import { useTest } from "./useTest";

export interface TryPanelProps {
  document: FlowDocument;
  flowType: string;
  /** Empty for a flow that has not been saved. */
  flowId?: string;
  name: string;
  onMarks: (marks: ReadonlyMap<string, Mark>, edgeMarks: ReadonlyMap<string, Mark>) => void;
  onFocus: (blockId: string) => void;
  onClose: () => void;
}

type View = "talk" | "steps" | "setup";
const NOTHING: ReadonlyMap<string, Mark> = new Map();

/** Acts as a customer against a draft: what is said, which way it takes, and what every block reads and writes. */
export function TryPanel({ document, flowType, flowId = "", name, onMarks, onFocus, onClose }: TryPanelProps): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const { catalogue } = useCatalogue(instanceId);
  const names = useNames();
  const test = useTest(document, flowType, flowId, name, names);
  const [view, setView] = useState<View>("setup");
  const [chosen, setChosen] = useState<number | null>(null);
  const { played } = test;
  const steps = played?.Steps ?? [];
  const looked = Math.min(chosen ?? steps.length - 1, steps.length - 1);
  const drawing = useMemo(() => drawn(document, catalogue ?? EMPTY_CATALOGUE), [document, catalogue]);
  const own = flowId || "draft";

  useEffect(() => {
    if (!played) return onMarks(NOTHING, NOTHING);
    const { marks, edgeMarks } = marksOf(played.Steps, looked, own, drawing);
    onMarks(marks, edgeMarks);
  }, [played, looked, own, drawing]);
  useEffect(() => () => onMarks(NOTHING, NOTHING), []);
  const followed = useRef(test.inputs);
  useEffect(() => {
    const block = drawing.owners.get(steps.at(-1)?.Action ?? "");
    if (!played || followed.current === test.inputs || steps.at(-1)?.FlowId !== own || !block) return;
    followed.current = test.inputs;
    onFocus(block);
  }, [played]);
  useEffect(() => setChosen(null), [test.inputs, played?.Steps.length]);

  const begin = (): void => {
    test.begin();
    setView("talk");
  };
  const choose = (index: number): void => {
    setChosen(index);
    const step = steps[index];
    const block = step && step.FlowId === own ? drawing.owners.get(step.Action) : undefined;
    if (block) onFocus(block);
  };
  const save = async (): Promise<void> => {
    try {
      const base = (name || "flow").replace(/[^\p{L}\p{N}_.-]+/gu, "-");
      const { content, scenario, played: done } = await test.portable();
      downloadText(`${base}.json`, "application/json", JSON.stringify(JSON.parse(content), null, 2));
      downloadText(`${base}.yaml`, "application/yaml", fileOf(`${base}.json`, flowType, scenario, test.inputs, done));
    } catch (error) {
      notices.failure(error);
    }
  };
  return (
    <section className="tryit" aria-label={t("tryit.title")}>
      <header className="tryit-head">
        <h2>{t("tryit.title")}</h2>
        <SpaceBetween direction="horizontal" size="xxs">
          {test.running && <Button variant="icon" iconName="undo" ariaLabel={t("tryit.back")} disabled={!test.inputs.length} onClick={test.back} />}
          {test.running && <Button variant="icon" iconName="refresh" ariaLabel={t("tryit.restart")} onClick={begin} />}
          {test.running && <Button variant="icon" iconName="download" ariaLabel={t("tryit.save")} disabled={!played} onClick={() => void save()} />}
          <Button variant="icon" iconName="close" ariaLabel={t("tryit.close")} onClick={onClose} />
        </SpaceBetween>
      </header>
      <SegmentedControl
        label={t("designer.view")}
        selectedId={view}
        options={(["setup", "talk", "steps"] as const).map((id) => ({ id, text: t(`tryit.${id}`), disabled: id !== "setup" && !test.running }))}
        onChange={({ detail }) => setView(detail.selectedId as View)}
      />
      {test.problem && <Alert type="error">{test.problem}</Alert>}
      <div className="tryit-body">
        {view === "setup" && (
          <>
            <SetupForm setup={test.setup} used={test.used} onChange={test.setSetup} />
            <Button variant="primary" fullWidth onClick={begin}>{t(test.running ? "tryit.restart" : "tryit.begin")}</Button>
          </>
        )}
        {view === "talk" && <Conversation played={played} busy={test.busy} looked={looked} onChoose={choose} />}
        {view === "steps" && played && (
          <StepList
            stops={steps.map((step) => ({ ...step, Before: played.States[step.Before], After: played.States[step.After] }))}
            drawing={drawing} flowId={own} flowNames={new Map(played.Flows.map((flow) => [flow.Id, flow.Name]))} looked={looked} onChoose={choose}
          />
        )}
        {view === "steps" && !played && <Box color="text-body-secondary">{t("tryit.nothing")}</Box>}
      </div>
      {test.running && view !== "setup" && played && <CustomerBar played={played} channel={test.setup.channel} busy={test.busy} onAct={test.act} onRestart={begin} />}
    </section>
  );
}
