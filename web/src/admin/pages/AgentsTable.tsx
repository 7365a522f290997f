import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import ButtonDropdown, { type ButtonDropdownProps } from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { connect, switchroom } from "../../api";
import type { UserData } from "../../api/connect";
import type { PausedTask } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNow, usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { MonitorButton } from "../MonitorButton";
import { loadChoices, NameOf, useChoices } from "../sources";

const MOST_PROFILES = 100;
const LOOKS = 4;
const LOOK_MS = 500;

/** One row an agent who is signed in: what they do, since when, with which contacts; the status can be changed. */
export function AgentsTable({ seconds, onLoaded }: { seconds: number; onLoaded: () => void }): ReactNode {
  const { t, code, number, duration } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const now = useNow();
  const users = useChoices("users");
  const statuses = useChoices("agentStatuses");
  const [rows, setRows] = useState<UserData[] | null>(null);
  const [barged, setBarged] = useState<Set<string>>(new Set());
  const [paused, setPaused] = useState<Map<string, PausedTask>>(new Map());
  const [search, setSearch] = useState("");
  const [changing, setChanging] = useState("");

  const load = async (): Promise<void> => {
    try {
      const [found, parties, pauses] = await Promise.all([
        read(instanceId), switchroom("ListBargedContacts", { InstanceId: instanceId }), switchroom("ListPausedTasks", { InstanceId: instanceId }),
      ]);
      setRows(found);
      setBarged(new Set(parties.ContactIds));
      setPaused(new Map(pauses.Tasks.map((one) => [one.ContactId, one])));
      onLoaded();
    } catch (error) {
      if (rows === null) {
        setRows([]);
        notices.failure(error);
      }
    }
  };
  usePolling(() => void load(), seconds);

  const nameOf = (row: UserData): string => users.label(row.User?.Id);
  const change = async (row: UserData, AgentStatusId: string): Promise<void> => {
    setChanging(row.User!.Id!);
    try {
      await connect("PutUserStatus", { InstanceId: instanceId, UserId: row.User!.Id!, AgentStatusId });
      const status = statuses.label(AgentStatusId);
      const waits = await isNext(instanceId, row.User!.Id!, status);
      notices.success(t(waits ? "realtime.changesNext" : "realtime.changed", { name: nameOf(row), status: code("status", status) }));
      await load();
    } catch (error) {
      notices.failure(error);
    } finally {
      setChanging("");
    }
  };
  const choiceOf = (id: string, name: string, row: UserData): ButtonDropdownProps.Item => {
    const [now, next] = [name === row.Status?.StatusName, name === row.NextStatus];
    const cancels = now && row.NextStatus !== undefined;
    return { id, text: code("status", name), disabled: next || (now && !cancels), secondaryText: cancels ? t("realtime.cancelsNext") : next ? t("metric.next") : undefined };
  };
  const shown = (rows ?? []).filter((row) => nameOf(row).toLowerCase().includes(search.toLowerCase()));
  const slots = (map: Record<string, number> | undefined): number => Object.values(map ?? {}).reduce((sum, one) => sum + one, 0);

  return (
    <Table
      header={<Header variant="h2" counter={rows ? `(${shown.length})` : ""}>{t("realtime.agents")}</Header>}
      filter={<TextFilter filteringText={search} filteringPlaceholder={t("realtime.filterAgents")} filteringAriaLabel={t("realtime.filterAgents")} onChange={({ detail }) => setSearch(detail.filteringText)} />}
      loading={rows === null}
      loadingText={t("common.loading")}
      items={shown}
      trackBy={(row) => row.User?.Id ?? ""}
      stripedRows
      columnDefinitions={[
        { id: "agent", header: t("field.agent"), isRowHeader: true, minWidth: 140, cell: nameOf },
        {
          id: "activity", header: t("metric.activity"), minWidth: 170,
          cell: (row) => {
            const status = row.Status?.StatusName;
            const label = code("status", status);
            if (!may("AgentStates.View") || !may("AccessMetrics", "AccessMetrics.RealTimeMetrics.Access")) return label;
            return (
              <ButtonDropdown
                ariaLabel={t("realtime.change", { name: nameOf(row), status: label })}
                loading={changing === row.User?.Id}
                items={statuses.choices.map((one) => choiceOf(one.value, one.label, row))}
                onItemClick={({ detail }) => void change(row, detail.id)}
                expandToViewport
              >
                {label}
              </ButtonDropdown>
            );
          },
        },
        { id: "duration", header: t("metric.duration"), cell: (row) => <span className="tabular">{row.Status?.StatusStartTimestamp === undefined ? "–" : duration(now - row.Status.StatusStartTimestamp)}</span> },
        { id: "next", header: t("metric.next"), cell: (row) => (row.NextStatus ? code("status", row.NextStatus) : "–") },
        { id: "contacts", header: t("metric.contacts"), minWidth: 260, cell: (row) => <Contacts row={row} now={now} barged={barged} paused={paused} /> },
        { id: "profile", header: t("field.routingProfile"), cell: (row) => <NameOf source="routingProfiles" id={row.RoutingProfile?.Id} /> },
        { id: "capacity", header: t("metric.capacity"), cell: (row) => number(slots(row.MaxSlotsByChannel)) },
        { id: "active", header: t("metric.active"), cell: (row) => number(slots(row.ActiveSlotsByChannel)) },
        { id: "availability", header: t("metric.availability"), cell: (row) => number(slots(row.AvailableSlotsByChannel)) },
      ]}
      empty={<Box color="inherit" textAlign="center">{t("realtime.noAgents")}</Box>}
    />
  );
}

