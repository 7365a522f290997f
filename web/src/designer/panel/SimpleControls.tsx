import { useState, type ReactNode } from "react";
import Checkbox from "@cloudscape-design/components/checkbox";
import DatePicker from "@cloudscape-design/components/date-picker";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import TimeInput from "@cloudscape-design/components/time-input";
import type { FlowField } from "../../api/switchroom";
import { useI18n, type TextKey } from "../../i18n";
import { countries, showNumber, toE164, typingNumber } from "../../shared/voice/numbers";
import { usePanel, useReport } from "./context";
import { durationOf, flag, namesOf, numeric, textOf, truth, UNITS, type Unit } from "./values";

export interface ControlProps {
  field: FlowField;
  /** Where what is wrong with it is shown. */
  place: string;
  value: unknown;
  /** Stores a value; undefined takes it away. */
  onChange: (value: unknown) => void;
  label: string;
  invalid: boolean;
}

const FEW = 4;

export function NumberControl({ field, value, onChange, label, invalid }: ControlProps): ReactNode {
  const { code } = useI18n();
  const { readOnly } = usePanel();
  return (
    <div className="panel-beside">
      <div className="panel-short">
        <Input autoComplete={false}
          type="number"
          inputMode="numeric"
          ariaLabel={label}
          readOnly={readOnly}
          invalid={invalid}
          value={textOf(value)}
          nativeInputAttributes={{ min: field.Low, max: field.High }}
          onChange={({ detail }) => onChange(numeric(detail.value, value))}
        />
      </div>
      {field.Unit && <span>{code("panel.unit", field.Unit)}</span>}
    </div>
  );
}

/** Seconds, typed in the unit one thinks in; a sign of its own where there are negative ones. */
export function DurationControl({ field, value, onChange, label, invalid }: ControlProps): ReactNode {
  const { t, code } = useI18n();
  const { readOnly } = usePanel();
  const stored = textOf(value);
  const read = durationOf(Number(stored) || 0);
  const [unit, setUnit] = useState<Unit>(stored ? read.unit : "SECONDS");
  const [back, setBack] = useState(Number(stored) < 0);
  const signed = (field.Low ?? 0) < 0;
  const amount = stored === "" ? "" : String(Math.abs(Number(stored)) / UNITS[unit]);
  const write = (text: string, inUnit: Unit, negative: boolean): void => {
    const seconds = Math.round(Number(text) * UNITS[inUnit]) * (signed && negative ? -1 : 1);
    onChange(text === "" ? undefined : numeric(String(seconds), value));
  };
  const high = field.High ?? Infinity;
  const units = (Object.keys(UNITS) as Unit[]).filter((one) => UNITS[one] <= high || one === unit).map((one) => ({ value: one, label: code("panel.unit", one) }));
  const signs = [{ value: "+", label: "+" }, { value: "-", label: "−" }];
  return (
    <div className="panel-beside">
      {signed && (
        <div className="panel-sign">
          <Select
            ariaLabel={`${label}: ${t("panel.sign")}`}
            disabled={readOnly}
            options={signs}
            selectedOption={signs[back ? 1 : 0]!}
            onChange={({ detail }) => {
              const negative = detail.selectedOption.value === "-";
              setBack(negative);
              write(amount, unit, negative);
            }}
          />
        </div>
      )}
      <div className="panel-short">
        <Input autoComplete={false} type="number" inputMode="numeric" ariaLabel={label} readOnly={readOnly} invalid={invalid} value={amount} nativeInputAttributes={{ min: 0 }} onChange={({ detail }) => write(detail.value.replace("-", ""), unit, back)} />
      </div>
      <div className="panel-unit">
        <Select
          ariaLabel={`${label}: ${t("panel.unitOf")}`}
          disabled={readOnly}
          options={units}
          selectedOption={units.find((one) => one.value === unit)!}
          onChange={({ detail }) => {
            const next = detail.selectedOption.value as Unit;
            setUnit(next);
            write(amount, next, back);
          }}
        />
      </div>
    </div>
  );
}

