import type { AgentContact, CallLeg } from "../../api/switchroom";

/** What an agent does with a call; the page brings each to the service. */
export interface CallActions {
  end: (contact: AgentContact) => void;
  clear: (contact: AgentContact) => void;
  hold: (contact: AgentContact, leg?: CallLeg) => void;
  resume: (contact: AgentContact, leg?: CallLeg) => void;
  holdAll: (contact: AgentContact) => void;
  join: (contact: AgentContact) => void;
  swap: (contact: AgentContact) => void;
  drop: (contact: AgentContact, leg: CallLeg) => void;
  mute: (contact: AgentContact, muted: boolean, leg?: CallLeg) => void;
  digits: (contact: AgentContact, digits: string) => void;
  /** Opens the quick connects or the number pad to call somebody in. */
  add: (contact: AgentContact, tab: "quick" | "pad") => void;
  task: (contact: AgentContact) => void;
  monitor: (contact: AgentContact, mode: "SILENT_MONITOR" | "BARGE") => void;
}
