import { useState, type ReactNode } from "react";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { FlowProblem } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import type { Check } from "./useChecker";

interface Props {
  check: Check;
  /** What a block is called, by the action the problem is about. */
  titleOf: (actionId: string) => string;
  onChoose: (problem: FlowProblem) => void;
}

const KINDS = { ERROR: "error", WARNING: "warning", INFO: "info" } as const;

/** The checker's findings, as a line at the foot that opens to a list. */
export function ProblemsDrawer({ check, titleOf, onChoose }: Props): ReactNode {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  const count = (severity: FlowProblem["Severity"]): number => check.problems.filter((one) => one.Severity === severity).length;
  const [errors, warnings] = [count("ERROR"), count("WARNING")];
  const some = check.problems.length > 0;
  return (
    <section className="designer-problems" aria-label={t("flows.problems")} data-testid="flow-problems" data-checked={!check.busy}>
      <button type="button" className="designer-problems-line" aria-expanded={open && some} disabled={!some} onClick={() => setOpen(!open)}>
        <span className="designer-problems-summary" role="status">
          {check.failed ? (
            <StatusIndicator type="error">{check.failed}</StatusIndicator>
          ) : !some ? (
            <StatusIndicator type={check.busy ? "loading" : "success"}>{t(check.busy ? "flows.checking" : "flows.noProblems")}</StatusIndicator>
          ) : (
            <>
              {errors > 0 && <StatusIndicator type="error">{t(errors === 1 ? "designer.oneError" : "designer.errors", { count: errors })}</StatusIndicator>}
              {warnings > 0 && <StatusIndicator type="warning">{t(warnings === 1 ? "designer.oneWarning" : "designer.warnings", { count: warnings })}</StatusIndicator>}
              {!errors && !warnings && <StatusIndicator type="info">{t("designer.hints", { count: check.problems.length })}</StatusIndicator>}
            </>
          )}
        </span>
        {some && <span aria-hidden="true" className="designer-problems-chevron">{open ? "▾" : "▴"}</span>}
      </button>
      {open && some && (
        <ul className="designer-problems-list">
          {check.problems.map((one, at) => (
            <li key={at}>
              <StatusIndicator type={KINDS[one.Severity]} wrapText>
                {one.ActionId && (
                  <>
                    <Link variant="primary" href="#" onFollow={(event) => { event.preventDefault(); onChoose(one); }}>{titleOf(one.ActionId)}</Link>{" "}
                  </>
                )}
                {one.Message}
              </StatusIndicator>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
