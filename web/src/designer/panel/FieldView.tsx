import { useRef, useState, type ReactNode } from "react";
import RadioGroup from "@cloudscape-design/components/radio-group";
import type { FlowBlockVariant, FlowField } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import { CriteriaControl } from "./CriteriaControl";
import { cleared, grouped, isFilled, shownFields, valueOf, written, type Part } from "./draft";
import { FreeText } from "./FreeText";
import { Group } from "./Group";
import { JsonControl } from "./JsonControl";
import { NamesControl, PairsControl, RowsControl, TaskReferencesControl } from "./ListControls";
import { ModeSwitch } from "./ModeSwitch";
import { MessagesControl, PromptControl } from "./PromptControl";
import { ReferencePicker } from "./ReferencePicker";
import { ResourceControl } from "./ResourceControl";
import {
  CertificateControl,
  ChoiceControl,
  ChoicesControl,
  DurationControl,
  FlagControl,
  KeysControl,
  NumberControl,
  PhoneControl,
  TextControl,
  TimeControl,
  type ControlProps,
} from "./SimpleControls";
import { VoiceControl } from "./VoiceControl";
import { isReference, textOf, type Mode, type Values } from "./values";

interface GroupsProps {
  part: Part;
  /** Path of the row the fields are in. */
  prefix?: string;
  fields: readonly FlowField[];
  values: Values;
  onChange: (values: Values) => void;
  variant: FlowBlockVariant | null;
}

/** The fields that are shown, alternatives of each other under one choice. */
export function FieldGroups({ part, prefix = "", fields, values, onChange, variant }: GroupsProps): ReactNode {
  return (
    <>
      {grouped(shownFields(fields, values)).map((group) => {
        const props = { part, prefix, values, onChange, variant };
        const key = group.map((one) => `${one.Path} ${one.Kind} ${one.Label}`).join();
        return group.length > 1 ? <Alternatives key={key} fields={group} {...props} /> : <FieldView key={key} field={group[0]!} {...props} />;
      })}
    </>
  );
}

function Alternatives({ part, prefix = "", fields, values, onChange, variant }: GroupsProps): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const filled = fields.find((one) => isFilled(one, values));
  const optional = !fields.some((one) => one.Required);
  const [chosen, setChosen] = useState(filled?.Path ?? (optional ? null : fields[0]!.Path));
  const kept = useRef<Record<string, unknown>>({});
  const current = fields.find((one) => one.Path === chosen);
  const turn = (path: string): void => {
    let next = values;
    for (const one of fields) {
      if (isFilled(one, values)) kept.current[one.Path] = valueOf(one, values);
      next = cleared(one, next, null);
    }
    const wanted = fields.find((one) => one.Path === path);
    if (wanted && kept.current[path] !== undefined) next = written(wanted, next, kept.current[path], variant);
    setChosen(wanted ? path : null);
    onChange(next);
  };
  // What an optional resource says of itself is what holds without one.
  const without = optional ? fields.find((one) => one.Kind === "RESOURCE" && one.Help) : undefined;
  const none = optional ? [{ value: NEITHER, label: t("form.none"), description: without?.Help, disabled: readOnly }] : [];
  return (
    <div className="panel-stack" role="group">
      <RadioGroup
        ariaLabel={fields.map((one) => one.Label).join(" / ")}
        value={chosen ?? NEITHER}
        items={[...none, ...fields.map((one) => ({ value: one.Path, label: one.Label, disabled: readOnly }))]}
        onChange={({ detail }) => turn(detail.value)}
      />
      {current && (
        <div className="panel-box">
          <FieldView key={current.Path} bare part={part} prefix={prefix} field={{ ...current, Required: true, ...(current === without ? { Help: undefined } : {}) }} values={values} onChange={onChange} variant={variant} />
        </div>
      )}
    </div>
  );
}

const NEITHER = " none";

interface ViewProps extends Omit<GroupsProps, "fields"> {
  field: FlowField;
  /** Its label stands elsewhere. */
  bare?: boolean;
}