type Contact = NonNullable<UserData["Contacts"]>[number];
type Paused = Map<string, PausedTask>;

/** RT-41: the state of a contact in the words of the metrics. */
function stateOf(contact: Contact, barged: Set<string>, paused: Paused): string {
  const { AgentContactState: state = "", InitiationMethod: method } = contact;
  if (paused.has(contact.ContactId ?? "")) return "PAUSED";
  const joined = barged.has(contact.ContactId ?? "");
  if (method === "MONITOR") return joined ? "BARGED" : "MONITORING";
  if (method === "CALLBACK" && state === "INCOMING") return "CALLBACK_INCOMING";
  if (method === "CALLBACK" && state === "CONNECTING") return "CALLBACK_DIALING";
  if (method === "OUTBOUND" && state === "CONNECTING") return "CALLING";
  return state;
}

function Contacts({ row, now, barged, paused }: { row: UserData; now: number; barged: Set<string>; paused: Paused }): ReactNode {
  const { t, code, duration } = useI18n();
  const type = (contact: Contact): StatusIndicatorProps.Type => {
    if (paused.has(contact.ContactId ?? "")) return "stopped";
    return contact.AgentContactState === "CONNECTED" ? "success" : contact.AgentContactState === "MISSED" ? "error" : "in-progress";
  };
  /** How often it was paused, and how long in all (ROUT-115). */
  const pauses = ({ PauseCount, PausedAt, PausedSeconds }: PausedTask): string =>
    t("realtime.pauses", { count: PauseCount, duration: duration(PausedSeconds + Math.max(0, now - PausedAt)) });
  if (!row.Contacts?.length) return "–";
  return (
    <SpaceBetween size="xxs">
      {row.Contacts.map((contact) => (
        <span key={contact.ContactId}>
          <StatusIndicator type={type(contact)}>
            {code("contactState", stateOf(contact, barged, paused))}
            {contact.InitiationMethod !== "MONITOR" && barged.has(contact.ContactId ?? "") && ` - ${t("realtime.barged")}`}
          </StatusIndicator>{" "}
          <Link href={`#/contacts/${contact.ContactId}`}>{code("channel", contact.Channel)}</Link>{" "}
          <span className="tabular">{contact.StateStartTimestamp === undefined ? "" : duration(now - contact.StateStartTimestamp)}</span>
          {paused.has(contact.ContactId ?? "") && <>{" "}<Box variant="small" color="text-body-secondary">({pauses(paused.get(contact.ContactId!)!)})</Box></>}
          {contact.Queue?.Id && <> · <NameOf source="queues" id={contact.Queue.Id} /></>}{" "}
          {contact.InitiationMethod !== "MONITOR" && <MonitorButton contactId={contact.ContactId!} channel={contact.Channel} state={contact.AgentContactState} />}
        </span>
      ))}
    </SpaceBetween>
  );
}

/** Whether a status just chosen waits for the agent's contacts (ROUT-65); the metrics know a moment later. */
async function isNext(instanceId: string, agent: string, status: string): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    if (look) await new Promise((done) => setTimeout(done, LOOK_MS));
    const found = await connect("GetCurrentUserData", { InstanceId: instanceId, Filters: { Agents: [agent] } });
    const now = found.UserDataList?.[0];
    if (now?.NextStatus === status) return true;
    if (now?.Status?.StatusName === status && !now.NextStatus) return false;
  }
  return false;
}

async function read(instanceId: string): Promise<UserData[]> {
  const profiles = (await loadChoices("routingProfiles", instanceId)).slice(0, MOST_PROFILES).map((one) => one.value);
  const rows: UserData[] = [];
  let next: string | undefined;
  do {
    const page = await connect("GetCurrentUserData", { InstanceId: instanceId, Filters: { RoutingProfiles: profiles }, MaxResults: 100, NextToken: next });
    rows.push(...(page.UserDataList ?? []));
    next = page.NextToken;
  } while (next);
  return rows;
}
