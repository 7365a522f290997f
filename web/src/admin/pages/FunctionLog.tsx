import { useEffect, useState, type ReactNode } from "react";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { switchroom } from "../../api";
import type { FunctionCallLog } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

/** What functions did for a contact, and what they printed. Nothing where none was called. */
export function FunctionLog({ contactId }: { contactId: string }): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [calls, setCalls] = useState<FunctionCallLog[]>([]);
  useEffect(() => {
    switchroom("ListFunctionLogs", { InstanceId: instanceId, ContactId: contactId, MaxResults: 1000 }).then((answer) => setCalls(answer.Calls), notices.failure);
  }, [instanceId, contactId]);
  if (!calls.length) return null;
  return (
    <Table
      variant="embedded"
      header={<Header variant="h3">{t("functionLog.title")}</Header>}
      items={calls}
      wrapLines
      columnDefinitions={[
        { id: "at", header: t("history.at"), cell: (call) => dateTime(call.At), width: 210 },
        { id: "function", header: t("functionLog.function"), isRowHeader: true, cell: (call) => call.FunctionArn.split(":function:").at(-1), width: 200 },
        { id: "took", header: t("functionLog.took"), cell: (call) => `${call.DurationMs} ms`, width: 100 },
        { id: "result", header: t("functionLog.result"), cell: (call) => (call.Fault ? <StatusIndicator type="error">{call.Fault}</StatusIndicator> : <StatusIndicator>{t("functionLog.answered")}</StatusIndicator>), width: 220 },
        { id: "lines", header: t("functionLog.lines"), cell: (call) => (call.Lines.length ? <pre className="record-json">{call.Lines.join("\n")}</pre> : "–") },
      ]}
    />
  );
}
