import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import Multiselect from "@cloudscape-design/components/multiselect";
import Pagination from "@cloudscape-design/components/pagination";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { connect } from "../../api";
import type { ContactSearchSummary, SearchContactsRequest, SearchCriteria, Sort } from "../../api/connect";
import { useI18n } from "../../i18n";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { downloadText } from "../../shared/download";
import { toCsv } from "../csv";
import { MonitorButton } from "../MonitorButton";
import { PlayButton } from "../recordings/PlayButton";
import { ReferenceMultiselect } from "../FieldControl";
import { loadGone, NameOf, useChoices } from "../sources";
import { searchRange } from "../timeRange";

type Channel = NonNullable<SearchCriteria["Channels"]>[number];
type Method = NonNullable<SearchCriteria["InitiationMethods"]>[number];

const PAGE = 50;
const MOST_WEEKS = 8;
const CSV_ROWS = 3000;
const CHANNELS: Channel[] = ["VOICE", "CHAT", "TASK"];
const METHODS: Method[] = ["INBOUND", "OUTBOUND", "TRANSFER", "QUEUE_TRANSFER", "CALLBACK", "API", "DISCONNECT", "EXTERNAL_OUTBOUND", "MONITOR", "WEBRTC_API"];
const TIME_TYPES = ["INITIATION_TIMESTAMP", "CONNECTED_TO_AGENT_TIMESTAMP", "DISCONNECT_TIMESTAMP", "SCHEDULED_TIMESTAMP"] as const;
type TimeType = (typeof TIME_TYPES)[number];

interface Filters {
  range: DateRangePickerProps.Value;
  timeType: TimeType;
  channels: Channel[];
  methods: Method[];
  queues: string[];
  agents: string[];
}

const START: Filters = { range: { type: "relative", amount: 1, unit: "day" }, timeType: "INITIATION_TIMESTAMP", channels: [], methods: [], queues: [], agents: [] };

