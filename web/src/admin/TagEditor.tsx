import { useState, type ReactNode } from "react";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Input from "@cloudscape-design/components/input";
import { useI18n } from "../i18n";

const MOST = 50;

interface Props {
  tags: Record<string, string>;
  disabled: boolean;
  onChange: (tags: Record<string, string>) => void;
}

/** Keys and values of tags. Rows without a key are not kept. */
export function TagEditor({ tags, disabled, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const [rows, setRows] = useState(() => Object.entries(tags).map(([key, value]) => ({ key, value })));
  const update = (next: { key: string; value: string }[]): void => {
    setRows(next);
    onChange(Object.fromEntries(next.filter((row) => row.key).map((row) => [row.key, row.value])));
  };
  const set = (at: number, part: Partial<{ key: string; value: string }>): void =>
    update(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <ExpandableSection variant="container" headerText={t("tags.title")} headerCounter={`(${Object.keys(tags).length})`} defaultExpanded={rows.length > 0}>
      <AttributeEditor
        items={rows}
        disableAddButton={disabled || rows.length >= MOST}
        addButtonText={t("tags.add")}
        removeButtonText={t("action.remove")}
        additionalInfo={t("tags.left", { count: MOST - rows.length })}
        empty={t("tags.none")}
        isItemRemovable={() => !disabled}
        onAddButtonClick={() => setRows([...rows, { key: "", value: "" }])}
        onRemoveButtonClick={({ detail }) => update(rows.filter((_, at) => at !== detail.itemIndex))}
        definition={[
          { label: t("tags.key"), control: (row, at) => <Input value={row.key} disabled={disabled} onChange={({ detail }) => set(at, { key: detail.value.slice(0, 128) })} /> },
          { label: t("tags.value"), control: (row, at) => <Input value={row.value} disabled={disabled} onChange={({ detail }) => set(at, { value: detail.value.slice(0, 256) })} /> },
        ]}
      />
    </ExpandableSection>
  );
}
