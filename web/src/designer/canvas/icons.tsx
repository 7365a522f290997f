import type { ReactNode } from "react";
import type { FlowBlock } from "../../api/switchroom";

/** Line drawings of 16 by 16, one or several strokes each. */
const SPEAKER = ["M2 6h2.5L8 3v10L4.5 10H2z", "M10.5 5.5a3.5 3.5 0 0 1 0 5", "M12.5 3.5a6.4 6.4 0 0 1 0 9"];
const KEYPAD = ["M3 3h.01", "M8 3h.01", "M13 3h.01", "M3 8h.01", "M8 8h.01", "M13 8h.01", "M8 13h.01"];
const QUEUE = ["M2.5 4h11", "M2.5 8h11", "M2.5 12h7"];
const FLOW = ["M2 3h4v4H2z", "M10 9h4v4h-4z", "M4 7v4h6"];
const PHONE = ["M4.5 2 6.7 5 5.3 6.7a9 9 0 0 0 4 4L11 9.3l3 2.2c-.3 1.7-1.6 2.7-3.2 2.4C6 13 3 10 2.1 5.2 1.8 3.6 2.8 2.3 4.5 2z"];
const CLOCK = ["M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2", "M8 5v3.3l2.2 1.4"];
const PERSON = ["M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 1 0 0-5.4", "M2.8 14a5.2 5.2 0 0 1 10.4 0"];
const VOICE = ["M8 2a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0V4a2 2 0 0 1 2-2z", "M4 7.5a4 4 0 0 0 8 0", "M8 11.5V14"];
const TAG = ["M2.5 2.5h5l6 6-5 5-6-6z", "M5.2 5.2h.01"];
const GAUGE = ["M2.5 12a6 6 0 1 1 11 0", "M8 9.5 10.5 6"];
const STREAM = ["M2 8h1.5L5 4l2.5 8L10 5.5 11.5 8H14"];
const LOOP = ["M13 8a5 5 0 1 1-1.6-3.7", "M13.2 2v3h-3"];
const CASE = ["M2 5h12v8.5H2z", "M6 5V3h4v2", "M2 8.5h12"];
const TASK = ["M3 2.5h10v11H3z", "M5.5 8l2 2 3.2-4"];
const CHAT = ["M2 3h12v8H7l-3 2.5V11H2z"];
const SPLIT = ["M2 8h4l5-4.5h3", "M6 8l5 4.5h3"];
const LIST = ["M2.5 4h.01", "M5.5 4h8", "M2.5 8h.01", "M5.5 8h8", "M2.5 12h.01", "M5.5 12h8"];
const SCREEN = ["M2 3h12v8H2z", "M6 14h4", "M8 11v3"];
const SHIELD = ["M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z"];
const CODE = ["M5.5 4.5 2 8l3.5 3.5", "M10.5 4.5 14 8l-3.5 3.5"];
const PAUSE = ["M5.5 3v10", "M10.5 3v10"];
const RECORD = ["M8 3a5 5 0 1 0 0 10A5 5 0 1 0 8 3", "M8 6.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 1 0 0-2.4"];
const END = ["M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2", "M6 6h4v4H6z"];
const RETURN = ["M6 3 2.5 6.5 6 10", "M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7"];
const LOG = ["M3.5 2h6L12.5 5v9h-9z", "M6 7.5h4", "M6 10.5h4"];
const STAR = ["M8 2l1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z"];
const LINK = ["M6.5 9.5l3-3", "M7 4.5 8.8 2.7a2.6 2.6 0 0 1 3.7 3.7L10.7 8.2", "M9 11.5l-1.8 1.8a2.6 2.6 0 0 1-3.7-3.7L5.3 7.8"];
const WHISPER = ["M2 6h3v4H2z", "M5 6l4-2v8l-4-2", "M11.5 7v2", "M13.5 6v4"];
const ROUTE = ["M3.5 12.5h6a2.5 2.5 0 0 0 0-5h-3a2.5 2.5 0 0 1 0-5h6", "M10.5 1l2 1.5-2 1.5"];

const BY_KEY: Record<string, string[]> = {
  "amazon-q-in-connect": STAR, "call-phone-number": PHONE, cases: CASE, "change-routing-priority": ROUTE, "check-call-progress": PHONE,
  "check-contact-attributes": LIST, "check-hours": CLOCK, "check-queue-status": QUEUE, "check-voice-id": SHIELD, "check-staffing": PERSON,
  "contact-tags": TAG, "create-persistent-contact-association": LINK, "create-task": TASK, "customer-profiles": PERSON, disconnect: END,
  "distribute-by-percentage": SPLIT, "end-flow": END, "get-customer-input": KEYPAD, "get-queue-metrics": GAUGE, "hold-customer-or-agent": PAUSE,
  "invoke-function": CODE, "invoke-module": FLOW, loop: LOOP, "loop-prompts": LOOP, "play-prompt": SPEAKER, "resume-contact": LOOP, return: RETURN,
  "set-callback-number": PHONE, "set-contact-attributes": TAG, "set-customer-queue-flow": FLOW, "set-disconnect-flow": FLOW, "set-event-flow": FLOW,
  "set-hold-flow": FLOW, "set-logging-behavior": LOG, "set-recording-behavior": RECORD, "set-routing-criteria": ROUTE, "set-voice-id": SHIELD, "set-voice": VOICE,
  "set-whisper-flow": WHISPER, "set-working-queue": QUEUE, "show-view": SCREEN, "start-media-streaming": STREAM, "stop-media-streaming": STREAM,
  "store-customer-input": KEYPAD, "transfer-to-agent": PERSON, "transfer-to-flow": FLOW, "transfer-to-phone-number": PHONE, "transfer-to-queue": QUEUE, wait: CLOCK,
};

const BY_GROUP: Record<FlowBlock["Group"], string[]> = { INTERACT: CHAT, SET: LIST, CHECK: SPLIT, INTEGRATE: CODE, END };

function strokesOf(block: FlowBlock | null): string[] {
  if (!block) return CODE;
  return BY_KEY[block.Key] ?? BY_GROUP[block.Group];
}

/** The picture of a kind of block, in the colour of its group. */
export function BlockIcon({ block }: { block: FlowBlock | null }): ReactNode {
  return (
    <span className={`flow-icon flow-group-${block?.Group ?? "UNKNOWN"}`} aria-hidden="true">
      <Strokes of={strokesOf(block)} />
    </span>
  );
}

export function Strokes({ of }: { of: readonly string[] }): ReactNode {
  return (
    <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
      {of.map((d) => <path key={d} d={d} />)}
    </svg>
  );
}

export const NOTE_STROKES = ["M2.5 2.5h11v7l-4 4h-7z", "M13.5 9.5h-4v4"];
export const WARNING_STROKES = ["M8 2 14.5 13.5h-13z", "M8 6.5v3", "M8 11.4v.2"];
export const MENU_STROKES = ["M3.5 8h.01", "M8 8h.01", "M12.5 8h.01"];
export const CLOSE_STROKES = ["M4 4l8 8", "M12 4l-8 8"];
export const FOLD_STROKES = ["M4 8h8"];
export const LINK_STROKES = LINK;
export const MAP_STROKES = ["M2 4l4-1.5 4 1.5 4-1.5v10L10 14l-4-1.5L2 14z", "M6 2.5v10", "M10 4v10"];
export const RESET_STROKES = ["M2 8h8", "M7 4.5 10.5 8 7 11.5", "M13.5 2.5v11"];