export function FlagControl({ field, value, onChange, label }: ControlProps): ReactNode {
  const { readOnly } = usePanel();
  const stored = field.Choices;
  // A flag with choices is stored as one of two texts, the first of which means yes.
  const checked = stored?.length ? textOf(value).toLowerCase() === stored[0]!.Value.toLowerCase() : truth(value);
  return (
    <Checkbox
      checked={checked}
      readOnly={readOnly}
      description={field.Help}
      onChange={({ detail }) => onChange(stored?.length ? (stored[detail.checked ? 0 : 1]?.Value ?? undefined) : flag(detail.checked, value))}
    >
      {label}
    </Checkbox>
  );
}

export function ChoiceControl({ field, value, onChange, label, invalid }: ControlProps): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const text = textOf(value);
  const choices = (field.Choices ?? []).map((one) => ({ value: one.Value, label: one.Label }));
  const found = choices.find((one) => one.value.toLowerCase() === text.toLowerCase());
  if (choices.length <= FEW && (field.Required || found) && (!text || found)) {
    return (
      <RadioGroup
        ariaLabel={label}
        value={found?.value ?? null}
        items={choices.map((one) => ({ ...one, disabled: readOnly }))}
        onChange={({ detail }) => onChange(detail.value)}
      />
    );
  }
  const options = field.Required ? choices : [{ value: "", label: t("form.none") }, ...choices];
  return (
    <Select
      ariaLabel={label}
      disabled={readOnly}
      invalid={invalid}
      options={options}
      filteringType={options.length > 8 ? "auto" : "none"}
      selectedOption={found ?? (text ? { value: text, label: text } : null)}
      placeholder={t(field.Required ? "form.choose" : "form.none")}
      expandToViewport
      onChange={({ detail }) => onChange(detail.selectedOption.value || undefined)}
    />
  );
}

export function ChoicesControl({ field, value, onChange, label, invalid }: ControlProps): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const chosen = namesOf(value);
  const choices = field.Choices ?? [];
  const write = (values: string[]): void => onChange(values.length ? values : undefined);
  if (choices.length <= FEW) {
    const others = chosen.filter((one) => !choices.some((choice) => choice.Value === one));
    return (
      <div role="group" aria-label={label} className="panel-stack">
        {choices.map(({ Value, Label }) => (
          <Checkbox
            key={Value}
            readOnly={readOnly}
            checked={chosen.includes(Value)}
            onChange={({ detail }) => write([...choices.map((one) => one.Value).filter((one) => (one === Value ? detail.checked : chosen.includes(one))), ...others])}
          >
            {Label}
          </Checkbox>
        ))}
      </div>
    );
  }
  const options = choices.map((one) => ({ value: one.Value, label: one.Label }));
  return (
    <Multiselect
      ariaLabel={label}
      disabled={readOnly}
      invalid={invalid}
      options={options}
      selectedOptions={chosen.map((one) => options.find((option) => option.value === one) ?? { value: one, label: one })}
      filteringType={options.length > 8 ? "auto" : "none"}
      placeholder={t("form.choose")}
      expandToViewport
      onChange={({ detail }) => write(detail.selectedOptions.map((one) => one.value!))}
    />
  );
}

export function TextControl({ field, value, onChange, label, invalid }: ControlProps): ReactNode {
  const { readOnly } = usePanel();
  return <Input autoComplete={false} ariaLabel={label} readOnly={readOnly} invalid={invalid} value={textOf(value)} placeholder={field.Default} onChange={({ detail }) => onChange(detail.value || undefined)} />;
}

