import { useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { Change } from "../../api/switchroom";
import { shelves, type Held, type Kind, type Shelf } from "../../designer/page/shelf";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { ChangeFilters } from "../history/ChangeFilters";
import { useChanges, type ChangeFilter } from "../history/useChanges";
import { flowChange } from "./changeKinds";

const PAGE = 50;

/** Who changed which flow and when, by flow, date and user name (FLOW-47). */
export function FlowChanges({ kind }: { kind: Kind }): ReactNode {
  const { t, dateTime } = useI18n();
  const notices = useNotices();
  const shelf = shelves[kind];
  const [filter, setFilter] = useState<ChangeFilter>({ kind: shelf.resource, by: "", range: null });
  const { changes, error, more } = useChanges(filter, PAGE);
  const set = (part: Partial<ChangeFilter>): void => setFilter((now) => ({ ...now, ...part }));
  useEffect(() => {
    if (error) notices.failure(error);
  }, [error]);

  return (
    <SpaceBetween size="m">
      <Header variant="h1">{t(kind === "flow" ? "flows.changesTitle" : "flows.moduleChangesTitle")}</Header>
      <ChangeFilters filter={filter} onChange={set}>
        <FlowFilter shelf={shelf} value={filter.id ?? ""} onChange={(id) => set({ id })} />
      </ChangeFilters>
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
        footer={more && <Box textAlign="center"><Button onClick={more}>{t("common.more")}</Button></Box>}
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
