import { type ReactNode } from "react";
import { RuleEdit } from "./RuleEdit";
import { RuleList } from "./RuleList";
import { RuleView } from "./RuleView";
import { RuleWizard } from "./RuleWizard";
import "./rules.css";

/** Rules: `#/rules`, `.../new`, `.../{id}`, `.../{id}/edit`. */
export function RulesPage({ second, third }: { second: string; third: string }): ReactNode {
  if (second === "new") return <RuleWizard />;
  if (second && third === "edit") return <RuleEdit id={second} />;
  return second ? <RuleView id={second} /> : <RuleList />;
}
