import { type ReactNode } from "react";
import { ConnectionList } from "./ConnectionList";
import { ConnectionView } from "./ConnectionView";
import { ConnectWizard } from "./ConnectWizard";
import "../rules/rules.css";

/** Connected applications: `#/applications`, `.../new`, `.../{id}`. */
export function ApplicationsPage({ second }: { second: string }): ReactNode {
  if (second === "new") return <ConnectWizard />;
  return second ? <ConnectionView id={second} /> : <ConnectionList />;
}
