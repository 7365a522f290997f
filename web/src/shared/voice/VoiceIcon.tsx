import { type ReactNode } from "react";

/** Signs of a telephone that the component library has not. Drawn on a 24 × 24 field. */
const PATHS = {
  accept: "M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2c.3-.3.7-.4 1-.2 1.2.4 2.4.6 3.6.6.6 0 1 .4 1 1V20c0 .6-.4 1-1 1A17 17 0 0 1 3 4c0-.6.4-1 1-1h3.4c.6 0 1 .4 1 1 0 1.2.2 2.4.6 3.6.1.3 0 .7-.2 1z",
  hangup: "M12 9c-1.6 0-3.2.3-4.6.7v3.1c0 .4-.2.8-.6 1-1 .5-1.9 1.1-2.7 1.8-.4.4-1 .4-1.4 0L.3 13.2a1 1 0 0 1 0-1.4A17 17 0 0 1 12 7c4.6 0 8.7 1.8 11.7 4.8.4.4.4 1 0 1.4l-2.4 2.4c-.4.4-1 .4-1.4 0-.8-.7-1.7-1.3-2.7-1.8-.3-.2-.6-.6-.6-1V9.7C15.2 9.3 13.6 9 12 9z",
  mute: "M19 11h-1.7c0 .7-.2 1.4-.4 2.1l1.2 1.2c.6-1 .9-2.1.9-3.3zM15 11.2V5a3 3 0 0 0-6-.2l6 6.4zM4.3 3 3 4.3l6 6V11a3 3 0 0 0 4.6 2.5l1.7 1.7A5.3 5.3 0 0 1 6.7 11H5a7 7 0 0 0 6 6.9V21h2v-3.1c.9-.1 1.8-.5 2.5-.9l4.2 4.2 1.3-1.3z",
  microphone: "M12 14a3 3 0 0 0 3-3V5a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zm5.3-3a5.3 5.3 0 0 1-10.6 0H5a7 7 0 0 0 6 6.9V21h2v-3.1A7 7 0 0 0 19 11z",
  hold: "M6 5h4v14H6zm8 0h4v14h-4z",
  resume: "M8 5v14l11-7z",
  keypad: "M4 3h4v4H4zm6 0h4v4h-4zm6 0h4v4h-4zM4 9h4v4H4zm6 0h4v4h-4zm6 0h4v4h-4zM4 15h4v4H4zm6 0h4v4h-4zm6 0h4v4h-4z",
  quick: "M3 6h11v2H3zm0 5h11v2H3zm0 5h7v2H3zm15-5V8h-2v3h-3v2h3v3h2v-3h3v-2z",
  join: "M17 20.4l1.4-1.4-3.4-3.4-1.4 1.4zM7.5 8H11v5.6L5.6 19 7 20.4l6-6V8h3.5L12 3.5z",
  swap: "M16 17V10h-2v7h-3l4 4 4-4zM9 3 5 7h3v7h2V7h3z",
  leave: "M13 8V5H5v14h8v-3h2v5H3V3h12v5zm4-1 5 5-5 5v-3.5H9v-3h8z",
  video: "M17 10.5V7a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-3.5l4 4v-11z",
} as const;

export type VoiceIconName = keyof typeof PATHS;

export function VoiceIcon({ name, size = 22 }: { name: VoiceIconName; size?: number }): ReactNode {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} fill="currentColor" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
