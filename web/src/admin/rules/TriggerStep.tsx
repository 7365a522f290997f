import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import { JsonEditor } from "../editors/JsonEditor";
import { ConditionRow } from "./ConditionRow";
import { MOST_CONDITIONS, NAME, newCondition, pretty, readFunction, writeFunction, type Condition, type RuleDraft } from "./rule";
import type { RuleParts } from "./useRuleParts";

interface Props {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  parts: RuleParts;
  /** The event of a rule that exists cannot be changed. */
  fixed: boolean;
  tried: boolean;
}

/** Name, event, instance of the application, conditions. */
export function TriggerStep({ draft, change, parts, fixed, tried }: Props): ReactNode {
  const { t, code } = useI18n();
  const triggers = parts.triggers.filter((one) => one.Runs);
  const trigger = parts.triggers.find((one) => one.EventSourceName === draft.trigger);
  const connections = parts.connections.filter((one) => one.Application === trigger?.Application && (one.Status !== "DELETED" || one.ConnectionId === draft.connection));
  const connection = connections.find((one) => one.ConnectionId === draft.connection);
  const named = NAME.test(draft.name);
  const choose = (name: string): void => {
    const chosen = parts.triggers.find((one) => one.EventSourceName === name);
    const suiting = parts.connections.filter((one) => one.Application === chosen?.Application && one.Status !== "DELETED");
    change({ trigger: name, connection: suiting.length === 1 ? suiting[0]!.ConnectionId : "", conditions: [], text: undefined });
  };
  const set = (index: number, part: Partial<Condition>): void => change({ conditions: draft.conditions.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  const asText = (): void => change({ text: pretty(writeFunction(draft, trigger)) });
  const asList = (): void => {
    const list = readFunction(draft.text ?? "", trigger);
    if (list) change({ ...list, text: undefined });
  };
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="l">
          <FormField label={t("field.name")} description={t("rules.nameHelp")} constraintText={t("rules.nameRule")} errorText={(draft.name || tried) && !named ? t("rules.nameRule") : undefined}>
            <Input value={draft.name} placeholder="Account_creation" onChange={({ detail }) => change({ name: detail.value })} />
          </FormField>
          <FormField label={t("rules.when")} errorText={tried && !trigger ? t("apps.choose") : undefined}>
            <Select
              disabled={fixed} selectedOption={trigger ? { value: draft.trigger, label: code("ruleTrigger", draft.trigger) } : null} placeholder={t("rules.chooseTrigger")}
              options={triggers.map((one) => ({ value: one.EventSourceName, label: code("ruleTrigger", one.EventSourceName), tags: one.Application ? [code("eventApplication", one.Application)] : [] }))}
              onChange={({ detail }) => choose(detail.selectedOption.value ?? "")}
            />
          </FormField>
          {trigger?.Application && (
            <FormField label={t("rules.connection")} description={t("rules.connectionHelp")} errorText={tried && !draft.connection ? t("apps.choose") : undefined}>
              <Select
                disabled={fixed} selectedOption={draft.connection ? { value: draft.connection, label: connection?.Name ?? draft.connection } : null} placeholder={t("apps.choose")}
                options={connections.map((one) => ({ value: one.ConnectionId, label: one.Name, description: one.Url }))}
                empty={<>{t("rules.noConnection")} <Link href="#/applications/new">{t("apps.add")}</Link></>}
                onChange={({ detail }) => change({ connection: detail.selectedOption.value ?? "" })}
              />
            </FormField>
          )}
        </SpaceBetween>
      </Container>
      {trigger && (
        <Container
          header={
            <Header
              variant="h2" description={t("rules.conditionsHelp")}
              actions={draft.text === undefined ? <Button variant="inline-link" onClick={asText}>{t("rules.asText")}</Button> : <Button variant="inline-link" disabled={!readFunction(draft.text, trigger)} onClick={asList}>{t("rules.asList")}</Button>}
            >
              {t("rules.conditions")}
            </Header>
          }
        >
          {draft.text !== undefined ? (
            <div className="rule-function"><JsonEditor mode="json" label={t("rules.function")} value={draft.text} onChange={(text) => change({ text })} /></div>
          ) : (
            <SpaceBetween size="m">
              {draft.conditions.length > 1 && (
                <SegmentedControl
                  selectedId={draft.any ? "any" : "all"} label={t("rules.logic")} onChange={({ detail }) => change({ any: detail.selectedId === "any" })}
                  options={[{ id: "all", text: t("rules.allOf") }, { id: "any", text: t("rules.anyOf") }]}
                />
              )}
              {!draft.conditions.length && <Box color="text-body-secondary">{t("rules.always")}</Box>}
              {draft.conditions.map((one, index) => (
                <ConditionRow
                  key={index} condition={one} trigger={trigger} tried={tried} onChange={(part) => set(index, part)}
                  onRemove={() => change({ conditions: draft.conditions.filter((_, at) => at !== index) })}
                />
              ))}
              <Button iconName="add-plus" disabled={draft.conditions.length >= MOST_CONDITIONS} onClick={() => change({ conditions: [...draft.conditions, newCondition(trigger)] })}>{t("rules.addCondition")}</Button>
            </SpaceBetween>
          )}
        </Container>
      )}
    </SpaceBetween>
  );
}
