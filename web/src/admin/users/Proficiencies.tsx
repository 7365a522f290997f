import { useEffect, useState, type ReactNode } from "react";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Box from "@cloudscape-design/components/box";
import Select from "@cloudscape-design/components/select";
import { connect } from "../../api";
import type { UserProficiency } from "../../api/connect";
import { useI18n, type TextKey } from "../../i18n";
import { everyPage } from "../../shared/everyPage";
import { useSession } from "../../shared/session";

const LEVELS = [1, 2, 3, 4, 5];
const MOST = 10;
const FIRST_LEVEL = 3;

interface Props {
  held: UserProficiency[];
  disabled: boolean;
  problem?: string;
  onChange: (held: UserProficiency[]) => void;
}

const options = (texts: string[]): { value: string; label: string }[] => texts.map((text) => ({ value: text, label: text }));

/** What a user is good at, as rows of attribute, value and level (ROUT-67). */
export function Proficiencies({ held, disabled, problem, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [names, setNames] = useState<string[] | null>(null);
  const [values, setValues] = useState<Record<string, string[]>>({});
  const attributes = [...new Set(held.map((one) => one.AttributeName).filter(Boolean))].join("\n");

  useEffect(() => {
    everyPage(async (NextToken) => {
      const page = await connect("ListPredefinedAttributes", { InstanceId: instanceId, NextToken, MaxResults: 100 });
      return [page.PredefinedAttributeSummaryList, page.NextToken];
    }).then((found) => setNames(found.map((one) => one.Name!)), () => setNames([]));
  }, [instanceId]);
  useEffect(() => {
    for (const Name of attributes.split("\n").filter((name) => name && !(name in values))) {
      connect("DescribePredefinedAttribute", { InstanceId: instanceId, Name }).then(
        (answer) => setValues((now) => ({ ...now, [Name]: answer.PredefinedAttribute?.Values?.StringList ?? [] })),
        () => undefined,
      );
    }
  }, [attributes]);

  const set = (at: number, part: Partial<UserProficiency>): void => onChange(held.map((one, index) => (index === at ? { ...one, ...part } : one)));
  if (names?.length === 0 && !held.length) return <Box color="text-body-secondary">{t("proficiency.noAttributes")}</Box>;
  return (
    <AttributeEditor
      items={held}
      addButtonText={t("proficiency.add")}
      removeButtonText={t("action.remove")}
      disableAddButton={disabled || held.length >= MOST}
      isItemRemovable={() => !disabled}
      empty={t("proficiency.none")}
      additionalInfo={problem ? <Box color="text-status-error">{problem}</Box> : t("proficiency.left", { count: MOST - held.length })}
      onAddButtonClick={() => onChange([...held, { AttributeName: "", AttributeValue: "", Level: FIRST_LEVEL }])}
      onRemoveButtonClick={({ detail }) => onChange(held.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: t("proficiency.attribute"),
          control: (row, at) => (
            <Select
              disabled={disabled}
              filteringType="auto"
              placeholder={t("form.choose")}
              statusType={names === null ? "loading" : "finished"}
              options={options(names ?? [])}
              selectedOption={row.AttributeName ? { value: row.AttributeName, label: row.AttributeName } : null}
              onChange={({ detail }) => set(at, { AttributeName: detail.selectedOption.value!, AttributeValue: "" })}
            />
          ),
        },
        {
          label: t("tags.value"),
          control: (row, at) => (
            <Select
              disabled={disabled || !row.AttributeName}
              filteringType="auto"
              placeholder={t("form.choose")}
              empty={t("common.noData")}
              options={options((values[row.AttributeName] ?? []).filter((value) => value === row.AttributeValue || !held.some((one) => one.AttributeName === row.AttributeName && one.AttributeValue === value)))}
              selectedOption={row.AttributeValue ? { value: row.AttributeValue, label: row.AttributeValue } : null}
              onChange={({ detail }) => set(at, { AttributeValue: detail.selectedOption.value! })}
            />
          ),
        },
        {
          label: t("proficiency.level"),
          control: (row, at) => (
            <Select
              disabled={disabled}
              options={LEVELS.map((level) => ({ value: String(level), label: t(`proficiency.level${level as 1 | 2 | 3 | 4 | 5}`) }))}
              selectedOption={{ value: String(row.Level), label: LEVELS.includes(row.Level) ? t(`proficiency.level${row.Level as 1}`) : String(row.Level) }}
              onChange={({ detail }) => set(at, { Level: Number(detail.selectedOption.value) })}
            />
          ),
        },
      ]}
    />
  );
}

/** What is wrong with a set of proficiencies: a row that is not complete. */
export function proficiencyProblem(held: UserProficiency[]): TextKey | undefined {
  return held.some((one) => !one.AttributeName || !one.AttributeValue) ? "proficiency.incomplete" : undefined;
}

const pair = (one: UserProficiency): string => JSON.stringify([one.AttributeName, one.AttributeValue]);

/** What to add, give another level and take away to get from one set of proficiencies to another. */
export function proficiencyChanges(before: UserProficiency[], after: UserProficiency[]): { added: UserProficiency[]; changed: UserProficiency[]; removed: UserProficiency[] } {
  const old = new Map(before.map((one) => [pair(one), one]));
  const now = new Set(after.map(pair));
  return {
    added: after.filter((one) => !old.has(pair(one))),
    changed: after.filter((one) => old.has(pair(one)) && old.get(pair(one))!.Level !== one.Level),
    removed: before.filter((one) => !now.has(pair(one))),
  };
}

export async function saveProficiencies(InstanceId: string, UserId: string, before: UserProficiency[], after: UserProficiency[]): Promise<void> {
  const { added, changed, removed } = proficiencyChanges(before, after);
  const at = { InstanceId, UserId };
  if (removed.length) {
    const gone = removed.map(({ AttributeName, AttributeValue }) => ({ AttributeName, AttributeValue }));
    await connect("DisassociateUserProficiencies", { ...at, UserProficiencies: gone });
  }
  if (changed.length) await connect("UpdateUserProficiencies", { ...at, UserProficiencies: changed });
  if (added.length) await connect("AssociateUserProficiencies", { ...at, UserProficiencies: added });
}
