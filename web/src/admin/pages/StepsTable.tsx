import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { connect } from "../../api";
import type { CurrentMetric } from "../../api/connect";
import { useI18n, type TextKey } from "../../i18n";
import { usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { stepInWords } from "../routingStep";
import { useChoices } from "../sources";

type MetricName = NonNullable<CurrentMetric["Name"]>;
interface Row {
  id: string;
  step: string;
  channel?: string;
  values: Record<string, number>;
}

const COLUMNS: { metric: MetricName; header: TextKey; unit: "COUNT" | "SECONDS" }[] = [
  { metric: "AGENTS_ONLINE", header: "metric.online", unit: "COUNT" },
  { metric: "AGENTS_ON_CONTACT", header: "metric.onContact", unit: "COUNT" },
  { metric: "AGENTS_AVAILABLE", header: "metric.available", unit: "COUNT" },
  { metric: "SLOTS_AVAILABLE", header: "metric.availability", unit: "COUNT" },
  { metric: "SLOTS_ACTIVE", header: "metric.active", unit: "COUNT" },
  { metric: "CONTACTS_IN_QUEUE", header: "metric.inQueue", unit: "COUNT" },
  { metric: "OLDEST_CONTACT_AGE", header: "metric.oldest", unit: "SECONDS" },
];

/** Of contacts that ended in the last two hours (RT-71); there are no such figures by channel. */
const ENDED: { metric: string; header: TextKey; unit: "COUNT" | "SECONDS" | "PERCENT" }[] = [
  { metric: "STEP_CONTACTS_QUEUED", header: "metric.stepQueued", unit: "COUNT" },
  { metric: "PERCENT_CONTACTS_STEP_JOINED", header: "metric.stepJoined", unit: "PERCENT" },
  { metric: "PERCENT_CONTACTS_STEP_EXPIRED", header: "metric.stepExpired", unit: "PERCENT" },
  { metric: "CONTACTS_HANDLED", header: "metric.handled", unit: "COUNT" },
  { metric: "CONTACTS_ABANDONED", header: "metric.abandoned", unit: "COUNT" },
  { metric: "AVG_HANDLE_TIME", header: "metric.aht", unit: "SECONDS" },
];
const TRAILING = 2 * 3600;

interface Props {
  queue: string;
  name: string;
  byChannel: boolean;
  seconds: number;
  onClose: () => void;
}

/** The routing steps that contacts of a queue are under now (ROUT-57): who fulfils them, who waits, what they led to. */
export function StepsTable({ queue, name, byChannel, seconds, onClose }: Props): ReactNode {
  const { t, code, number, duration } = useI18n();
  const { instanceId, may } = useSession();
  const withEnded = !byChannel && may("AccessMetrics", "AccessMetrics.HistoricalMetrics.Access");
  const notices = useNotices();
  const users = useChoices("users");
  const [rows, setRows] = useState<Row[] | null>(null);
  const load = async (): Promise<void> => {
    try {
      setRows(await read(instanceId, queue, byChannel, withEnded));
    } catch (error) {
      if (rows === null) {
        setRows([]);
        notices.failure(error);
      }
    }
  };
  usePolling(() => void load(), seconds);
  const written = (value: number, unit: string): string =>
    unit === "SECONDS" ? duration(Math.round(value)) : unit === "PERCENT" ? `${number(Math.round(value))} %` : number(value);
  const words = { and: t("realtime.and"), or: t("realtime.or"), not: (condition: string) => t("realtime.not", { condition }), agent: users.label };
  return (
    <Table
      header={
        <Header variant="h2" counter={rows ? `(${rows.length})` : ""} description={`${t("realtime.stepsHelp")}${withEnded ? ` ${t("realtime.stepsEnded", { first: t("metric.stepQueued") })}` : ""}`} actions={<Button iconName="close" variant="icon" ariaLabel={t("realtime.closeSteps")} onClick={onClose} />}>
          {t("realtime.stepsOf", { name })}
        </Header>
      }
      ariaLabels={{ tableLabel: t("realtime.stepsOf", { name }) }}
      loading={rows === null} loadingText={t("common.loading")} items={rows ?? []} trackBy="id" stripedRows wrapLines stickyColumns={{ first: 1 }}
      columnDefinitions={[
        { id: "step", header: t("realtime.step"), isRowHeader: true, minWidth: 240, cell: (row) => stepInWords(row.step, words) },
        ...(byChannel ? [{ id: "channel", header: t("field.channel"), cell: (row: Row) => code("channel", row.channel) }] : []),
        ...[...COLUMNS, ...(withEnded ? ENDED : [])].map((column) => ({
          id: column.metric,
          header: t(column.header),
          minWidth: 90,
          cell: (row: Row) => {
            const value = row.values[column.metric];
            return <span className="tabular">{value === undefined ? "–" : written(value, column.unit)}</span>;
          },
        })),
      ]}
      empty={<Box color="inherit" textAlign="center">{t("realtime.noSteps")}</Box>}
    />
  );
}

async function read(instanceId: string, queue: string, byChannel: boolean, withEnded: boolean): Promise<Row[]> {
  const found = await connect("GetCurrentMetricData", {
    InstanceId: instanceId,
    Filters: { Queues: [queue], Channels: ["VOICE", "CHAT", "TASK"] },
    Groupings: byChannel ? ["ROUTING_STEP_EXPRESSION", "CHANNEL"] : ["ROUTING_STEP_EXPRESSION"],
    CurrentMetrics: COLUMNS.map((column) => ({ Name: column.metric, Unit: column.unit })),
    MaxResults: 100,
  });
  const listed = found.MetricResults ?? [];
  const ended = withEnded && listed.length && found.DataSnapshotTime ? await readEnded(instanceId, queue, found.DataSnapshotTime) : {};
  return listed.map(({ Dimensions, Collections }) => {
    const step = Dimensions?.RoutingStepExpression ?? "";
    return { id: `${step} ${Dimensions?.Channel ?? ""}`, step, channel: Dimensions?.Channel, values: { ...ended[step], ...byName(Collections) } };
  });
}

/** Values by step; none for people whose access is limited by tags, who cannot group by steps. */
async function readEnded(instanceId: string, queue: string, now: number): Promise<Record<string, Record<string, number>>> {
  const found = await connect("GetMetricDataV2", {
    ResourceArn: instanceId,
    StartTime: now - TRAILING,
    EndTime: now,
    Filters: [{ FilterKey: "QUEUE", FilterValues: [queue] }],
    Groupings: ["ROUTING_STEP_EXPRESSION"],
    Metrics: ENDED.map((column) => ({ Name: column.metric })),
    MaxResults: 100,
  }).catch(() => ({ MetricResults: [] }));
  const rows = found.MetricResults ?? [];
  return Object.fromEntries(rows.map(({ Dimensions, Collections }) => [Dimensions?.ROUTING_STEP_EXPRESSION ?? "", byName(Collections)]));
}

function byName(collections: { Metric?: { Name?: string }; Value?: number }[] = []): Record<string, number> {
  return Object.fromEntries(collections.flatMap((one) => (one.Metric?.Name && one.Value !== undefined ? [[one.Metric.Name, one.Value]] : [])));
}
