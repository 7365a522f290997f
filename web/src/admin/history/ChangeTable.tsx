import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Table from "@cloudscape-design/components/table";
import { useI18n } from "../../i18n";
import { fieldRows } from "./changedFields";
import type { Changes } from "./useChanges";

const SHOWN = 160;

interface Props extends Changes {
  title: string;
  variant: "embedded" | "container";
}

/** What changed of one resource, field by field: when, from what, to what, by whom. */
export function ChangeTable({ changes, more, title, variant }: Props): ReactNode {
  const { t, code, dateTime } = useI18n();
  return (
    <Table
      variant={variant}
      wrapLines
      loading={changes === null}
      loadingText={t("common.loading")}
      items={fieldRows(changes ?? [])}
      trackBy="key"
      ariaLabels={{ tableLabel: title }}
      columnDefinitions={[
        { id: "at", header: t("history.changeTime"), cell: (row) => dateTime(row.change.At), width: 200, isRowHeader: true },
        { id: "type", header: t("history.resourceType"), cell: (row) => code("resourceKind", row.change.ResourceType), width: 170 },
        { id: "field", header: t("history.field"), cell: (row) => row.field || code("change", row.change.Action), width: 200 },
        { id: "before", header: t("history.before"), cell: (row) => <Value text={row.before} /> },
        { id: "after", header: t("history.after"), cell: (row) => <Value text={row.after} /> },
        { id: "who", header: t("history.changedBy"), cell: (row) => row.change.ByName || row.change.ById || "–", width: 150 },
      ]}
      empty={<Box textAlign="center" color="inherit">{t("history.none")}</Box>}
      footer={more && <Box textAlign="center"><Button onClick={more}>{t("common.more")}</Button></Box>}
    />
  );
}

function Value({ text }: { text: string }): ReactNode {
  if (!text) return "–";
  return text.length > SHOWN ? <span title={text}>{`${text.slice(0, SHOWN)}…`}</span> : text;
}
