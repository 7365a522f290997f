/** What can be taken back: past states with the label of the edit that left each, newest last. */

export const HISTORY_DEPTH = 100;

export interface Step<State> {
  label: string;
  state: State;
}

export interface History<State> {
  past: readonly Step<State>[];
  present: State;
  /** Next to be done again last. */
  future: readonly Step<State>[];
}

export function historyOf<State>(present: State): History<State> {
  return { past: [], present, future: [] };
}

/** A step that can be undone; the state as it is where nothing changed. */
export function record<State>(history: History<State>, label: string, present: State): History<State> {
  if (Object.is(present, history.present)) return history;
  return { past: [...history.past, { label, state: history.present }].slice(-HISTORY_DEPTH), present, future: [] };
}

/** A change that cannot be undone by itself, such as folding a note. */
export function amend<State>(history: History<State>, present: State): History<State> {
  return { ...history, present };
}

/** Takes back the last `count` steps. */
export function undo<State>(history: History<State>, count = 1): History<State> {
  let { past, present, future } = history;
  for (let left = Math.min(count, past.length); left > 0; left -= 1) {
    const { label, state } = past[past.length - 1]!;
    future = [...future, { label, state: present }];
    past = past.slice(0, -1);
    present = state;
  }
  return { past, present, future };
}

export function redo<State>(history: History<State>, count = 1): History<State> {
  let { past, present, future } = history;
  for (let left = Math.min(count, future.length); left > 0; left -= 1) {
    const { label, state } = future[future.length - 1]!;
    past = [...past, { label, state: present }];
    future = future.slice(0, -1);
    present = state;
  }
  return { past, present, future };
}

/** Labels of what can be undone, newest first. */
export function undoables<State>(history: History<State>): string[] {
  return history.past.map((step) => step.label).reverse();
}

/** Labels of what can be done again, next first. */
export function redoables<State>(history: History<State>): string[] {
  return history.future.map((step) => step.label).reverse();
}
