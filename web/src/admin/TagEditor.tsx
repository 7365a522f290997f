import { useState, type ReactNode } from "react";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Input from "@cloudscape-design/components/input";
import { useI18n, type TextKey } from "../i18n";

const MOST = 50;
const TEXTS: RowTexts = { add: "tags.add", left: "tags.left", none: "tags.none" };

interface Props {
  tags: Record<string, string>;
  disabled: boolean;
  onChange: (tags: Record<string, string>) => void;
}

/** Tags of a resource, in a part of its form. */
export function TagEditor(props: Props): ReactNode {
  const { t } = useI18n();
  const count = Object.keys(props.tags).length;
  const [open, setOpen] = useState(count > 0);
  return (
    <ExpandableSection variant="container" headerText={t("tags.title")} headerCounter={`(${count})`} expanded={open} onChange={({ detail }) => setOpen(detail.expanded)}>
      <TagRows {...props} most={MOST} texts={TEXTS} />
    </ExpandableSection>
  );
}

interface RowTexts {
  add: TextKey;
  /** How many more there may be, as `count`. */
  left: TextKey;
  none: TextKey;
}

interface RowsProps extends Props {
  most: number;
  texts: RowTexts;
}

/** Keys and values of tags. Rows without a key are not kept. */
export function TagRows({ tags, disabled, most, texts, onChange }: RowsProps): ReactNode {
  const { t } = useI18n();
  const [rows, setRows] = useState(() => Object.entries(tags).map(([key, value]) => ({ key, value })));
  const update = (next: { key: string; value: string }[]): void => {
    setRows(next);
    onChange(Object.fromEntries(next.filter((row) => row.key).map((row) => [row.key, row.value])));
  };
  const set = (at: number, part: Partial<{ key: string; value: string }>): void =>
    update(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <AttributeEditor
      items={rows}
      disableAddButton={disabled || rows.length >= most}
      addButtonText={t(texts.add)}
      removeButtonText={t("action.remove")}
      additionalInfo={t(texts.left, { count: most - rows.length })}
      empty={t(texts.none)}
      isItemRemovable={() => !disabled}
      onAddButtonClick={() => setRows([...rows, { key: "", value: "" }])}
      onRemoveButtonClick={({ detail }) => update(rows.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        { label: t("tags.key"), control: (row, at) => <Input value={row.key} disabled={disabled} onChange={({ detail }) => set(at, { key: detail.value.slice(0, 128) })} /> },
        { label: t("tags.value"), control: (row, at) => <Input value={row.value} disabled={disabled} onChange={({ detail }) => set(at, { value: detail.value.slice(0, 256) })} /> },
      ]}
    />
  );
}
