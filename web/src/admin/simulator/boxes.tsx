import { useState, type ReactNode } from "react";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useI18n, type TextKey } from "../../i18n";
import { KINDS, lengthOf, round, withKind, withMean, type Kind } from "./scenario";

interface NumberProps {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  /** What an empty box shows; without it a box is never left empty. */
  nothing?: string;
  least?: number;
  step?: number;
  disabled?: boolean;
  invalid?: boolean;
}

/** A number; what is typed counts as soon as it is one, and an unfinished one is put right on leaving. */
export function NumberBox({ label, value, onChange, nothing, least = 0, step = 1, disabled, invalid }: NumberProps): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? "" : String(round(value, 3)));
  const take = (next: string): void => {
    setTyped(next);
    if (next.trim() === "") {
      if (nothing !== undefined) onChange(null);
    } else if (Number.isFinite(Number(next)) && Number(next) >= least) onChange(Number(next));
  };
  return (
    <Input
      ariaLabel={label} type="number" inputMode="decimal" step={step} value={text} placeholder={nothing} disabled={disabled} invalid={invalid}
      onChange={({ detail }) => take(detail.value)} onBlur={() => setTyped(null)}
    />
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  invalid?: boolean;
}

/** A text with a form of its own, such as 09:00-17:00; it stays as it is typed until the box is left. */
export function TextBox({ label, value, onChange, placeholder, invalid }: TextProps): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Input
      ariaLabel={label} value={typed ?? value} placeholder={placeholder} invalid={invalid}
      onChange={({ detail }) => { setTyped(detail.value); onChange(detail.value); }}
      onBlur={() => setTyped(null)}
    />
  );
}

interface LengthProps {
  label: string;
  value: unknown;
  nothing?: string;
  invalid?: boolean;
  onChange: (value: unknown) => void;
}

/** How long something takes: the mean in seconds, and how it varies. */
export function LengthBox({ label, value, nothing, invalid, onChange }: LengthProps): ReactNode {
  const { t } = useI18n();
  const now = lengthOf(value);
  const options = KINDS.filter((kind) => kind !== "samples" || now?.kind === "samples").map((kind) => ({ value: kind, label: t(`simKind.${kind}` as TextKey) }));
  return (
    <div className="sim-length">
      <NumberBox label={`${label}: ${t("sim.meanSeconds")}`} value={now?.mean ?? null} nothing={nothing} invalid={invalid} onChange={(mean) => onChange(mean === null ? null : withMean(value, mean))} />
      <Select
        ariaLabel={`${label}: ${t("sim.varies")}`} options={options} disabled={!now} expandToViewport
        selectedOption={options.find((one) => one.value === now?.kind) ?? null} placeholder="–"
        onChange={({ detail }) => onChange(withKind(value, detail.selectedOption.value as Kind))}
      />
      {now?.deviation !== null && now?.deviation !== undefined && (
        <NumberBox label={`${label}: ${t("sim.deviation")}`} value={now.deviation} onChange={(deviation) => onChange({ [now.kind]: { mean: now.mean, deviation: deviation ?? 0 } })} />
      )}
    </div>
  );
}
