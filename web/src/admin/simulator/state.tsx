import { type ReactNode } from "react";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { Simulation } from "../../api/switchroom";
import { useI18n } from "../../i18n";

const TYPES: Record<string, StatusIndicatorProps.Type> = { QUEUED: "pending", RUNNING: "in-progress", DONE: "success", FAILED: "error", CANCELLED: "stopped" };

/** Whether a simulation is still to end. */
export function isUnderWay(one: Pick<Simulation, "State">): boolean {
  return one.State === "QUEUED" || one.State === "RUNNING";
}

/** How a simulation stands; while it runs, how far it is. */
export function StateOf({ one }: { one: Simulation }): ReactNode {
  const { t, code } = useI18n();
  if (one.State === "RUNNING") return <ProgressBar value={Math.round(one.Progress * 100)} ariaLabel={t("sim.progressOf", { name: one.Name })} />;
  return <StatusIndicator type={TYPES[one.State] ?? "info"}>{code("simState", one.State)}</StatusIndicator>;
}
