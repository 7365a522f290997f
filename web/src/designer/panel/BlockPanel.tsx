import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { FlowBlockVariant, FlowProblem } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { fixedOf, isOf, presetOf, type Block } from "../model/blocks";
import { variantsFor, type Catalogue } from "../model/catalogue";
import { givenName, metadataOf, type FlowDocument } from "../model/document";
import type { BlockChange } from "../model/edits";
import { NAME_LENGTH } from "../model/names";
import { ConditionRows } from "./ConditionRows";
import { PanelProvider, useIssueText, type PanelSetting } from "./context";
import { changeOf, draftOf, inVariant, issuesOf, nameIssue, placeOf, settled, type Draft, type Issue, type Issues } from "./draft";
import { FieldGroups } from "./FieldView";
import { Group } from "./Group";
import { JsonControl } from "./JsonControl";
import { isRecord, readAt, textOf, type Values } from "./values";
import "./panel.css";

interface Props {
  block: Block;
  document: FlowDocument;
  catalogue: Catalogue;
  flowType: string;
  problems: FlowProblem[];
  readOnly: boolean;
  onApply: (change: BlockChange) => void;
  onClose: () => void;
  /** Told whenever it begins or ceases to hold changes that were not saved. */
  onDirty?: (dirty: boolean) => void;
}

const KINDS = { ERROR: "error", WARNING: "warning", INFO: "info" } as const;

/** The properties of a block, as its declaration says, until Save gives them back. */
export function BlockPanel(props: Props): ReactNode {
  const { block } = props;
  return <Panel key={block.actions.map((one) => one.Identifier).join()} {...props} />;
}

