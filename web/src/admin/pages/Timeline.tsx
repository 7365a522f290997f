import { useEffect, useState, type ReactNode } from "react";
import Table from "@cloudscape-design/components/table";
import { switchroom } from "../../api";
import type { TimelineItem } from "../../api/switchroom";
import { useI18n, type TextKey } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

/** What happened to a contact, in order. */
export function Timeline({ contactId }: { contactId: string }): ReactNode {
  const { t, code, dateTime, duration } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [items, setItems] = useState<TimelineItem[] | null>(null);
  useEffect(() => {
    switchroom("GetContactTimeline", { InstanceId: instanceId, ContactId: contactId, MaxResults: 1000 }).then(
      (answer) => setItems(answer.Items),
      (error: unknown) => {
        setItems([]);
        notices.failure(error);
      },
    );
  }, [instanceId, contactId]);
  const start = items?.[0]?.At ?? 0;
  const details = (item: TimelineItem): string =>
    [item.FlowName, item.QueueName, item.AgentName, ...Object.entries(item.Details ?? {}).map(([name, value]) => detail(name, value))].filter(Boolean).join(" · ");
  const groups: Record<string, [TextKey, string]> = {
    Reason: ["field.disconnectReason", "disconnectReason"],
    Channel: ["field.channel", "channel"],
    InitiationMethod: ["field.initiationMethod", "initiation"],
  };
  const detail = (name: string, value: string): string => {
    const known = groups[name];
    return known ? `${t(known[0])}: ${code(known[1], value)}` : `${name}: ${value}`;
  };
  return (
    <Table
      variant="embedded"
      loading={items === null}
      loadingText={t("common.loading")}
      items={items ?? []}
      wrapLines
      columnDefinitions={[
        { id: "at", header: t("history.at"), cell: (item) => dateTime(item.At), width: 210 },
        { id: "after", header: t("timeline.after"), cell: (item) => <span className="tabular">+{duration(item.At - start)}</span>, width: 100 },
        { id: "what", header: t("history.what"), cell: (item) => code("timeline", item.Type), width: 240, isRowHeader: true },
        { id: "details", header: t("history.details"), cell: details },
      ]}
      empty={t("common.noData")}
    />
  );
}