export function KeysControl({ field, value, onChange, label, invalid }: ControlProps): ReactNode {
  const { readOnly } = usePanel();
  const most = field.High ?? 5;
  return (
    <div className={most > 5 ? undefined : "panel-short"}>
      <Input autoComplete={false}
        ariaLabel={label}
        readOnly={readOnly}
        invalid={invalid}
        inputMode="tel"
        value={textOf(value)}
        onChange={({ detail }) => onChange(detail.value.replace(/[^0-9#*,]/g, "").slice(0, most) || undefined)}
      />
    </div>
  );
}

const SHOWN_FIRST = ["us", "gb", "jp", "de", "fr", "ca", "au", "sg"];

/** A number as people write it, stored as E.164. */
export function PhoneControl({ place, value, onChange, label, invalid }: ControlProps): ReactNode {
  const { t, language } = useI18n();
  const { readOnly } = usePanel();
  const report = useReport(place);
  const [typed, setTyped] = useState(showNumber(textOf(value)));
  const number = toE164(typed);
  const change = (text: string): void => {
    const next = typingNumber(text);
    setTyped(next);
    const found = toE164(next);
    report(next && !found ? { text: "panel.badPhone" } : null);
    onChange(next ? (found ?? undefined) : undefined);
  };
  const codes = countries(SHOWN_FIRST, language);
  return (
    <div className="panel-stack">
      <Input autoComplete={false} ariaLabel={label} readOnly={readOnly} invalid={invalid} inputMode="tel" type="text" value={typed} placeholder="+1 206-555-0100" onChange={({ detail }) => change(detail.value)} />
      {!typed && !readOnly && (
        <div className="panel-links" role="group" aria-label={t("panel.countryCodes")}>
          {codes.map((one) => (
            <button key={one.code} type="button" className="panel-chip" title={one.name} onClick={() => change(`${one.calling} `)}>
              {one.flag} {one.calling}
            </button>
          ))}
        </div>
      )}
      {number && <div className="panel-hint">{number}</div>}
    </div>
  );
}

export function CertificateControl({ value, onChange, label, invalid }: ControlProps): ReactNode {
  const { readOnly } = usePanel();
  return (
    <div className="panel-code">
      <Textarea ariaLabel={label} readOnly={readOnly} invalid={invalid} rows={6} spellcheck={false} value={textOf(value)} placeholder="-----BEGIN CERTIFICATE-----" onChange={({ detail }) => onChange(detail.value || undefined)} />
    </div>
  );
}

const two = (number: number): string => String(number).padStart(2, "0");

function clockOf(seconds: string): { date: string; time: string } {
  const at = Number(seconds);
  if (!seconds || !Number.isFinite(at)) return { date: "", time: "" };
  const moment = new Date(at * 1000);
  return {
    date: `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`,
    time: `${two(moment.getHours())}:${two(moment.getMinutes())}`,
  };
}

/** A moment in the time zone of the browser, stored as seconds since 1970. */
export function TimeControl({ place, value, onChange, label, invalid }: ControlProps): ReactNode {
  const { t, language } = useI18n();
  const { readOnly } = usePanel();
  const report = useReport(place);
  const [clock, setClock] = useState(clockOf(textOf(value)));
  const change = (part: Partial<typeof clock>): void => {
    const next = { ...clock, ...part };
    setClock(next);
    const whole = /^\d{4}-\d\d-\d\d$/.test(next.date) && /^\d\d:\d\d$/.test(next.time);
    const partial: TextKey | null = !whole && (next.date || next.time) ? "panel.wholeTime" : null;
    report(partial && { text: partial });
    const at = new Date(`${next.date}T${next.time}`).getTime() / 1000;
    onChange(whole && Number.isFinite(at) ? String(at) : undefined);
  };
  return (
    <div className="panel-beside">
      <DatePicker
        ariaLabel={`${label}: ${t("panel.date")}`}
        locale={language}
        disabled={readOnly}
        invalid={invalid}
        value={clock.date}
        placeholder="YYYY/MM/DD"
        openCalendarAriaLabel={() => t("panel.calendar")}
        onChange={({ detail }) => change({ date: detail.value })}
      />
      <div className="panel-short">
        <TimeInput ariaLabel={`${label}: ${t("panel.time")}`} format="hh:mm" placeholder="hh:mm" disabled={readOnly} invalid={invalid} value={clock.time} onChange={({ detail }) => change({ time: detail.value })} />
      </div>
    </div>
  );
}