/** A field: label, whether it is set manually or dynamically, its control, and what is wrong with it. */
export function FieldView({ part, prefix = "", field, values, onChange, variant, bare = false }: ViewProps): ReactNode {
  const { t } = useI18n();
  const { issueAt } = usePanel();
  const value = valueOf(field, values);
  const both = field.Manual && field.Dynamic && !OWN_MODES.has(field.Kind);
  const [mode, setMode] = useState<Mode>(isReference(value) || !field.Manual || field.Kind === "REFERENCE" ? "dynamic" : "manual");
  const kept = useRef<Partial<Record<Mode, unknown>>>({});
  const place = `${part}:${prefix}${field.Path}`;
  const problem = issueAt(place);
  const set = (next: unknown): void => onChange(written(field, values, next, variant));
  const turn = (into: Mode): void => {
    kept.current[mode] = value;
    setMode(into);
    set(kept.current[into]);
  };
  const control: ControlProps = { field, place, value, onChange: set, label: field.Label, invalid: problem !== "" };
  if (field.Kind === "FLAG" && !both && mode === "manual") {
    return (
      <Group problem={problem}>
        <FlagControl {...control} />
      </Group>
    );
  }
  return (
    <Group label={bare ? undefined : field.Label} optional={!field.Required} description={field.Help} problem={problem} hint={constraint(field, value, mode, t)}>
      <div className="panel-stack" data-field={field.Path}>
        {both && <ModeSwitch label={field.Label} mode={mode} onChange={turn} />}
        {mode === "dynamic" && !OWN_MODES.has(field.Kind) ? (
          <ReferencePicker label={field.Label} value={textOf(value)} onChange={set} />
        ) : (
          <Control {...control} />
        )}
      </div>
    </Group>
  );
}

/** Kinds whose parts are set manually or dynamically each by itself. */
const OWN_MODES = new Set<FlowField["Kind"]>(["PROMPT", "MESSAGES", "PAIRS", "NAMES", "REFERENCES", "ROWS"]);

type Translate = ReturnType<typeof useI18n>["t"];

function constraint(field: FlowField, value: unknown, mode: Mode, t: Translate): ReactNode {
  const text = field.Kind === "TEXT" || field.Kind === "LONG_TEXT" || field.Kind === "SSML";
  if (mode === "manual" && text && field.High) return t("form.counter", { count: textOf(value).length, most: field.High });
  if (field.Kind === "NUMBER" && mode === "manual" && field.Low !== undefined && field.High !== undefined) return t("panel.between", { low: field.Low, high: field.High });
  return undefined;
}

function Control(props: ControlProps): ReactNode {
  const { field, place, value, onChange, label, invalid } = props;
  switch (field.Kind) {
    case "LONG_TEXT":
    case "SSML":
      return <FreeText code={field.Kind === "SSML"} label={label} invalid={invalid} value={textOf(value)} onChange={(text) => onChange(text || undefined)} />;
    case "NUMBER":
      return <NumberControl {...props} />;
    case "DURATION":
      return <DurationControl {...props} />;
    case "FLAG":
      return <FlagControl {...props} />;
    case "CHOICE":
      return <ChoiceControl {...props} />;
    case "CHOICES":
      return <ChoicesControl {...props} />;
    case "RESOURCE":
      return <ResourceControl field={field} label={label} invalid={invalid} value={textOf(value)} onChange={onChange} />;
    case "PAIRS":
      return <PairsControl {...props} />;
    case "NAMES":
      return <NamesControl {...props} />;
    case "PROMPT":
      return <PromptControl value={value} label={label} invalid={invalid} onChange={onChange} />;
    case "MESSAGES":
      return <MessagesControl value={value} label={label} onChange={onChange} />;
    case "REFERENCES":
      return <TaskReferencesControl {...props} />;
    case "CRITERIA":
      return <CriteriaControl {...props} />;
    case "JSON":
      return <JsonControl value={value} onChange={onChange} label={label} place={place} />;
    case "PHONE":
      return field.Resource ? <ResourceControl field={field} label={label} invalid={invalid} value={textOf(value)} onChange={onChange} /> : <PhoneControl {...props} />;
    case "KEYS":
      return <KeysControl {...props} />;
    case "CERTIFICATE":
      return <CertificateControl {...props} />;
    case "TIME":
      return <TimeControl {...props} />;
    case "ROWS":
      return <RowsControl {...props} />;
    default:
      return field.Path === "TextToSpeechVoice" ? <VoiceControl {...props} /> : <TextControl {...props} />;
  }
}
