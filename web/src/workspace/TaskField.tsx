import { type ReactNode } from "react";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import type { AgentQuickConnect, AgentTaskField } from "../api/switchroom";
import { useI18n } from "../i18n";
import { MomentInput } from "../shared/MomentInput";
import { blankMoment, type Moment } from "../shared/zoned";
import { MOST, SCHEDULE_DAYS } from "./taskForm";

interface Props {
  field: AgentTaskField;
  needed: boolean;
  problem: string;
  value: string;
  moment?: Moment;
  quickConnects: AgentQuickConnect[] | null;
  autoFocus: boolean;
  onValue: (value: string) => void;
  onMoment: (moment: Moment) => void;
}

/** One field of the form that makes a task, by its type. */
export function TaskField(props: Props): ReactNode {
  const { field, needed, problem, value } = props;
  const { t } = useI18n();
  const most = MOST[field.Type];
  if (field.Type === "BOOLEAN" || field.Type === "SELF_ASSIGN") return <Mark {...props} />;
  const description = field.Type === "SCHEDULED_TIME" ? (field.Description ?? t("task.scheduleHelp", { days: SCHEDULE_DAYS })) : field.Description;
  return (
    <FormField
      label={
        <>
          {field.Name}
          {!needed && <i> – {t("form.optional")}</i>}
        </>
      }
      description={description}
      errorText={problem}
      constraintText={most ? t("form.counter", { count: value.length, most }) : field.Type === "EXPIRY_DURATION" ? t("task.minutes") : undefined}
    >
      <Control {...props} />
    </FormField>
  );
}

function Mark({ field, problem, value, onValue }: Props): ReactNode {
  return (
    <FormField errorText={problem}>
      <Checkbox disabled={field.ReadOnly} checked={value === "true"} description={field.Description} onChange={({ detail }) => onValue(detail.checked ? "true" : field.Type === "BOOLEAN" ? "false" : "")}>
        {field.Name}
      </Checkbox>
    </FormField>
  );
}

function Control({ field, value, moment, quickConnects, autoFocus, onValue, onMoment }: Props): ReactNode {
  const { t, code } = useI18n();
  const readOnly = field.ReadOnly ?? false;
  const most = MOST[field.Type];
  const set = (text: string): void => onValue(most ? text.slice(0, most) : text);
  switch (field.Type) {
    case "DESCRIPTION":
    case "TEXT_AREA":
      return <Textarea readOnly={readOnly} value={value} rows={3} onChange={({ detail }) => set(detail.value)} />;
    case "SINGLE_SELECT": {
      const options = (field.SingleSelectOptions ?? []).map((one) => ({ value: one, label: one }));
      const none = field.Required ? [] : [{ value: "", label: t("form.none") }];
      return (
        <Select
          disabled={readOnly}
          selectedOption={options.find((one) => one.value === value) ?? null}
          options={[...none, ...options]}
          placeholder={t("form.choose")}
          onChange={({ detail }) => onValue(detail.selectedOption.value ?? "")}
        />
      );
    }
    case "QUICK_CONNECT": {
      const options = (quickConnects ?? [])
        .filter((one) => one.QuickConnectType !== "PHONE_NUMBER")
        .map((one) => ({ value: one.QuickConnectId, label: one.Own ? t("task.toMe", { name: one.Name }) : one.Name, description: code("quickConnectType", one.QuickConnectType) }));
      return (
        <Select
          disabled={readOnly}
          selectedOption={options.find((one) => one.value === value) ?? null}
          options={options}
          statusType={quickConnects === null ? "loading" : "finished"}
          loadingText={t("common.loading")}
          filteringType="auto"
          empty={t("common.noData")}
          placeholder={t("task.chooseAssignee")}
          onChange={({ detail }) => onValue(detail.selectedOption.value ?? "")}
        />
      );
    }
    case "DATE_TIME":
    case "SCHEDULED_TIME":
      return <MomentInput moment={moment ?? blankMoment()} readOnly={readOnly} optional={!field.Required} label={field.Name} onChange={onMoment} />;
    default:
      return (
        <Input
          readOnly={readOnly}
          type={field.Type === "EMAIL" ? "email" : field.Type === "URL" ? "url" : "text"}
          inputMode={field.Type === "NUMBER" || field.Type === "EXPIRY_DURATION" ? "decimal" : undefined}
          placeholder={field.Type === "URL" ? "https://" : undefined}
          value={value}
          autoFocus={autoFocus}
          onChange={({ detail }) => set(detail.value)}
        />
      );
  }
}
