import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { MediaConcurrency } from "../../api/connect";
import { useI18n } from "../../i18n";
import { ReferenceSelect } from "../FieldControl";

export type ChannelName = MediaConcurrency["Channel"];
export interface Concurrency {
  Channel: ChannelName;
  Concurrency: number;
  CrossChannelBehavior?: { BehaviorType: "ROUTE_CURRENT_CHANNEL_ONLY" | "ROUTE_ANY_CHANNEL" };
}
export interface QueueRow {
  QueueId: string;
  Channels: ChannelName[];
  Priority: number;
  Delay: number;
}

const CHANNELS = ["VOICE", "CHAT", "TASK"] as const;
const MOST: Record<string, number> = { VOICE: 1, CHAT: 10, TASK: 10 };
const BEHAVIOURS = ["ROUTE_CURRENT_CHANNEL_ONLY", "ROUTE_ANY_CHANNEL"] as const;

interface ConcurrencyProps {
  value: Concurrency[];
  disabled: boolean;
  onChange: (value: Concurrency[]) => void;
}

/** Which channels, how many contacts of each at once, and whether others may come meanwhile. */
export function ConcurrencyTable({ value, disabled, onChange }: ConcurrencyProps): ReactNode {
  const { t, code } = useI18n();
  const of = (channel: ChannelName): Concurrency | undefined => value.find((one) => one.Channel === channel);
  const set = (channel: ChannelName, part: Partial<Concurrency>): void => onChange(value.map((one) => (one.Channel === channel ? { ...one, ...part } : one)));
  const toggle = (channel: ChannelName, on: boolean): void =>
    onChange(on ? [...value, { Channel: channel, Concurrency: 1 }] : value.filter((one) => one.Channel !== channel));
  return (
    <Table
      variant="embedded"
      header={<Header variant="h3">{t("routingProfiles.channels")}</Header>}
      items={[...CHANNELS]}
      columnDefinitions={[
        {
          id: "channel", header: t("field.channel"), isRowHeader: true, width: 160,
          cell: (channel) => (
            <Checkbox checked={Boolean(of(channel))} disabled={disabled} onChange={({ detail }) => toggle(channel, detail.checked)}>
              {code("channel", channel)}
            </Checkbox>
          ),
        },
        {
          id: "most", header: t("routingProfiles.most"), width: 160,
          cell: (channel) => (
            <Input
              type="number" ariaLabel={`${code("channel", channel)}: ${t("routingProfiles.most")}`}
              disabled={disabled || !of(channel) || MOST[channel] === 1}
              value={of(channel) ? String(of(channel)!.Concurrency) : ""}
              nativeInputAttributes={{ min: 1, max: MOST[channel] }}
              onChange={({ detail }) => set(channel, { Concurrency: Number(detail.value) || 1 })}
            />
          ),
        },
        {
          id: "cross", header: t("routingProfiles.cross"),
          cell: (channel) => {
            const options = BEHAVIOURS.map((one) => ({ value: one, label: code("crossChannel", one) }));
            const chosen = of(channel)?.CrossChannelBehavior?.BehaviorType ?? "ROUTE_CURRENT_CHANNEL_ONLY";
            return (
              <Select
                ariaLabel={`${code("channel", channel)}: ${t("routingProfiles.cross")}`}
                disabled={disabled || !of(channel)}
                options={options}
                selectedOption={options.find((one) => one.value === chosen)!}
                onChange={({ detail }) => set(channel, { CrossChannelBehavior: { BehaviorType: detail.selectedOption.value as (typeof BEHAVIOURS)[number] } })}
              />
            );
          },
        },
      ]}
    />
  );
}

interface QueueTableProps {
  rows: QueueRow[];
  disabled: boolean;
  onChange: (rows: QueueRow[]) => void;
}

/** Queues an agent takes contacts from: channels, priority (1 first) and delay in seconds. */
export function QueueTable({ rows, disabled, onChange }: QueueTableProps): ReactNode {
  const { t, code } = useI18n();
  const indexed = rows.map((row, at) => ({ ...row, at }));
  const set = (at: number, part: Partial<QueueRow>): void => onChange(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  const number = (row: QueueRow & { at: number }, name: "Priority" | "Delay", min: number, max: number): ReactNode => (
    <Input
      type="number" ariaLabel={t(name === "Priority" ? "routingProfiles.priority" : "routingProfiles.delay")} disabled={disabled} value={String(row[name])}
      nativeInputAttributes={{ min, max }} onChange={({ detail }) => set(row.at, { [name]: Number(detail.value) || min })}
    />
  );
  return (
    <Table
      variant="embedded"
      header={
        <Header
          variant="h3"
          description={t("routingProfiles.queuesHelp")}
          actions={
            <Button formAction="none" disabled={disabled} iconName="add-plus" onClick={() => onChange([...rows, { QueueId: "", Channels: ["VOICE", "CHAT", "TASK"], Priority: 1, Delay: 0 }])}>
              {t("routingProfiles.addQueue")}
            </Button>
          }
        >
          {t("queues.title")}
        </Header>
      }
      items={indexed}
      columnDefinitions={[
        { id: "queue", header: t("field.queue"), minWidth: 220, isRowHeader: true, cell: (row) => <ReferenceSelect ariaLabel={t("field.queue")} source="queues" value={row.QueueId} disabled={disabled} set={(QueueId) => set(row.at, { QueueId: QueueId ?? "" })} /> },
        {
          id: "channels", header: t("routingProfiles.channels"), minWidth: 260,
          cell: (row) => (
            <SpaceBetween direction="horizontal" size="m">
              {CHANNELS.map((channel) => (
                <Checkbox
                  key={channel} disabled={disabled} checked={row.Channels.includes(channel)}
                  onChange={({ detail }) => set(row.at, { Channels: detail.checked ? [...row.Channels, channel] : row.Channels.filter((one) => one !== channel) })}
                >
                  {code("channel", channel)}
                </Checkbox>
              ))}
            </SpaceBetween>
          ),
        },
        { id: "priority", header: t("routingProfiles.priority"), width: 120, cell: (row) => number(row, "Priority", 1, 99) },
        { id: "delay", header: t("routingProfiles.delay"), width: 140, cell: (row) => number(row, "Delay", 0, 9999) },
        { id: "remove", header: <span className="visually-hidden">{t("action.remove")}</span>, width: 60, cell: (row) => <Button formAction="none" variant="icon" iconName="remove" ariaLabel={t("action.remove")} disabled={disabled} onClick={() => onChange(rows.filter((_, at) => at !== row.at))} /> },
      ]}
      empty={<Box textAlign="center" color="inherit">{t("routingProfiles.noQueues")}</Box>}
    />
  );
}
