import { useEffect, useRef, useState, type ReactNode } from "react";
import { useI18n } from "../../i18n";
import { KEYS } from "./numbers";

interface KeypadProps {
  onKey: (key: string) => void;
  /** A long press of 0 is a plus; only where numbers are typed. */
  plus?: boolean;
  disabled?: boolean;
}

const LONG_MS = 500;

/** The twelve keys of a telephone with their letters. */
export function Keypad({ onKey, plus = false, disabled = false }: KeypadProps): ReactNode {
  const { t } = useI18n();
  const pressedAt = useRef(0);
  return (
    <div className="keypad" role="group" aria-label={t("voice.keypad")}>
      {KEYS.map(({ key, letters }) => (
        <button
          key={key}
          type="button"
          className="key"
          disabled={disabled}
          aria-label={letters && key !== "0" ? `${key} ${letters}` : key}
          onPointerDown={() => (pressedAt.current = performance.now())}
          onClick={(event) => onKey(plus && key === "0" && event.detail > 0 && performance.now() - pressedAt.current > LONG_MS ? "+" : key)}
        >
          <span className="key-digit">{key}</span>
          <span className="key-letters" aria-hidden="true">
            {key === "0" && !plus ? " " : letters || " "}
          </span>
        </button>
      ))}
    </div>
  );
}

const DIGIT = /^[0-9*#]$/;

/** A keypad during a call: shows what was sent, and takes keys from the keyboard while it is open (DESK-43). */
export function CallKeypad({ onDigits, disabled }: { onDigits: (digits: string) => void; disabled: boolean }): ReactNode {
  const { t } = useI18n();
  const [sent, setSent] = useState("");
  const latest = useRef<(key: string) => void>(() => {});
  latest.current = (key) => {
    if (disabled) return;
    setSent((now) => (now + key).slice(-24));
    onDigits(key);
  };
  useEffect(() => {
    const typed = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement | null;
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (target?.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target?.tagName ?? "")) return;
      if (!DIGIT.test(event.key)) return;
      event.preventDefault();
      latest.current(event.key);
    };
    window.addEventListener("keydown", typed);
    return () => window.removeEventListener("keydown", typed);
  }, []);
  return (
    <section className="call-keypad" aria-label={t("voice.keypad")}>
      <output className="keys-sent tabular" aria-label={t("voice.keysSent")}>
        {sent || <span className="dim">{t("voice.keypadHint")}</span>}
      </output>
      <Keypad onKey={(key) => latest.current(key)} disabled={disabled} />
    </section>
  );
}
