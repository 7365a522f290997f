import { createContext, useContext, useEffect, useRef } from "react";
import type { FlowNamespace } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import type { Issue } from "./draft";

export interface PanelSetting {
  flowType: string;
  namespaces: readonly FlowNamespace[];
  readOnly: boolean;
  /** What is wrong at a place (`field:PATH`, `row:INDEX`...), to be shown there. */
  issueAt: (place: string) => string;
  /** Something typed that cannot be stored keeps the panel from being saved; null takes it back. */
  report: (place: string, issue: Issue | null) => void;
  /** Name an exported flow gives to what a parameter refers to. */
  knownName: (path: string) => string;
  /** The bot the block asks, if any. */
  botAlias: string;
  /** Notes what a resource that was chosen is called. */
  chose: (path: string, label: string) => void;
}

const Context = createContext<PanelSetting | null>(null);
export const PanelProvider = Context.Provider;

export function usePanel(): PanelSetting {
  const value = useContext(Context);
  if (!value) throw new Error("no block panel above");
  return value;
}

/** Says what keeps a control from being stored; a control that goes away takes it back. */
export function useReport(place: string): (issue: Issue | null) => void {
  const { report } = usePanel();
  const latest = useRef(report);
  latest.current = report;
  useEffect(() => () => latest.current(place, null), [place]);
  return (issue) => report(place, issue);
}

export function useIssueText(): (issue: Issue | undefined) => string {
  const { t } = useI18n();
  return (issue) => (issue ? t(issue.text, issue.values) : "");
}
