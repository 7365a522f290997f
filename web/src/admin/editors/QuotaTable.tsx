import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Table from "@cloudscape-design/components/table";
import { useI18n } from "../../i18n";

interface Props {
  /** In force, by code. */
  quotas: Record<string, number>;
  fixed: string[];
  /** What is to become of them; empty while it is being typed. */
  wanted: Record<string, number | undefined>;
  onChange: (wanted: Record<string, number | undefined>) => void;
}

/** How many of what the instance may have; nobody can change those that are fixed. */
export function QuotaTable({ quotas, fixed, wanted, onChange }: Props): ReactNode {
  const { t, code, number, language } = useI18n();
  const rows = Object.entries(quotas)
    .map(([key, value]) => ({ key, value, name: code("quota", key), fixed: fixed.includes(key) }))
    .sort((a, b) => Number(a.fixed) - Number(b.fixed) || a.name.localeCompare(b.name, language));
  const shown = (key: string, value: number): string => String(key in wanted ? (wanted[key] ?? "") : value);
  return (
    <Table
      variant="container"
      contentDensity="compact"
      ariaLabels={{ tableLabel: t("instance.quotas") }}
      header={<Header variant="h2" description={t("instance.quotasHelp")}>{t("instance.quotas")}</Header>}
      items={rows}
      trackBy="key"
      columnDefinitions={[
        { id: "name", header: t("instance.quota"), isRowHeader: true, cell: (row) => row.name },
        { id: "now", header: t("instance.quotaNow"), width: 160, cell: (row) => number(row.value) },
        {
          id: "wanted", header: t("instance.quotaWanted"), width: 200,
          cell: (row) =>
            row.fixed ? (
              <Box color="text-status-inactive">{t("instance.quotaFixed")}</Box>
            ) : (
              <Input
                type="number" inputMode="numeric" ariaLabel={row.name} value={shown(row.key, row.value)} nativeInputAttributes={{ min: 0, max: 10_000_000 }}
                onChange={({ detail }) => onChange({ ...wanted, [row.key]: detail.value === "" ? undefined : Number(detail.value) })}
              />
            ),
        },
      ]}
    />
  );
}
