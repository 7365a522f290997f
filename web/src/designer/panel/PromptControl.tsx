import { useRef, useState, type ReactNode } from "react";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import { SpeechPreview } from "../../admin/audio/SpeechPreview";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import { FreeText } from "./FreeText";
import { Group } from "./Group";
import { ModeSwitch } from "./ModeSwitch";
import { ReferencePicker } from "./ReferencePicker";
import { ResourceControl } from "./ResourceControl";
import { RowList } from "./RowList";
import { isRecord, isReference, promptOf, withPrompt, type Mode, type PromptSource, type PromptValue, type Values } from "./values";

const SOURCES: readonly PromptSource[] = ["library", "s3", "text"];
const PROMPTS = { Path: "PromptId", Resource: "prompt", Required: true };

interface Props {
  /** The object the prompt lies in. */
  value: unknown;
  onChange: (value: Values) => void;
  label: string;
  invalid?: boolean;
}

/** What is heard or read: a prompt of the library, a recording in the object store, or text (FLOW-64, FLOW-66, FLOW-67). */
export function PromptControl({ value, onChange, label, invalid }: Props): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const stored = promptOf(value);
  const [draft, setDraft] = useState<PromptValue>(stored ?? { source: "text", value: "", ssml: false });
  const [mode, setMode] = useState<Mode>(isReference(stored?.value) ? "dynamic" : "manual");
  const kept = useRef<Partial<Record<string, PromptValue>>>({});

  const write = (prompt: PromptValue): void => {
    setDraft(prompt);
    onChange(withPrompt(isRecord(value) ? value : {}, prompt));
  };
  const turn = (source: PromptSource, into: Mode): void => {
    kept.current[`${draft.source} ${mode}`] = draft;
    setMode(into);
    write(kept.current[`${source} ${into}`] ?? { source, value: "", ssml: draft.source === source && draft.ssml });
  };
  const set = (text: string | undefined): void => write({ ...draft, value: text ?? "" });

  return (
    <div className="panel-stack">
      <RadioGroup
        ariaLabel={label}
        value={draft.source}
        items={SOURCES.map((one) => ({ value: one, label: t(`panel.source.${one}`), disabled: readOnly }))}
        onChange={({ detail }) => turn(detail.value as PromptSource, "manual")}
      />
      <div className="panel-box">
        <ModeSwitch label={label} mode={mode} onChange={(into) => turn(draft.source, into)} />
        {mode === "dynamic" ? (
          <ReferencePicker label={label} value={draft.value} onChange={set} />
        ) : draft.source === "library" ? (
          <ResourceControl field={PROMPTS} value={draft.value} onChange={set} label={label} invalid={invalid} />
        ) : draft.source === "s3" ? (
          <Group description={t("panel.s3Help")}>
            <Input autoComplete={false} ariaLabel={label} readOnly={readOnly} invalid={invalid} value={draft.value} placeholder="s3://bucket/prompts/welcome.wav" onChange={({ detail }) => set(detail.value)} />
          </Group>
        ) : (
          <FreeText label={label} invalid={invalid} code={draft.ssml} value={draft.value} onChange={set} />
        )}
        {draft.source === "text" && (
          <div className="panel-beside panel-interpret">
            <span>{t("panel.interpretAs")}</span>
            <SegmentedControl
              label={t("panel.interpretAs")}
              selectedId={draft.ssml ? "ssml" : "text"}
              options={[
                { id: "text", text: t("panel.plainText"), disabled: readOnly },
                { id: "ssml", text: "SSML", disabled: readOnly },
              ]}
              onChange={({ detail }) => write({ ...draft, ssml: detail.selectedId === "ssml" })}
            />
            {mode === "manual" && <SpeechPreview spoken={{ Text: draft.value, TextType: draft.ssml ? "SSML" : "TEXT" }} />}
          </div>
        )}
      </div>
    </div>
  );
}

/** Prompts in the order in which they are played, over and over. */
export function MessagesControl({ value, onChange, label }: { value: unknown; onChange: (value: Values[] | undefined) => void; label: string }): ReactNode {
  const { t } = useI18n();
  const [rows, setRows] = useState<Values[]>(Array.isArray(value) ? value.filter(isRecord) : []);
  const write = (next: Values[]): void => {
    setRows(next);
    const filled = next.filter((one) => promptOf(one)?.value);
    onChange(filled.length ? filled : undefined);
  };
  return (
    <RowList
      items={rows}
      onChange={write}
      ordered
      add={t("panel.addPrompt")}
      blank={() => ({})}
      empty={t("panel.noPrompts")}
      name={(_, at) => t("panel.promptNumber", { number: at + 1 })}
      render={(row, at, set) => <PromptControl label={`${label} ${at + 1}`} value={row} onChange={set} />}
    />
  );
}