function Panel({ block, document, catalogue, flowType, problems, readOnly, onApply, onClose, onDirty }: Props): ReactNode {
  const { t } = useI18n();
  const textOfIssue = useIssueText();
  const heading = useId();
  const frame = useRef<HTMLElement>(null);
  const [opened] = useState(() => draftOf(block));
  const [draft, setDraft] = useState(opened);
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState(false);
  const [broken, setBroken] = useState<Issues>({});
  const labels = useRef<Record<string, string>>({});
  const kept = useRef(new Map<string, Draft>());

  const variants = useMemo(() => offeredVariants(block, flowType), [block, flowType]);
  const variant = variants.find((one) => one.Key === draft.variant) ?? block.variant;
  const taken = useMemo(() => namesBeside(document, block), [document, block]);
  const placed = usePlaced(problems, block, opened);
  const dirty = JSON.stringify(draft) !== JSON.stringify(opened);
  const issues: Issues = tried && variant ? issuesOf(draft, variant, taken) : {};
  const wrongName = nameIssue(draft.name, taken);
  if (wrongName) issues["name"] = wrongName;

  useEffect(() => frame.current?.querySelector<HTMLElement>("h2")?.focus(), []);
  useEffect(() => onDirty?.(dirty && !readOnly), [dirty, readOnly]);

  const setting: PanelSetting = {
    flowType,
    namespaces: catalogue.namespaces,
    readOnly,
    issueAt: (place) => textOfIssue(broken[place] ?? issues[place]) || (isTouched(place, draft, opened) ? "" : (placed.at.get(place) ?? "")),
    report: (place, issue) => setBroken((now) => reported(now, place, issue)),
    knownName: (path) => displayName(document, block.main.Identifier, path),
    botAlias: textOf(readAt(draft.parameters, "LexV2Bot.AliasArn")),
    chose: (path, label) => {
      labels.current[path] = label;
    },
  };

  const turn = (key: string): void => {
    const next = variants.find((one) => one.Key === key);
    if (!next) return;
    kept.current.set(draft.variant, draft);
    const before = kept.current.get(key);
    setDraft(before ? { ...before, name: draft.name } : key === opened.variant ? { ...opened, name: draft.name } : inVariant(draft, variant, next));
    setBroken({});
    setTried(false);
  };
  const save = (): void => {
    setTried(true);
    const wrong = variant ? issuesOf(draft, variant, taken) : wrongName ? { name: wrongName } : {};
    if (Object.keys(wrong).length || Object.keys(broken).length) {
      requestAnimationFrame(() => showFirst(frame.current));
      return;
    }
    const change: BlockChange = variant ? changeOf(draft, opened, variant) : { variant: "", parameters: draft.parameters, ...(draft.name !== opened.name ? { name: draft.name } : {}) };
    const chosen = Object.entries(labels.current).filter(([path]) => readAt(change.parameters, path) !== undefined);
    onApply(chosen.length ? { ...change, labels: Object.fromEntries(chosen) } : change);
    onClose();
  };
  const leave = (): void => {
    if (dirty && !readOnly && !asking) setAsking(true);
    else onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !readOnly) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape" && !event.defaultPrevented && !isOpen(event.target)) {
      event.stopPropagation();
      leave();
    }
  };

  return (
    <PanelProvider value={setting}>
      <section className="block-panel" aria-labelledby={heading} ref={frame} onKeyDown={onKeyDown}>
        <header className={`panel-head flow-group-${block.type?.Group ?? "UNKNOWN"}`}>
          <div>
            <h2 id={heading} tabIndex={-1}>{block.type?.Name ?? block.main.Type}</h2>
            <p>{block.type?.About ?? t("panel.unknown")}</p>
          </div>
          <Button formAction="none" variant="icon" iconName="close" ariaLabel={t("panel.close")} onClick={leave} />
        </header>
        <div className="panel-body">
          {block.type && !block.type.Available && <Alert type="info">{t("panel.unavailable")}</Alert>}
          {placed.rest.length > 0 && (
            <ul className="panel-problems">
              {placed.rest.map((one, at) => (
                <li key={at}><StatusIndicator type={KINDS[one.Severity]} wrapText>{one.Message}</StatusIndicator></li>
              ))}
            </ul>
          )}
          <FormField
            stretch
            label={<>{t("panel.name")}<i> – {t("form.optional")}</i></>}
            errorText={setting.issueAt("name")}
            constraintText={`${[...draft.name].length} / ${NAME_LENGTH}`}
          >
            <Input autoComplete={false} readOnly={readOnly} value={draft.name} placeholder={block.type?.Name} onChange={({ detail }) => setDraft({ ...draft, name: detail.value })} />
          </FormField>
          {variants.length > 1 && (
            <Group label={t("panel.variant")}>
              <RadioGroup
                ariaLabel={t("panel.variant")}
                value={draft.variant}
                items={variants.map((one) => ({ value: one.Key, label: one.Name ?? one.Key, disabled: readOnly }))}
                onChange={({ detail }) => turn(detail.value)}
              />
            </Group>
          )}
          {variant ? (
            <Properties key={variant.Key} variant={variant} draft={draft} onChange={setDraft} />
          ) : (
            <Group label={t("panel.parameters")} problem={setting.issueAt("json")}>
              <JsonControl object place="json" label={t("panel.parameters")} value={draft.parameters} onChange={(parameters) => setDraft({ ...draft, parameters: parameters as Values })} />
            </Group>
          )}
          {variant && (
            <ExpandableSection headerText={t("panel.stored")} variant="footer">
              <pre className="panel-stored">{JSON.stringify({ Type: variant.ActionType, Parameters: changeOf(draft, opened, variant).parameters }, null, 2)}</pre>
            </ExpandableSection>
          )}
        </div>
        <footer className="panel-foot">
          {asking && <span role="alert">{t("panel.discard")}</span>}
          {readOnly ? (
            <Button formAction="none" onClick={onClose}>{t("panel.close")}</Button>
          ) : asking ? (
            <>
              <Button formAction="none" variant="link" onClick={() => setAsking(false)}>{t("panel.keepEditing")}</Button>
              <Button formAction="none" onClick={onClose}>{t("panel.discardNow")}</Button>
            </>
          ) : (
            <>
              <Button formAction="none" variant="link" onClick={onClose}>{t("action.cancel")}</Button>
              <Button formAction="none" variant="primary" onClick={save}>{t("panel.save")}</Button>
            </>
          )}
        </footer>
      </section>
    </PanelProvider>
  );
}

