import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { TrunkRule } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { tryNumber, usable } from "../numberRules";

type Direction = TrunkRule["Direction"];

const DIRECTIONS: Direction[] = ["INBOUND", "OUTBOUND"];

interface Props {
  rules: TrunkRule[];
  disabled: boolean;
  onChange: (rules: TrunkRule[]) => void;
}

/** How numbers are written on a trunk, in the order the rules are tried, with a box to try them. */
export function NumberRules({ rules, disabled, onChange }: Props): ReactNode {
  const { t, code } = useI18n();
  const directions = DIRECTIONS.map((one) => ({ value: one, label: code("trunks.direction", one) }));
  const set = (at: number, part: Partial<TrunkRule>): void => onChange(rules.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  const move = (at: number, by: number): void => {
    const next = [...rules];
    const [rule] = next.splice(at, 1);
    next.splice(at + by, 0, rule!);
    onChange(next);
  };
  return (
    <SpaceBetween size="m">
      <Table
        variant="embedded"
        ariaLabels={{ tableLabel: t("trunks.rules") }}
        header={
          <Header
            variant="h3"
            description={t("trunks.rulesHelp")}
            actions={
              <Button formAction="none" disabled={disabled} iconName="add-plus" onClick={() => onChange([...rules, { Direction: "INBOUND", Match: "", Replace: "" }])}>
                {t("trunks.addRule")}
              </Button>
            }
          >
            {t("trunks.rules")}
          </Header>
        }
        items={rules.map((rule, at) => ({ ...rule, at }))}
        columnDefinitions={[
          {
            id: "direction", header: t("trunks.calls"), minWidth: 150,
            cell: (rule) => <Select ariaLabel={t("trunks.calls")} disabled={disabled} options={directions} selectedOption={directions.find((one) => one.value === rule.Direction) ?? null} onChange={({ detail }) => set(rule.at, { Direction: detail.selectedOption.value as Direction })} />,
          },
          {
            id: "match", header: t("trunks.match"), minWidth: 200,
            cell: (rule) => (
              <FormField errorText={rule.Match && !usable(rule) ? t("trunks.ruleWrong") : undefined} stretch>
                <Input ariaLabel={t("trunks.match")} disabled={disabled} spellcheck={false} placeholder="0(\d+)" value={rule.Match} onChange={({ detail }) => set(rule.at, { Match: detail.value })} />
              </FormField>
            ),
          },
          { id: "replace", header: t("trunks.replace"), minWidth: 160, cell: (rule) => <Input ariaLabel={t("trunks.replace")} disabled={disabled} spellcheck={false} placeholder="+44\1" value={rule.Replace ?? ""} onChange={({ detail }) => set(rule.at, { Replace: detail.value })} /> },
          {
            id: "order", header: t("trunks.order"), width: 140,
            cell: (rule) => (
              <SpaceBetween direction="horizontal" size="xxs">
                <Button formAction="none" variant="icon" iconName="angle-up" ariaLabel={t("trunks.up")} disabled={disabled || rule.at === 0} onClick={() => move(rule.at, -1)} />
                <Button formAction="none" variant="icon" iconName="angle-down" ariaLabel={t("trunks.down")} disabled={disabled || rule.at === rules.length - 1} onClick={() => move(rule.at, 1)} />
                <Button formAction="none" variant="icon" iconName="remove" ariaLabel={t("action.remove")} disabled={disabled} onClick={() => onChange(rules.filter((_, at) => at !== rule.at))} />
              </SpaceBetween>
            ),
          },
        ]}
        empty={<Box textAlign="center" color="inherit">{t("trunks.noRules")}</Box>}
      />
      <TryNumber rules={rules} />
    </SpaceBetween>
  );
}

function TryNumber({ rules }: { rules: TrunkRule[] }): ReactNode {
  const { t, code } = useI18n();
  const [direction, setDirection] = useState<Direction>("INBOUND");
  const [number, setNumber] = useState("");
  const directions = DIRECTIONS.map((one) => ({ value: one, label: code("trunks.direction", one) }));
  const tried = tryNumber(rules, direction, number.trim());
  return (
    <ColumnLayout columns={3}>
      <FormField label={t("trunks.try")} description={t("trunks.tryHelp")}>
        <Input ariaLabel={t("trunks.try")} value={number} inputMode="tel" placeholder="02079460123" onChange={({ detail }) => setNumber(detail.value)} />
      </FormField>
      <FormField label={t("trunks.calls")} description={t("trunks.tryCalls")}>
        <Select ariaLabel={t("trunks.tryCalls")} options={directions} selectedOption={directions.find((one) => one.value === direction)!} onChange={({ detail }) => setDirection(detail.selectedOption.value as Direction)} />
      </FormField>
      <FormField label={t("trunks.result")} description={number && (tried.rule < 0 ? t("trunks.resultNone") : t("trunks.resultRule", { rule: tried.rule + 1 }))}>
        <Box variant="strong" fontSize="heading-m">
          <span role="status" aria-label={t("trunks.result")}>{number ? tried.number || t("trunks.resultEmpty") : "–"}</span>
        </Box>
      </FormField>
    </ColumnLayout>
  );
}
