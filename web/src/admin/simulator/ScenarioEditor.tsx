import { useEffect, useMemo, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { switchroom } from "../../api";
import type { CheckSimulationResponse } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { downloadText } from "../../shared/download";
import { JsonEditor, type Mark } from "../editors/JsonEditor";
import { addVariant, change, effective, formOf, freeName, moreAgents, moreContacts, otherHandling, read, removeVariant, renameVariant, stepsOf, type Source } from "./scenario";
import { ScenarioForm, type Problem } from "./ScenarioForm";
import { placeInWords, VariantHead } from "./VariantHead";

const PAUSE_MS = 500;
const BASE = "";

interface Props {
  text: string;
  notes: string[];
  busy: boolean;
  failure: string;
  onChange: (text: string) => void;
  onStart: (name: string) => void;
  onLeave: () => void;
}

/** A scenario as a form and as YAML, each in step with the other; its variants are tabs of the form. */
export function ScenarioEditor({ text, notes, busy, failure, onChange, onStart, onLeave }: Props): ReactNode {
  const { t } = useI18n();
  const source = useMemo(() => read(text), [text]);
  const [view, setView] = useState<"form" | "yaml">(source.faults.length ? "yaml" : "form");
  const [tab, setTab] = useState(BASE);
  const variant = source.variants.includes(tab) ? tab : undefined;
  const { checked, problems } = useCheck(source);
  const marks: Mark[] = source.faults.length ? source.faults.map((one) => ({ ...one, type: "error" })) : problems.map((one) => ({ row: source.rowOf(one.path), text: one.reason, type: "error" }));
  const name = String(source.value["name"] ?? "");
  const profiles = useMemo(() => formOf(effective(source.value)).staff.map((one) => one.profile), [source]);
  const broken = source.faults.length > 0;
  const actions = (
    <>
      <Button variant="link" onClick={onLeave}>{t("action.cancel")}</Button>
      <Button variant="primary" loading={busy} disabled={broken || !checked || problems.length > 0} onClick={() => onStart(name)}>{t("sim.play")}</Button>
    </>
  );
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1" description={t("sim.newHelp")}
        actions={
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            <SegmentedControl
              label={t("sim.view")} selectedId={view} onChange={({ detail }) => setView(detail.selectedId as "form" | "yaml")}
              options={[{ id: "form", text: t("sim.form"), disabled: broken }, { id: "yaml", text: "YAML" }]}
            />
            <Button iconName="download" ariaLabel={t("sim.downloadYaml")} onClick={() => downloadText(`${name || "scenario"}.yaml`, "application/yaml", text)} />
            {actions}
          </SpaceBetween>
        }
      >
        {t("sim.new")}
      </Header>
      {failure && <Alert type="error">{failure}</Alert>}
      {notes.length > 0 && <Alert type="info" header={t("sim.notes")} dismissible={false}><ul className="sim-notes">{notes.map((one) => <li key={one}>{one}</li>)}</ul></Alert>}
      {(broken || problems.length > 0) && (
        <Alert type="error" header={t("sim.problems")}>
          <ul className="sim-notes">
            {broken ? source.faults.map((one) => <li key={`${one.row} ${one.text}`}>{t("sim.row", { row: one.row + 1 })}: {one.text}</li>) : problems.map((one) => <li key={`${one.path.join(".")} ${one.reason}`}>{one.path.length ? <b>{placeInWords(one.path, profiles, t)}: </b> : null}{one.reason}</li>)}
          </ul>
        </Alert>
      )}
      <Container>
        <FormField label={t("field.name")}><Input value={name} disabled={broken} onChange={({ detail }) => onChange(change(text, undefined, ["name"], detail.value))} /></FormField>
      </Container>
      {view === "yaml" ? (
        <JsonEditor mode="yaml" value={text} label={t("sim.yaml")} marks={marks} onChange={onChange} />
      ) : (
        <Tabs
          activeTabId={variant ?? BASE} onChange={({ detail }) => setTab(detail.activeTabId)} ariaLabel={t("sim.variants")}
          actions={<AddVariant source={source} onAdd={(next, made) => { onChange(next); setTab(made); }} />}
          tabs={[{ id: BASE, label: t("sim.base") }, ...source.variants.map((one) => ({ id: one, label: one }))].map((one) => ({
            ...one,
            content: (variant ?? BASE) === one.id && (
              <SpaceBetween size="l">
                {variant !== undefined && (
                  <VariantHead
                    key={`head ${variant}`} source={source} variant={variant}
                    onRename={(next) => { onChange(renameVariant(text, variant, next)); setTab(next); }}
                    onRemove={() => { onChange(removeVariant(text, variant)); setTab(BASE); }}
                  />
                )}
                <ScenarioForm key={`form ${variant ?? BASE}`} source={source} variant={variant} problems={problems} onChange={onChange} />
              </SpaceBetween>
            ),
          }))}
        />
      )}
      <div className="sim-end">{actions}</div>
    </SpaceBetween>
  );
}

function AddVariant({ source, onAdd }: { source: Source; onAdd: (text: string, name: string) => void }): ReactNode {
  const { t } = useI18n();
  const add = (id: string): void => {
    const made = {
      copy: { title: t("sim.variant"), changes: {} },
      agents: { title: t("sim.twoMore"), changes: moreAgents(source.value, 2) },
      fewer: { title: t("sim.twoFewer"), changes: moreAgents(source.value, -2) },
      contacts: { title: t("sim.moreContacts10"), changes: moreContacts(source.value, 1.1) },
      handling: { title: t("sim.shorter10"), changes: otherHandling(source.value, 0.9) },
    }[id]!;
    const name = freeName(made.title, [...source.variants, String(source.value["name"])]);
    onAdd(addVariant(source.text, name, made.changes), name);
  };
  return (
    <ButtonDropdown
      onItemClick={({ detail }) => add(detail.id)} expandToViewport
      items={[
        { id: "copy", text: t("sim.copyOfBase") }, { id: "agents", text: t("sim.twoMore") }, { id: "fewer", text: t("sim.twoFewer") },
        { id: "contacts", text: t("sim.moreContacts10") }, { id: "handling", text: t("sim.shorter10") },
      ]}
    >
      {t("sim.addVariant")}
    </ButtonDropdown>
  );
}

/** What the server says about the scenario, a moment after the last change. */
function useCheck(source: Source): { checked: CheckSimulationResponse | null; problems: Problem[] } {
  const { t } = useI18n();
  const [checked, setChecked] = useState<CheckSimulationResponse | null>(null);
  const [problems, setProblems] = useState<Problem[]>([]);
  useEffect(() => {
    let gone = false;
    if (source.faults.length) {
      setChecked(null);
      setProblems([]);
      return;
    }
    const timer = setTimeout(() => {
      switchroom("CheckSimulation", { Scenario: source.text }).then(
        (found) => {
          if (gone) return;
          setChecked(found);
          setProblems(found.Problems.map((one) => ({ path: stepsOf(one.Path, source.value), reason: one.Reason })));
        },
        () => !gone && setProblems([{ path: [], reason: t("sim.notChecked") }]),
      );
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [source, t]);
  return { checked, problems };
}
