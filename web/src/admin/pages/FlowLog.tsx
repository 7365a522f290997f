import { useEffect, useState, type ReactNode } from "react";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { switchroom } from "../../api";
import type { FlowLogEntry } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { pretty } from "../flowText";

/** What the flows of a contact did, block by block. */
export function FlowLog({ contactId }: { contactId: string }): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [entries, setEntries] = useState<FlowLogEntry[] | null>(null);
  const [filter, setFilter] = useState("");
  useEffect(() => {
    switchroom("ListFlowLogs", { InstanceId: instanceId, ContactId: contactId, MaxResults: 1000 }).then(
      (answer) => setEntries(answer.Entries),
      (error: unknown) => {
        setEntries([]);
        notices.failure(error);
      },
    );
  }, [instanceId, contactId]);
  const wanted = filter.trim().toLowerCase();
  const shown = (entries ?? []).filter((entry) => entry.Entry.toLowerCase().includes(wanted));
  return (
    <Table
      variant="embedded"
      filter={<TextFilter filteringText={filter} filteringPlaceholder={t("flowLog.search")} filteringAriaLabel={t("flowLog.search")} onChange={({ detail }) => setFilter(detail.filteringText)} />}
      loading={entries === null}
      loadingText={t("common.loading")}
      items={shown}
      wrapLines
      columnDefinitions={[
        { id: "at", header: t("history.at"), cell: (entry) => dateTime(entry.At), width: 210 },
        { id: "flow", header: t("field.flow"), cell: (entry) => entry.ContactFlowName ?? "–", width: 220 },
        { id: "block", header: t("flowLog.block"), cell: (entry) => entry.ContactFlowModuleType ?? "–", width: 200, isRowHeader: true },
        { id: "entry", header: t("history.details"), cell: (entry) => <ExpandableSection headerText={entry.Identifier ?? "JSON"}><pre className="record-json">{pretty(entry.Entry)}</pre></ExpandableSection> },
      ]}
      empty={t(entries?.length ? "flowLog.noMatch" : "flowLog.none")}
    />
  );
}
