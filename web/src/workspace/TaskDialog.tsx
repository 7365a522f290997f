import { useEffect, useMemo, useState, type ReactNode } from "react";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import DatePicker from "@cloudscape-design/components/date-picker";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import TimeInput from "@cloudscape-design/components/time-input";
import { switchroom } from "../api";
import type { AgentQuickConnect, AgentTaskField, AgentTaskTemplate, CreateAgentTaskRequest, Reference } from "../api/switchroom";
import { useI18n } from "../i18n";
import { errorText } from "../shared/errors";

const SCHEDULE_DAYS = 6;
const NAME_MOST = 512;
const DESCRIPTION_MOST = 4096;
const OWN_FIELDS: AgentTaskField["Type"][] = ["NAME", "DESCRIPTION", "SCHEDULED_TIME", "QUICK_CONNECT", "SELF_ASSIGN", "EXPIRY_DURATION"];

interface Props {
  relatedContactId?: string;
  onCreated: (contactId: string) => void;
  onClose: () => void;
}

interface Row {
  name: string;
  value: string;
}

export function TaskDialog({ relatedContactId, onCreated, onClose }: Props): ReactNode {
  const { t, code } = useI18n();
  const [templates, setTemplates] = useState<AgentTaskTemplate[]>([]);
  const [quickConnects, setQuickConnects] = useState<AgentQuickConnect[] | null>(null);
  const [template, setTemplate] = useState<AgentTaskTemplate | null>(null);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [references, setReferences] = useState<Row[]>([]);
  const [fields, setFields] = useState<Record<string, string>>({});
  const [assignee, setAssignee] = useState<string | null>(null);
  const [date, setDate] = useState("");
  const [time, setTime] = useState("");
  const [linked, setLinked] = useState(relatedContactId !== undefined);
  const [problem, setProblem] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const fail = (error: unknown): void => setProblem(errorText(error, t));
    switchroom("GetAgentTaskTemplates", {}).then((answer) => {
      setTemplates(answer.TaskTemplates);
      if (answer.TaskTemplates.length === 1) choose(answer.TaskTemplates[0]!);
    }, fail);
    switchroom("ListAgentQuickConnects", {}).then((answer) => setQuickConnects(answer.QuickConnects), fail);
  }, []);

  const choose = (chosen: AgentTaskTemplate): void => {
    setTemplate(chosen);
    const defaults = Object.fromEntries(chosen.Fields.filter((field) => field.DefaultValue).map((field) => [field.Name, field.DefaultValue!]));
    setFields(defaults);
    const byType = (type: AgentTaskField["Type"]): string | undefined => chosen.Fields.find((field) => field.Type === type)?.DefaultValue;
    setName(byType("NAME") ?? "");
    setDescription(byType("DESCRIPTION") ?? "");
    setAssignee(byType("QUICK_CONNECT")?.split("/").pop() ?? null);
  };

  const shows = (type: AgentTaskField["Type"]): boolean =>
    !template || template.Fields.some((field) => field.Type === type && !field.Hidden);
  const own = (template?.Fields ?? []).filter((field) => !OWN_FIELDS.includes(field.Type) && !field.Hidden);
  const scheduled = useMemo(() => (date && /^\d\d:\d\d$/.test(time) ? new Date(`${date}T${time}:00`).getTime() / 1000 : undefined), [date, time]);
  const needsAssignee = !template?.ContactFlowId;

  const problems = {
    template: templates.length > 0 && !template ? t("task.chooseTemplate") : "",
    name: name.trim() ? "" : t("form.required"),
    assignee: needsAssignee && !assignee ? t("form.required") : "",
    schedule: scheduleProblem(),
  };
  function scheduleProblem(): string {
    if (!date && !time) return "";
    if (scheduled === undefined) return t("task.dateAndTime");
    const now = Date.now() / 1000;
    return scheduled < now || scheduled > now + SCHEDULE_DAYS * 86400 ? t("task.scheduleRange", { days: SCHEDULE_DAYS }) : "";
  }
  const missing = own.filter((field) => field.Required && !fields[field.Name]);

  const submit = async (): Promise<void> => {
    setTried(true);
    if (Object.values(problems).some(Boolean) || missing.length) return;
    setBusy(true);
    setProblem("");
    try {
      const answer = await switchroom("CreateAgentTask", request());
      onCreated(answer.ContactId);
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };

  const request = (): CreateAgentTaskRequest => {
    const given: Record<string, Reference> = {};
    for (const row of references) if (row.name && row.value) given[row.name] = { Type: "URL", Value: row.value };
    for (const field of own) if (fields[field.Name]) given[field.Name] = { Type: referenceType(field.Type), Value: fields[field.Name]! };
    return {
      Name: name.trim(),
      Description: description || undefined,
      References: Object.keys(given).length ? given : undefined,
      TaskTemplateId: template?.TaskTemplateId,
      QuickConnectId: assignee ?? undefined,
      ScheduledTime: scheduled,
      RelatedContactId: linked ? relatedContactId : undefined,
      ClientToken: crypto.randomUUID(),
    };
  };

  const options = (quickConnects ?? [])
    .filter((one) => one.QuickConnectType !== "PHONE_NUMBER")
    .map((one) => ({ value: one.QuickConnectId, label: one.Name, description: code("quickConnectType", one.QuickConnectType) }));

  return (
    <Modal
      visible
      size="medium"
      onDismiss={onClose}
      header={t("task.create")}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button variant="primary" loading={busy} onClick={() => void submit()}>
              {t("action.create")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        {templates.length > 0 && (
          <FormField label={t("task.template")} errorText={tried && problems.template}>
            <Select
              selectedOption={template && { value: template.TaskTemplateId, label: template.Name }}
              options={templates.map((one) => ({ value: one.TaskTemplateId, label: one.Name, description: one.Description }))}
              onChange={({ detail }) => choose(templates.find((one) => one.TaskTemplateId === detail.selectedOption.value)!)}
              placeholder={t("task.chooseTemplate")}
            />
          </FormField>
        )}
        {shows("NAME") && (
          <FormField label={t("task.name")} errorText={tried && problems.name} constraintText={t("form.counter", { count: name.length, most: NAME_MOST })}>
            <Input value={name} onChange={({ detail }) => setName(detail.value.slice(0, NAME_MOST))} autoFocus />
          </FormField>
        )}
        {shows("DESCRIPTION") && (
          <FormField label={t("task.description")} constraintText={t("form.counter", { count: description.length, most: DESCRIPTION_MOST })}>
            <Textarea value={description} rows={3} onChange={({ detail }) => setDescription(detail.value.slice(0, DESCRIPTION_MOST))} />
          </FormField>
        )}
        {own.map((field) => (
          <FormField key={field.Name} label={field.Name} description={field.Description} errorText={tried && field.Required && !fields[field.Name] && t("form.required")}>
            <TemplateField field={field} value={fields[field.Name] ?? ""} onChange={(value) => setFields((now) => ({ ...now, [field.Name]: value }))} />
          </FormField>
        ))}
        {!template && (
          <FormField label={t("task.references")} stretch>
            <AttributeEditor
              items={references}
              addButtonText={t("task.addReference")}
              removeButtonText={t("action.remove")}
              empty={t("task.noReferences")}
              onAddButtonClick={() => setReferences([...references, { name: "", value: "" }])}
              onRemoveButtonClick={({ detail }) => setReferences(references.filter((_, at) => at !== detail.itemIndex))}
              definition={(["name", "value"] as const).map((part) => ({
                label: t(part === "name" ? "field.name" : "task.address"),
                control: (row: Row, at: number) => (
                  <Input
                    value={row[part]}
                    placeholder={part === "value" ? "https://" : ""}
                    onChange={({ detail }) => setReferences(references.map((one, index) => (index === at ? { ...one, [part]: detail.value } : one)))}
                  />
                ),
              }))}
            />
          </FormField>
        )}
        {(shows("QUICK_CONNECT") || needsAssignee) && (
          <FormField label={t("task.assignTo")} errorText={tried && problems.assignee}>
            <Select
              selectedOption={options.find((one) => one.value === assignee) ?? null}
              options={options}
              statusType={quickConnects === null ? "loading" : "finished"}
              filteringType="auto"
              empty={t("common.noData")}
              placeholder={t("task.chooseAssignee")}
              onChange={({ detail }) => setAssignee(detail.selectedOption.value ?? null)}
            />
          </FormField>
        )}
        {shows("SCHEDULED_TIME") && (
          <FormField
            label={t("task.schedule")}
            description={t("task.scheduleHelp", { days: SCHEDULE_DAYS, zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
            errorText={problems.schedule}
          >
            <SpaceBetween direction="horizontal" size="xs">
              <DatePicker value={date} onChange={({ detail }) => setDate(detail.value)} placeholder="YYYY/MM/DD" />
              <TimeInput value={time} onChange={({ detail }) => setTime(detail.value)} format="hh:mm" placeholder="hh:mm" ariaLabel={t("task.time")} />
              {(date || time) && (
                <Button variant="link" onClick={() => { setDate(""); setTime(""); }}>
                  {t("task.clearSchedule")}
                </Button>
              )}
            </SpaceBetween>
          </FormField>
        )}
        {relatedContactId && (
          <Checkbox checked={linked} onChange={({ detail }) => setLinked(detail.checked)}>
            {t("task.link")}
          </Checkbox>
        )}
      </SpaceBetween>
    </Modal>
  );
}

function referenceType(type: AgentTaskField["Type"]): Reference["Type"] {
  if (type === "URL" || type === "NUMBER" || type === "EMAIL") return type;
  return type === "DATE_TIME" ? "DATE" : "STRING";
}

interface TemplateFieldProps {
  field: AgentTaskField;
  value: string;
  onChange: (value: string) => void;
}

function TemplateField({ field, value, onChange }: TemplateFieldProps): ReactNode {
  const { t } = useI18n();
  const readOnly = field.ReadOnly ?? false;
  if (field.Type === "SINGLE_SELECT") {
    const options = (field.SingleSelectOptions ?? []).map((one) => ({ value: one, label: one }));
    return <Select disabled={readOnly} selectedOption={options.find((one) => one.value === value) ?? null} options={options} placeholder={t("form.choose")} onChange={({ detail }) => onChange(detail.selectedOption.value!)} />;
  }
  if (field.Type === "BOOLEAN") {
    return <Checkbox disabled={readOnly} checked={value === "true"} onChange={({ detail }) => onChange(String(detail.checked))}>{t("common.yes")}</Checkbox>;
  }
  if (field.Type === "TEXT_AREA") return <Textarea readOnly={readOnly} value={value} onChange={({ detail }) => onChange(detail.value)} />;
  const kind = field.Type === "NUMBER" ? "number" : field.Type === "EMAIL" ? "email" : field.Type === "URL" ? "url" : "text";
  return <Input readOnly={readOnly} type={kind} value={value} onChange={({ detail }) => onChange(detail.value)} />;
}
