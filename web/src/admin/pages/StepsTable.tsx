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

interface Props {
  queue: string;
  name: string;
  byChannel: boolean;
  seconds: number;
  onClose: () => void;
}

/** The routing steps that contacts of a queue are under now (ROUT-57): who fulfils them, who waits. */
export function StepsTable({ queue, name, byChannel, seconds, onClose }: Props): ReactNode {
  const { t, code, number, duration } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const users = useChoices("users");
  const [rows, setRows] = useState<Row[] | null>(null);
  const load = async (): Promise<void> => {
    try {
      setRows(await read(instanceId, queue, byChannel));
    } catch (error) {
      if (rows === null) {
        setRows([]);
        notices.failure(error);
      }
    }
  };
  usePolling(() => void load(), seconds);
  const words = { and: t("realtime.and"), or: t("realtime.or"), not: (condition: string) => t("realtime.not", { condition }), agent: users.label };
  return (
    <Table
      header={
        <Header variant="h2" counter={rows ? `(${rows.length})` : ""} description={t("realtime.stepsHelp")} actions={<Button iconName="close" variant="icon" ariaLabel={t("realtime.closeSteps")} onClick={onClose} />}>
          {t("realtime.stepsOf", { name })}
        </Header>
      }
      ariaLabels={{ tableLabel: t("realtime.stepsOf", { name }) }}
      loading={rows === null} loadingText={t("common.loading")} items={rows ?? []} trackBy="id" stripedRows wrapLines
      columnDefinitions={[
        { id: "step", header: t("realtime.step"), isRowHeader: true, minWidth: 240, cell: (row) => stepInWords(row.step, words) },
        ...(byChannel ? [{ id: "channel", header: t("field.channel"), cell: (row: Row) => code("channel", row.channel) }] : []),
        ...COLUMNS.map((column) => ({
          id: column.metric,
          header: t(column.header),
          minWidth: 110,
          cell: (row: Row) => {
            const value = row.values[column.metric];
            return <span className="tabular">{value === undefined ? "–" : column.unit === "SECONDS" ? duration(value) : number(value)}</span>;
          },
        })),
      ]}
      empty={<Box color="inherit" textAlign="center">{t("realtime.noSteps")}</Box>}
    />
  );
}

async function read(instanceId: string, queue: string, byChannel: boolean): Promise<Row[]> {
  const found = await connect("GetCurrentMetricData", {
    InstanceId: instanceId,
    Filters: { Queues: [queue], Channels: ["VOICE", "CHAT", "TASK"] },
    Groupings: byChannel ? ["ROUTING_STEP_EXPRESSION", "CHANNEL"] : ["ROUTING_STEP_EXPRESSION"],
    CurrentMetrics: COLUMNS.map((column) => ({ Name: column.metric, Unit: column.unit })),
    MaxResults: 100,
  });
  return (found.MetricResults ?? []).map(({ Dimensions, Collections }) => {
    const step = Dimensions?.RoutingStepExpression ?? "";
    const values = (Collections ?? []).flatMap((one) => (one.Metric?.Name && one.Value !== undefined ? [[one.Metric.Name, one.Value] as const] : []));
    return { id: `${step} ${Dimensions?.Channel ?? ""}`, step, channel: Dimensions?.Channel, values: Object.fromEntries(values) };
  });
}
