import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import { useI18n } from "../../i18n";
import { Keypad } from "./Keypad";
import { countries, countryOf, rememberCountry, showNumber, startCountry, toE164, typingNumber, type CountryCode } from "./numbers";

interface NumberFieldProps {
  /** Lower-case ISO codes of the countries that may be called. */
  allowed: readonly string[];
  callerId?: string;
  typed: string;
  country: CountryCode | undefined;
  onTyped: (typed: string) => void;
  onCountry: (country: CountryCode) => void;
  onEnter: () => void;
  error?: string;
  field?: React.Ref<InputProps.Ref>;
}

/** A country and a number, written as it is typed. */
export function NumberField(props: NumberFieldProps): ReactNode {
  const { t, language } = useI18n();
  const options: SelectProps.Option[] = countries(props.allowed, language).map((one) => ({
    value: one.code,
    label: `${one.flag} ${one.calling}`,
    description: one.name,
    filteringTags: [one.name, one.code],
  }));
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.target as HTMLElement).tagName === "INPUT") {
      event.preventDefault();
      event.stopPropagation();
      props.onEnter();
    }
  };
  const typed = (value: string): void => {
    const other = value.startsWith("+") ? countryOf(value) : undefined;
    if (other && other !== props.country && options.some((one) => one.value === other)) props.onCountry(other);
    props.onTyped(typingNumber(value, props.country));
  };
  return (
    <div className="number-field" onKeyDown={keyDown}>
      <FormField label={t("voice.country")}>
        <Select
          selectedOption={options.find((one) => one.value === props.country) ?? null}
          options={options}
          filteringType="auto"
          filteringAriaLabel={t("voice.findCountry")}
          onChange={({ detail }) => props.onCountry(detail.selectedOption.value as CountryCode)}
          expandToViewport
        />
      </FormField>
      <FormField label={t("voice.number")} errorText={props.error}>
        <Input ref={props.field} inputMode="tel" autoComplete={false} value={props.typed} placeholder="555 0100" onChange={({ detail }) => typed(detail.value)} />
      </FormField>
    </div>
  );
}

interface Dialling {
  typed: string;
  country: CountryCode | undefined;
  error: string;
  number: string | null;
  setTyped: (typed: string) => void;
  setCountry: (country: CountryCode) => void;
  /** The number to call; null after telling the person what is wrong with it. */
  check: () => string | null;
}

/** A number on its way: typed text, country, and what is wrong with it once somebody wants to call it. */
export function useDialling(allowed: readonly string[], callerId?: string): Dialling {
  const { t } = useI18n();
  const [typed, setTyped] = useState("");
  const [country, setCountry] = useState<CountryCode | undefined>(() => startCountry(allowed, callerId));
  const [error, setError] = useState("");
  const number = toE164(typed, country);
  return {
    typed,
    country,
    error,
    number,
    setTyped: (next) => {
      setTyped(next);
      setError("");
    },
    setCountry: (next) => {
      setCountry(next);
      setError("");
    },
    check: () => {
      if (!number) setError(t(typed.trim() ? "voice.badNumber" : "voice.noNumber"));
      else if (country) rememberCountry(country);
      return number;
    },
  };
}

interface Props {
  allowed: readonly string[];
  callerId?: string;
  busy: boolean;
  onCall: (number: string) => void;
}

/** The number pad: country, number, keys with letters, Call (DESK-46..48). */
export function NumberPad({ allowed, callerId, busy, onCall }: Props): ReactNode {
  const { t } = useI18n();
  const dialling = useDialling(allowed, callerId);
  const field = useRef<InputProps.Ref>(null);
  const call = (): void => {
    const number = dialling.check();
    if (number && !busy) onCall(number);
  };
  return (
    <div className="number-pad">
      <NumberField
        allowed={allowed}
        callerId={callerId}
        typed={dialling.typed}
        country={dialling.country}
        error={dialling.error}
        onTyped={dialling.setTyped}
        onCountry={dialling.setCountry}
        onEnter={call}
        field={field}
      />
      <Keypad plus onKey={(key) => dialling.setTyped(typingNumber(dialling.typed + key, dialling.country))} />
      <div className="number-pad-foot">
        <Button variant="icon" iconName="undo" ariaLabel={t("voice.eraseDigit")} disabled={!dialling.typed} onClick={() => dialling.setTyped(dialling.typed.replace(/[\s()-]*.$/, ""))} />
        <Button variant="primary" iconName="call" loading={busy} onClick={call}>
          {t("voice.call")}
        </Button>
        <span aria-live="polite" className="dim number-shown">
          {dialling.number ? showNumber(dialling.number) : ""}
        </span>
      </div>
      {callerId && <p className="dim small">{t("voice.callerId", { number: showNumber(callerId) })}</p>}
    </div>
  );
}
