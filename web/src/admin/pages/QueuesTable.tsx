import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { connect } from "../../api";
import type { CurrentMetric, GetCurrentMetricDataRequest } from "../../api/connect";
import { useI18n, type TextKey } from "../../i18n";
import { usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { ReferenceMultiselect } from "../FieldControl";
import { loadChoices, useChoices } from "../sources";
import { StepsTable } from "./StepsTable";

type MetricName = NonNullable<CurrentMetric["Name"]>;
interface Row {
  id: string;
  queue: string;
  channel?: string;
  values: Record<string, number>;
}

const MOST_QUEUES = 100;
const COLUMNS: { metric: MetricName; header: TextKey; unit: "COUNT" | "SECONDS" }[] = [
  { metric: "AGENTS_ONLINE", header: "metric.online", unit: "COUNT" },
  { metric: "AGENTS_ON_CONTACT", header: "metric.onContact", unit: "COUNT" },
  { metric: "AGENTS_NON_PRODUCTIVE", header: "metric.npt", unit: "COUNT" },
  { metric: "AGENTS_AFTER_CONTACT_WORK", header: "metric.acw", unit: "COUNT" },
  { metric: "AGENTS_ERROR", header: "metric.error", unit: "COUNT" },
  { metric: "AGENTS_AVAILABLE", header: "metric.available", unit: "COUNT" },
  { metric: "SLOTS_AVAILABLE", header: "metric.availability", unit: "COUNT" },
  { metric: "SLOTS_ACTIVE", header: "metric.active", unit: "COUNT" },
  { metric: "CONTACTS_IN_QUEUE", header: "metric.inQueue", unit: "COUNT" },
  { metric: "OLDEST_CONTACT_AGE", header: "metric.oldest", unit: "SECONDS" },
  { metric: "CONTACTS_SCHEDULED", header: "metric.scheduled", unit: "COUNT" },
];

/** One row a queue (or queue and channel) with the agents and contacts of this moment. */
export function QueuesTable({ seconds, onLoaded }: { seconds: number; onLoaded: () => void }): ReactNode {
  const { t, code, number, duration } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const names = useChoices("queues");
  const [rows, setRows] = useState<Row[] | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const [byChannel, setByChannel] = useState(false);
  const [steps, setSteps] = useState("");

  const load = async (queues = chosen, channels = byChannel): Promise<void> => {
    try {
      const wanted = queues.length ? queues : (await loadChoices("queues", instanceId)).slice(0, MOST_QUEUES).map((one) => one.value);
      if (!wanted.length) {
        setRows([]);
        return;
      }
      setRows(await read(instanceId, wanted, channels));
      onLoaded();
    } catch (error) {
      if (rows === null) {
        setRows([]);
        notices.failure(error);
      }
    }
  };
  usePolling(() => void load(), seconds);

  return (
    <SpaceBetween size="l">
      <Table
        header={
          <Header
            variant="h2"
            counter={rows ? `(${rows.length})` : ""}
            actions={
              <Toggle checked={byChannel} onChange={({ detail }) => { setByChannel(detail.checked); void load(chosen, detail.checked); }}>
                {t("realtime.byChannel")}
              </Toggle>
            }
          >
            {t("queues.title")}
          </Header>
        }
        filter={
          <ReferenceMultiselect source="queues" values={chosen} placeholder={t("realtime.filterQueues")} set={(queues) => { setChosen(queues); void load(queues); }} />
        }
        loading={rows === null}
        loadingText={t("common.loading")}
        items={rows ?? []}
        trackBy="id"
        stripedRows
        stickyColumns={{ first: 1 }}
        columnDefinitions={[
          {
            id: "queue", header: t("field.queue"), isRowHeader: true, minWidth: 230,
            cell: (row) => (
              <span className="cell-with-link">
                {names.label(row.queue)}
                <Button variant="inline-link" ariaLabel={t("realtime.viewStepsOf", { name: names.label(row.queue) })} onClick={() => setSteps(row.queue)}>{t("realtime.viewSteps")}</Button>
              </span>
            ),
          },
          ...(byChannel ? [{ id: "channel", header: t("field.channel"), cell: (row: Row) => code("channel", row.channel) }] : []),
          ...COLUMNS.map((column) => ({
            id: column.metric,
            header: t(column.header),
            cell: (row: Row) => {
              const value = row.values[column.metric];
              const text = value === undefined ? "–" : column.unit === "SECONDS" ? duration(value) : number(value);
              return <span className="tabular">{text}</span>;
            },
          })),
        ]}
        empty={
          <SpaceBetween size="xs" alignItems="center">
            <Box color="inherit">{t("realtime.noQueues")}</Box>
          </SpaceBetween>
        }
      />
      {steps && <StepsTable key={`${steps} ${byChannel}`} queue={steps} name={names.label(steps)} byChannel={byChannel} seconds={seconds} onClose={() => setSteps("")} />}
    </SpaceBetween>
  );
}

async function read(instanceId: string, queues: string[], byChannel: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  let next: string | undefined;
  do {
    const request: GetCurrentMetricDataRequest = {
      InstanceId: instanceId,
      Filters: { Queues: queues, Channels: ["VOICE", "CHAT", "TASK"] },
      Groupings: byChannel ? ["QUEUE", "CHANNEL"] : ["QUEUE"],
      CurrentMetrics: COLUMNS.map((column) => ({ Name: column.metric, Unit: column.unit })),
      MaxResults: 100,
      NextToken: next,
    };
    const page = await connect("GetCurrentMetricData", request);
    for (const result of page.MetricResults ?? []) {
      const queue = result.Dimensions?.Queue?.Id ?? "";
      const channel = result.Dimensions?.Channel;
      const values = Object.fromEntries((result.Collections ?? []).flatMap((one) => (one.Metric?.Name && one.Value !== undefined ? [[one.Metric.Name, one.Value]] : [])));
      rows.push({ id: `${queue} ${channel ?? ""}`, queue, channel, values });
    }
    next = page.NextToken;
  } while (next);
  return rows;
}