/** Contacts by time, channel, queue, agent and way of beginning, or the one with a known id. */
export function ContactSearchPage(): ReactNode {
  const { t, code, dateTime, duration } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const users = useChoices("users");
  const queues = useChoices("queues");
  const [filters, setFilters] = useState<Filters>(START);
  const [contactId, setContactId] = useState("");
  const [sort, setSort] = useState<Sort>({ FieldName: "INITIATION_TIMESTAMP", Order: "DESCENDING" });
  const [rows, setRows] = useState<ContactSearchSummary[] | null>(null);
  const [total, setTotal] = useState<number | undefined>();
  const [tokens, setTokens] = useState<(string | undefined)[]>([undefined]);
  const [next, setNext] = useState<string | undefined>();
  const [exporting, setExporting] = useState(false);

  const run = async (at: (string | undefined)[], order = sort, given = filters): Promise<void> => {
    setRows(null);
    try {
      const page = await connect("SearchContacts", { ...request(instanceId, given, order), MaxResults: PAGE, NextToken: at.at(-1) });
      setRows(page.Contacts);
      setTotal(page.TotalCount);
      setNext(page.NextToken);
      setTokens(at);
    } catch (error) {
      setRows([]);
      notices.failure(error);
    }
  };
  useEffect(() => void run([undefined]), [instanceId]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (contactId.trim()) goTo("contacts", contactId.trim());
    else void run([undefined]);
  };
  const set = (part: Partial<Filters>): void => setFilters((now) => ({ ...now, ...part }));
  const options = <Value extends string>(values: readonly Value[], group: string): { value: Value; label: string }[] => values.map((value) => ({ value, label: code(group, value) }));
  const span = (row: ContactSearchSummary): string =>
    row.DisconnectTimestamp !== undefined && row.InitiationTimestamp !== undefined ? duration(row.DisconnectTimestamp - row.InitiationTimestamp) : "–";

  const download = async (): Promise<void> => {
    setExporting(true);
    try {
      const found = await everything(instanceId, filters, sort);
      const userGone = await loadGone("users", instanceId, found.map((one) => one.AgentInfo?.Id));
      const queueGone = await loadGone("queues", instanceId, found.map((one) => one.QueueInfo?.Id));
      downloadText("contacts.csv", "text/csv", toCsv(found, (id) => userGone(id) ?? users.label(id), (id) => queueGone(id) ?? queues.label(id)));
    } catch (error) {
      notices.failure(error);
    } finally {
      setExporting(false);
    }
  };
  const times = options(TIME_TYPES, "timeType");

  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t("contacts.title")}</Header>
      <form onSubmit={submit}>
        <Container>
          <SpaceBetween size="m">
            <ColumnLayout columns={3}>
              <FormField label={t("contacts.range")}>
                <DateRangePicker
                  value={filters.range}
                  onChange={({ detail }) => detail.value && set({ range: detail.value })}
                  relativeOptions={[
                    { key: "hour", amount: 1, unit: "hour", type: "relative" },
                    { key: "day", amount: 1, unit: "day", type: "relative" },
                    { key: "week", amount: 1, unit: "week", type: "relative" },
                    { key: "month", amount: MOST_WEEKS, unit: "week", type: "relative" },
                  ]}
                  isValidRange={(value) => (value && searchRange(value).weeks <= MOST_WEEKS ? { valid: true } : { valid: false, errorMessage: t("contacts.tooLong", { weeks: MOST_WEEKS }) })}
                  placeholder={t("contacts.range")}
                />
              </FormField>
              <FormField label={t("contacts.timeType")}>
                <Select options={times} selectedOption={times.find((one) => one.value === filters.timeType)!} onChange={({ detail }) => set({ timeType: detail.selectedOption.value as TimeType })} />
              </FormField>
              <FormField label={t("field.channel")}>
                <Multiselect options={options(CHANNELS, "channel")} selectedOptions={options(filters.channels, "channel")} placeholder={t("form.any")} onChange={({ detail }) => set({ channels: detail.selectedOptions.map((one) => one.value as Channel) })} />
              </FormField>
              <FormField label={t("field.queue")}>
                <ReferenceMultiselect source="queues" values={filters.queues} placeholder={t("form.any")} set={(value) => set({ queues: value })} />
              </FormField>
              <FormField label={t("field.agent")}>
                <ReferenceMultiselect source="users" values={filters.agents} placeholder={t("form.any")} set={(value) => set({ agents: value })} />
              </FormField>
              <FormField label={t("field.initiationMethod")}>
                <Multiselect options={options(METHODS, "initiation")} selectedOptions={options(filters.methods, "initiation")} placeholder={t("form.any")} onChange={({ detail }) => set({ methods: detail.selectedOptions.map((one) => one.value as Method) })} />
              </FormField>
              <FormField label={t("field.contactId")} description={t("contacts.idHelp")}>
                <Input value={contactId} onChange={({ detail }) => setContactId(detail.value)} spellcheck={false} />
              </FormField>
            </ColumnLayout>
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="primary" iconName="search">{t("contacts.search")}</Button>
              <Button formAction="none" onClick={() => { setFilters(START); setContactId(""); void run([undefined], sort, START); }}>{t("contacts.reset")}</Button>
            </SpaceBetween>
          </SpaceBetween>
        </Container>
      </form>
      <Table
        header={
          <Header variant="h2" counter={total === undefined ? "" : `(${total})`} actions={<Button iconName="download" loading={exporting} disabled={!rows?.length} onClick={() => void download()}>CSV</Button>}>
            {t("contacts.found")}
          </Header>
        }
        loading={rows === null}
        loadingText={t("common.loading")}
        items={rows ?? []}
        trackBy="Id"
        stripedRows
        sortingColumn={{ sortingField: sort.FieldName }}
        sortingDescending={sort.Order === "DESCENDING"}
        onSortingChange={({ detail }) => {
          const order: Sort = { FieldName: detail.sortingColumn.sortingField as Sort["FieldName"], Order: detail.isDescending ? "DESCENDING" : "ASCENDING" };
          setSort(order);
          void run([undefined], order);
        }}
        columnDefinitions={[
          { id: "id", header: t("field.contactId"), isRowHeader: true, cell: (row) => <Link href={`#/contacts/${row.Id}`}>{row.Id}</Link> },
          { id: "channel", header: t("field.channel"), sortingField: "CHANNEL", cell: (row) => code("channel", row.Channel) },
          { id: "initiated", header: t("field.initiated"), sortingField: "INITIATION_TIMESTAMP", cell: (row) => dateTime(row.InitiationTimestamp) },
          { id: "queue", header: t("field.queue"), cell: (row) => <NameOf source="queues" id={row.QueueInfo?.Id} /> },
          { id: "agent", header: t("field.agent"), cell: (row) => <NameOf source="users" id={row.AgentInfo?.Id} /> },
          { id: "disconnected", header: t("field.disconnected"), sortingField: "DISCONNECT_TIMESTAMP", cell: (row) => (row.DisconnectTimestamp === undefined ? t("contacts.inProgress") : dateTime(row.DisconnectTimestamp)) },
          { id: "duration", header: t("metric.duration"), cell: (row) => <span className="tabular">{span(row)}</span> },
          { id: "method", header: t("field.initiationMethod"), sortingField: "INITIATION_METHOD", cell: (row) => code("initiation", row.InitiationMethod) },
          { id: "name", header: t("field.name"), cell: (row) => row.Name || "–" },
          {
            id: "media", header: t("recording.column"),
            cell: (row) => {
              if (row.AgentInfo?.ConnectedToAgentTimestamp === undefined) return "–";
              if (row.DisconnectTimestamp === undefined) return <MonitorButton contactId={row.Id!} channel={row.Channel} />;
              return <PlayButton contactId={row.Id!} channel={row.Channel} />;
            },
          },
        ]}
        pagination={
          <Pagination
            currentPageIndex={tokens.length}
            pagesCount={tokens.length + (next ? 1 : 0)}
            openEnd={Boolean(next)}
            onChange={({ detail }) => void run(detail.currentPageIndex > tokens.length ? [...tokens, next] : tokens.slice(0, detail.currentPageIndex))}
          />
        }
        empty={<Box textAlign="center" color="inherit" padding="l"><b>{t("contacts.none")}</b></Box>}
      />
    </SpaceBetween>
  );
}

function request(instanceId: string, filters: Filters, sort: Sort): SearchContactsRequest {
  const { start, end } = searchRange(filters.range);
  const some = <Value,>(values: Value[]): Value[] | undefined => (values.length ? values : undefined);
  const SearchCriteria: SearchCriteria = {
    Channels: some(filters.channels), InitiationMethods: some(filters.methods), QueueIds: some(filters.queues), AgentIds: some(filters.agents),
  };
  return { InstanceId: instanceId, TimeRange: { Type: filters.timeType, StartTime: start, EndTime: end }, SearchCriteria, Sort: sort };
}

async function everything(instanceId: string, filters: Filters, sort: Sort): Promise<ContactSearchSummary[]> {
  const found: ContactSearchSummary[] = [];
  let next: string | undefined;
  do {
    const page = await connect("SearchContacts", { ...request(instanceId, filters, sort), MaxResults: 100, NextToken: next });
    found.push(...page.Contacts);
    next = page.NextToken;
  } while (next && found.length < CSV_ROWS);
  return found.slice(0, CSV_ROWS);
}