function Properties({ variant, draft, onChange }: { variant: FlowBlockVariant; draft: Draft; onChange: (draft: Draft) => void }): ReactNode {
  const companion = variant.Companion;
  const beside = companion && (
    <FieldGroups part="companion" fields={companion.Fields} values={draft.companion} variant={null} onChange={(values) => onChange({ ...draft, companion: withPreset(settled(companion.Fields, draft.companion, values), companion.Preset) })} />
  );
  return (
    <>
      {companion?.Before && beside}
      <FieldGroups part="field" fields={variant.Fields} values={draft.parameters} variant={variant} onChange={(parameters) => onChange({ ...draft, parameters: settled(variant.Fields, draft.parameters, parameters) })} />
      {companion && !companion.Before && beside}
      {variant.Rows && <ConditionRows declared={variant.Rows} rows={draft.rows} onChange={(rows) => onChange({ ...draft, rows })} />}
    </>
  );
}

function withPreset(values: Values, preset: string | undefined): Values {
  return { ...presetOf(preset), ...values };
}

function offeredVariants(block: Block, flowType: string): FlowBlockVariant[] {
  if (!block.type) return [];
  const offered = variantsFor(block.type, flowType);
  return block.variant && !offered.includes(block.variant) ? [block.variant, ...offered] : offered;
}

/** Names other blocks go by. */
function namesBeside(document: FlowDocument, block: Block): Set<string> {
  const own = new Set(block.actions.map((one) => one.Identifier));
  return new Set(document.Actions.filter((one) => !own.has(one.Identifier)).map((one) => givenName(document, one.Identifier)).filter(Boolean));
}

/** The name an exported flow gives to what a parameter refers to. */
function displayName(document: FlowDocument, id: string, path: string): string {
  const found = readAt(metadataOf(document, id).parameters ?? {}, path);
  return isRecord(found) && typeof found["displayName"] === "string" ? found["displayName"] : "";
}

function reported(issues: Issues, place: string, issue: Issue | null): Issues {
  if (!issue && !issues[place]) return issues;
  const { [place]: _, ...rest } = issues;
  return issue ? { ...rest, [place]: issue } : rest;
}

interface Placed {
  at: Map<string, string>;
  rest: FlowProblem[];
}

/** Findings of the checker by the field they belong to, and those that belong to none. */
function usePlaced(problems: readonly FlowProblem[], block: Block, opened: Draft): Placed {
  return useMemo(() => {
    const placed: Placed = { at: new Map(), rest: [] };
    const fixed = fixedOf(block.variant, block.main.Parameters);
    const authors = (block.main.Transitions.Conditions ?? []).flatMap((one, at) => (fixed.some((branch) => isOf(one, branch)) ? [] : [at]));
    for (const problem of problems) {
      const beside = block.companion && problem.ActionId === block.companion.Identifier;
      const fields = (beside ? block.variant?.Companion?.Fields : block.variant?.Fields) ?? [];
      const found = placeOf(problem, beside ? "companion" : "field", fields, beside ? opened.companion : opened.parameters);
      const place = found?.startsWith("condition:") ? `row:${authors.indexOf(Number(found.slice("condition:".length)))}` : found;
      if (!place || place === "row:-1" || (place === "rows" && !block.variant?.Rows)) placed.rest.push(problem);
      else placed.at.set(place, placed.at.has(place) ? `${placed.at.get(place)!} ${problem.Message}` : problem.Message);
    }
    return placed;
  }, [problems, block, opened]);
}

/** True once what a place shows is no longer what was checked. */
function isTouched(place: string, draft: Draft, opened: Draft): boolean {
  if (draft.variant !== opened.variant) return true;
  const [part, ...rest] = place.split(":");
  const path = rest.join(":");
  const differs = (one: unknown, two: unknown): boolean => JSON.stringify(one) !== JSON.stringify(two);
  if (part === "field") return differs(readAt(draft.parameters, path), readAt(opened.parameters, path));
  if (part === "companion") return differs(readAt(draft.companion, path), readAt(opened.companion, path));
  return part === "name" ? draft.name !== opened.name : differs(draft.rows, opened.rows);
}

function isOpen(target: EventTarget): boolean {
  return target instanceof HTMLElement && (target.getAttribute("aria-expanded") === "true" || target.closest(".ace_editor") !== null);
}

function showFirst(frame: HTMLElement | null): void {
  const wrong = frame?.querySelector<HTMLElement>('[aria-invalid="true"], .panel-row.wrong input, .panel-row.wrong button, [class*="awsui_error"]');
  wrong?.scrollIntoView({ block: "center", behavior: "smooth" });
  wrong?.focus({ preventScroll: true });
}
