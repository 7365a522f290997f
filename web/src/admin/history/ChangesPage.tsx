import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { ChangeFilters } from "./ChangeFilters";
import { ChangeTable } from "./ChangeTable";
import { fieldRows } from "./changedFields";
import { useChanges, type ChangeFilter, type Changes } from "./useChanges";

const PAGE = 50;
const KINDS = [
  "user", "security-profile", "routing-profile", "queue", "hierarchy-group", "hierarchy-structure", "agent-status", "quick-connect", "hours-of-operation", "phone-number", "prompt",
  "contact-flow", "contact-flow-module", "task-template", "predefined-attribute", "instance",
];

interface Props {
  kind: string;
  id: string;
}

/** Changes of all resources, of one kind or of one resource, by date and user name (USER-22). */
export function ChangesPage({ kind, id }: Props): ReactNode {
  const { t, code } = useI18n();
  const [filter, setFilter] = useState<ChangeFilter>({ kind, id, by: "", range: null });
  const found = useChanges(filter, PAGE);
  const set = (part: Partial<ChangeFilter>): void => setFilter((now) => ({ ...now, ...part }));
  const any = { value: "", label: t("form.any") };
  const options = [any, ...KINDS.map((value) => ({ value, label: code("resourceKind", value) }))];
  const name = found.changes?.find((one) => one.ResourceName)?.ResourceName ?? "";
  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        actions={id && <Button onClick={() => goTo("changes", kind)}>{t("history.allOf", { type: code("resourceKind", kind) })}</Button>}
      >
        {id ? t("history.of", { name }) : kind === "user" ? t("history.ofAgents") : t("history.pageTitle")}
      </Header>
      <ChangeFilters filter={filter} onChange={set}>
        {!id && (
          <FormField label={t("history.resourceType")}>
            <Select options={options} selectedOption={options.find((one) => one.value === filter.kind) ?? any} onChange={({ detail }) => (detail.selectedOption.value ? goTo("changes", detail.selectedOption.value) : goTo("changes"))} />
          </FormField>
        )}
      </ChangeFilters>
      {found.error ? <Alert type="error">{errorText(found.error, t)}</Alert> : id ? <ChangeTable {...found} title={t("history.title")} variant="container" /> : <Overview {...found} />}
    </SpaceBetween>
  );
}

/** One row for each change of a resource. */
function Overview({ changes, more }: Changes): ReactNode {
  const { t, code, dateTime } = useI18n();
  return (
    <Table
      variant="container"
      wrapLines
      loading={changes === null}
      loadingText={t("common.loading")}
      items={changes ?? []}
      trackBy="ChangeId"
      ariaLabels={{ tableLabel: t("history.pageTitle") }}
      columnDefinitions={[
        { id: "at", header: t("history.changeTime"), cell: (one) => dateTime(one.At), width: 200, isRowHeader: true },
        { id: "type", header: t("history.resourceType"), cell: (one) => code("resourceKind", one.ResourceType), width: 190 },
        { id: "name", header: t("field.name"), cell: (one) => <Link href={`#/changes/${encodeURIComponent(one.ResourceType)}/${encodeURIComponent(one.ResourceId)}`}>{one.ResourceName || one.ResourceId}</Link> },
        { id: "what", header: t("history.what"), cell: (one) => code("change", one.Action), width: 130 },
        { id: "fields", header: t("history.fields"), cell: (one) => [...new Set(fieldRows([one]).map((row) => row.field))].filter(Boolean).join(", ") || "–" },
        { id: "who", header: t("history.changedBy"), cell: (one) => one.ByName || one.ById || "–", width: 170 },
      ]}
      empty={<Box textAlign="center" padding="l"><b>{t("history.none")}</b></Box>}
      footer={more && <Box textAlign="center"><Button onClick={more}>{t("common.more")}</Button></Box>}
    />
  );
}
