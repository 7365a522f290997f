import { useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { switchroom } from "../../api";
import type { Change } from "../../api/switchroom";
import { shelves, type Held, type Kind, type Shelf } from "../../designer/page/shelf";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { searchRange } from "../timeRange";
import { flowChange } from "./changeKinds";

const PAGE = 50;
const TYPING_MS = 300;

interface Filters {
  flow: string;
  by: string;
  range: DateRangePickerProps.Value | null;
}

/** Who changed which flow and when, by flow, date and user name (FLOW-47). */
export function FlowChanges({ kind }: { kind: Kind }): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const shelf = shelves[kind];
  const [filters, setFilters] = useState<Filters>({ flow: "", by: "", range: null });
  const [changes, setChanges] = useState<Change[] | null>(null);
  const [next, setNext] = useState<string>();
  const set = (part: Partial<Filters>): void => setFilters((now) => ({ ...now, ...part }));

  const load = async (token?: string): Promise<void> => {
    const range = filters.range ? searchRange(filters.range) : null;
    try {
      const answer = await switchroom("ListChanges", {
        InstanceId: instanceId, ResourceType: shelf.resource, ResourceId: filters.flow || undefined, ByName: filters.by.trim() || undefined,
        Since: range?.start, Until: range?.end, NextToken: token, MaxResults: PAGE,
      });
      setChanges((now) => [...(token ? (now ?? []) : []), ...answer.Changes]);
      setNext(answer.NextToken);
    } catch (error) {
      setChanges([]);
      notices.failure(error);
    }
  };
  useEffect(() => {
    const timer = setTimeout(() => void load(), filters.by ? TYPING_MS : 0);
    return () => clearTimeout(timer);
  }, [filters, shelf, instanceId]);

  return (
    <SpaceBetween size="m">
      <Header variant="h1">{t(kind === "flow" ? "flows.changesTitle" : "flows.moduleChangesTitle")}</Header>
      <ColumnLayout columns={3}>
        <FlowFilter shelf={shelf} value={filters.flow} onChange={(flow) => set({ flow })} />
        <FormField label={t("flows.byName")}>
          <Input type="search" value={filters.by} placeholder={t("form.any")} onChange={({ detail }) => set({ by: detail.value })} />
        </FormField>
        <FormField label={t("flows.changedWhen")}>
          <DateRangePicker
            value={filters.range}
            expandToViewport
            placeholder={t("form.any")}
            onChange={({ detail }) => set({ range: detail.value })}
            relativeOptions={[
              { key: "day", amount: 1, unit: "day", type: "relative" },
              { key: "week", amount: 1, unit: "week", type: "relative" },
              { key: "month", amount: 1, unit: "month", type: "relative" },
            ]}
            isValidRange={() => ({ valid: true })}
          />
        </FormField>
      </ColumnLayout>
      <Table
        variant="container"
        wrapLines
        loading={changes === null}
        loadingText={t("common.loading")}
        items={changes ?? []}
        trackBy="ChangeId"
        ariaLabels={{ tableLabel: t("flows.changesTitle") }}
        columnDefinitions={[
          { id: "at", header: t("history.at"), isRowHeader: true, width: 210, cell: (one) => dateTime(one.At) },
          { id: "who", header: t("history.who"), width: 180, cell: (one) => one.ByName || one.ById || "–" },
          { id: "flow", header: t("field.name"), cell: (one) => <Link href={`#/r/${shelf.key}/${encodeURIComponent(one.ResourceId)}`}>{one.ResourceName ?? one.ResourceId}</Link> },
          { id: "what", header: t("history.what"), cell: (one) => <What change={one} /> },
        ]}
        empty={<Box textAlign="center" padding="l"><b>{t("list.noMatch")}</b></Box>}
        footer={next && <Box textAlign="center"><Button onClick={() => void load(next)}>{t("common.more")}</Button></Box>}
      />
    </SpaceBetween>
  );
}

function What({ change }: { change: Change }): ReactNode {
  const { t } = useI18n();
  const { kind, version } = flowChange(change);
  return kind === "PUBLISHED" ? t("flowChange.PUBLISHED", { version: version ?? "" }) : t(`flowChange.${kind}`);
}

function FlowFilter({ shelf, value, onChange }: { shelf: Shelf; value: string; onChange: (id: string) => void }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [known, setKnown] = useState<Held[]>([]);
  useEffect(() => {
    void everything(shelf, instanceId).then(setKnown, () => setKnown([]));
  }, [shelf, instanceId]);
  const any = { value: "", label: t("form.any") };
  const options = [any, ...known.map((one) => ({ value: one.id, label: one.name, description: one.archived ? t("flows.isArchived") : undefined }))];
  return (
    <FormField label={t(shelf.kind === "flow" ? "field.flow" : "flows.module")}>
      <Select
        options={options}
        filteringType="auto"
        selectedOption={options.find((one) => one.value === value) ?? any}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}

async function everything(shelf: Shelf, instanceId: string): Promise<Held[]> {
  const found: Held[] = [];
  for (const archived of [false, true]) {
    let next: string | undefined;
    do {
      const page = await shelf.search(instanceId, { text: "", archived, next });
      found.push(...page.items);
      next = page.next;
    } while (next);
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}
