import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import Spinner from "@cloudscape-design/components/spinner";
import { useI18n, type TextKey } from "../../i18n";
import { errorText } from "../../shared/errors";
import { Canvas, type CanvasHandle } from "../canvas/Canvas";
import type { Catalogue } from "../model/catalogue";
import { parseDocument, type FlowDocument } from "../model/document";
import { compare, isEmpty, type BlockChanges, type ChangeKind, type NoteChanges, type PropertyChange } from "./changes";
import "./versions.css";

/** A version that can be compared: how it is called, and how to get its content. */
export interface Comparable {
  id: string;
  label: string;
  about?: string;
  content: () => Promise<string>;
}

interface Props {
  choices: readonly Comparable[];
  before: string;
  after: string;
  catalogue: Catalogue;
  flowType: string;
  names: ReadonlyMap<string, string>;
  onClose: () => void;
}

type Shown = "before" | "both" | "after";

const NOTHING: ReadonlySet<string> = new Set();
/** The canvas shows its beginning first. */
const SETTLED_MS = 400;
const COLOURS: Record<ChangeKind, "green" | "red" | "severity-low" | "grey"> = { added: "green", removed: "red", changed: "severity-low", moved: "grey" };

/** Two versions of a flow over each other: what came, what went, what is different (FLOW-46). */
export function DiffView({ choices, before, after, catalogue, flowType, names, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const [ids, setIds] = useState({ before, after });
  const [shown, setShown] = useState<Shown>("both");
  const [selection, setSelection] = useState(NOTHING);
  const canvas = useRef<CanvasHandle>(null);
  const from = useContent(choices, ids.before);
  const to = useContent(choices, ids.after);
  const comparison = useMemo(
    () => from.document && to.document && compare(from.document, to.document, catalogue, { name: t("field.name"), type: t("field.type"), resource: (value) => names.get(value) }),
    [from.document, to.document, catalogue, names, t],
  );
  const first = comparison?.blocks[0]?.id;
  useEffect(() => {
    if (!first) return;
    const timer = setTimeout(() => canvas.current?.reveal(first), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [first]);
  const problem = from.problem || to.problem;
  const choose = (id: string): void => {
    if (shown !== "both") setShown("both");
    setSelection(new Set([id]));
    requestAnimationFrame(() => canvas.current?.centre(id));
  };
  const document = comparison && (shown === "before" ? from.document! : shown === "after" ? to.document! : comparison.document);
  return (
    <section className="diff" aria-label={t("designer.compare")}>
      <div className="diff-head">
        <VersionSelect label={t("diff.before")} choices={choices} value={ids.before} onChange={(id) => setIds({ ...ids, before: id })} />
        <Button variant="icon" iconName="refresh" ariaLabel={t("diff.swap")} onClick={() => setIds({ before: ids.after, after: ids.before })} />
        <VersionSelect label={t("diff.after")} choices={choices} value={ids.after} onChange={(id) => setIds({ ...ids, after: id })} />
        <SegmentedControl
          label={t("designer.view")}
          selectedId={shown}
          options={(["before", "both", "after"] as const).map((id) => ({ id, text: t(`diff.${id}`) }))}
          onChange={({ detail }) => setShown(detail.selectedId as Shown)}
        />
        <Button iconName="close" onClick={onClose}>{t("designer.close")}</Button>
      </div>
      {problem && <Alert type="error">{problem}</Alert>}
      <div className="diff-body">
        <div className="diff-canvas">
          {document ? (
            <Canvas
              key={shown} document={document} catalogue={catalogue} flowType={flowType} readOnly selection={selection} onSelect={setSelection} onOpen={choose} handle={canvas}
              marks={comparison.marks} edgeMarks={comparison.edgeMarks} names={names}
            />
          ) : (
            !problem && <Spinner size="large" />
          )}
        </div>
        <div className="diff-changes" data-testid="diff-changes">
          {comparison && isEmpty(comparison) && <p>{t("diff.same")}</p>}
          {comparison?.start && <Entry kind="changed" title={t("diff.start")}><Values changes={[comparison.start]} /></Entry>}
          {comparison?.blocks.map((one) => <BlockEntry key={one.id} change={one} onChoose={choose} />)}
          {comparison?.notes.map((one) => <NoteEntry key={one.id} change={one} onChoose={choose} />)}
        </div>
      </div>
    </section>
  );
}

function BlockEntry({ change, onChoose }: { change: BlockChanges; onChoose: (id: string) => void }): ReactNode {
  const { t } = useI18n();
  return (
    <Entry kind={change.kind} title={change.title} about={change.type} onChoose={() => onChoose(change.id)}>
      <Values changes={change.settings} />
      {change.connections.length > 0 && <Values title={t("diff.connections")} changes={change.connections} />}
    </Entry>
  );
}

function NoteEntry({ change, onChoose }: { change: NoteChanges; onChoose: (id: string) => void }): ReactNode {
  const { t } = useI18n();
  return (
    <Entry kind={change.kind} title={t("diff.note")} onChoose={() => onChoose(change.id)}>
      <Values changes={[{ label: "", before: change.before, after: change.after }]} />
    </Entry>
  );
}

function Entry({ kind, title, about, onChoose, children }: { kind: ChangeKind; title: string; about?: string; onChoose?: () => void; children: ReactNode }): ReactNode {
  const { t } = useI18n();
  const key: TextKey = `diff.${kind}`;
  return (
    <article className={`diff-entry diff-${kind}`}>
      <header>
        <Badge color={COLOURS[kind]}>{t(key)}</Badge>
        {onChoose ? <button type="button" className="diff-title" onClick={onChoose}>{title}</button> : <span className="diff-title">{title}</span>}
        {about && <span className="diff-about">{about}</span>}
      </header>
      {children}
    </article>
  );
}

function Values({ title, changes }: { title?: string; changes: readonly PropertyChange[] }): ReactNode {
  const { t } = useI18n();
  if (!changes.length) return null;
  return (
    <>
      {title && <h3>{title}</h3>}
      <dl className="diff-values">
        {changes.map((one, at) => (
          <div key={at}>
            {one.label && <dt>{one.label}</dt>}
            <dd>
              {one.before && <del><span className="visually-hidden">{t("diff.before")}: </span>{one.before}</del>}
              {one.after && <ins><span className="visually-hidden">{t("diff.after")}: </span>{one.after}</ins>}
              {!one.after && <span className="diff-none">{t("diff.nothing")}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function VersionSelect({ label, choices, value, onChange }: { label: string; choices: readonly Comparable[]; value: string; onChange: (id: string) => void }): ReactNode {
  const options: SelectProps.Option[] = choices.map((one) => ({ value: one.id, label: one.label, description: one.about }));
  return (
    <div className="diff-version">
      <FormField label={label}>
        <Select options={options} selectedOption={options.find((one) => one.value === value) ?? null} triggerVariant="option" expandToViewport onChange={({ detail }) => onChange(detail.selectedOption.value!)} />
      </FormField>
    </div>
  );
}

/** The document behind a choice. */
function useContent(choices: readonly Comparable[], id: string): { document: FlowDocument | null; problem: string } {
  const { t } = useI18n();
  const [state, setState] = useState<{ id: string; document: FlowDocument | null; problem: string }>({ id: "", document: null, problem: "" });
  useEffect(() => {
    let stale = false;
    const choice = choices.find((one) => one.id === id);
    choice?.content().then(
      (content) => {
        const document = parseDocument(content);
        if (!stale) setState({ id, document, problem: document ? "" : t("designer.undrawable") });
      },
      (error: unknown) => !stale && setState({ id, document: null, problem: errorText(error, t) }),
    );
    return () => {
      stale = true;
    };
  }, [id]);
  return state;
}
