import { type ReactNode } from "react";
import { VoiceIcon, type VoiceIconName } from "./VoiceIcon";

interface Props {
  icon: VoiceIconName;
  label: string;
  onClick: () => void;
  /** Two-state buttons say which state holds. */
  pressed?: boolean;
  tone?: "plain" | "good" | "bad" | "warn";
  disabled?: boolean;
  shortcut?: string;
}

/** A large round button with its name beneath, as telephones have. */
export function RoundButton({ icon, label, onClick, pressed, tone = "plain", disabled = false, shortcut }: Props): ReactNode {
  return (
    <button
      type="button"
      className={`round-button tone-${tone}${pressed ? " pressed" : ""}`}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${label} (${shortcut})` : undefined}
      disabled={disabled}
      onClick={onClick}
    >
      <span className="round-face">
        <VoiceIcon name={icon} />
      </span>
      <span>{label}</span>
    </button>
  );
}
