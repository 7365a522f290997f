import { type ReactNode } from "react";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { EventConnection, ExternalEvent } from "../../api/switchroom";
import { useI18n } from "../../i18n";

const STATUS: Record<EventConnection["Status"], StatusIndicatorProps.Type> = { ACTIVE: "success", PENDING: "pending", DELETED: "stopped" };
const STATE: Record<ExternalEvent["State"], StatusIndicatorProps.Type> = { RECEIVED: "in-progress", DONE: "success", IGNORED: "stopped", FAILED: "error" };

export function StatusOf({ connection }: { connection: EventConnection }): ReactNode {
  const { code } = useI18n();
  return <StatusIndicator type={STATUS[connection.Status]}>{code("connectionStatus", connection.Status)}</StatusIndicator>;
}

export function StateOf({ state }: { state: ExternalEvent["State"] }): ReactNode {
  const { code } = useI18n();
  return <StatusIndicator type={STATE[state]}>{code("eventState", state)}</StatusIndicator>;
}

/** When the last event came and what became of it. */
export function LastEvent({ connection }: { connection: EventConnection }): ReactNode {
  const { dateTime } = useI18n();
  if (connection.LastEventAt === undefined) return "–";
  return <>{dateTime(connection.LastEventAt)} {connection.LastEventState && <StateOf state={connection.LastEventState} />}</>;
}
