import { useEffect, useState, type ReactNode } from "react";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../api";
import type { AgentQuickConnect, AgentTaskField, AgentTaskTemplate } from "../api/switchroom";
import { useI18n } from "../i18n";
import { errorText } from "../shared/errors";
import { freeFields, isEmpty, isNeeded, isSelfAssigned, problemOf, requestOf, SCHEDULE_DAYS, shownFields, startDraft, type LinkRow, type TaskDraft } from "./taskForm";
import { TaskField } from "./TaskField";

interface Props {
  relatedContactId?: string;
  onCreated: (contactId: string) => void;
  onClose: () => void;
}

/** The form that makes a task: free, or by one of the published templates once there are any (ROUT-83, ROUT-87). */
export function TaskDialog({ relatedContactId, onCreated, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const [templates, setTemplates] = useState<AgentTaskTemplate[] | null>(null);
  const [quickConnects, setQuickConnects] = useState<AgentQuickConnect[] | null>(null);
  const [template, setTemplate] = useState<AgentTaskTemplate | null>(null);
  const [fields, setFields] = useState<AgentTaskField[]>([]);
  const [draft, setDraft] = useState<TaskDraft>(startDraft([]));
  const [linked, setLinked] = useState(relatedContactId !== undefined);
  const [token] = useState(() => crypto.randomUUID());
  const [problem, setProblem] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);

  const show = (chosen: AgentTaskTemplate | null): void => {
    const shown = chosen ? shownFields(chosen, t) : freeFields(t);
    setTemplate(chosen);
    setFields(shown);
    setDraft(startDraft(shown));
    setTried(false);
  };
  useEffect(() => {
    const fail = (error: unknown): void => setProblem(errorText(error, t));
    switchroom("GetAgentTaskTemplates", {}).then((answer) => {
      setTemplates(answer.TaskTemplates);
      if (answer.TaskTemplates.length < 2) show(answer.TaskTemplates[0] ?? null);
    }, fail);
    switchroom("ListAgentQuickConnects", {}).then((answer) => setQuickConnects(answer.QuickConnects), fail);
  }, []);

  const self = isSelfAssigned(fields, draft);
  const visible = fields.filter((field) => !(self && field.Type === "QUICK_CONNECT"));
  const wrong = (field: AgentTaskField): string => {
    if (isEmpty(field, draft)) return tried && isNeeded(field, fields, template, draft) ? t("form.required") : "";
    const key = problemOf(field, draft, Date.now() / 1000);
    return key && (tried || field.Type === "SCHEDULED_TIME") ? t(key, { days: SCHEDULE_DAYS }) : "";
  };
  const unchosen = (templates?.length ?? 0) > 0 && !template;
  const ready = (): boolean =>
    !unchosen && visible.every((field) => (isEmpty(field, draft) ? !isNeeded(field, fields, template, draft) : !problemOf(field, draft, Date.now() / 1000)));

  const submit = async (): Promise<void> => {
    setTried(true);
    if (!ready()) return;
    setBusy(true);
    setProblem("");
    try {
      const answer = await switchroom("CreateAgentTask", {
        ...requestOf(fields, template, draft),
        RelatedContactId: linked ? relatedContactId : undefined,
        ClientToken: token,
      });
      onCreated(answer.ContactId);
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };

  const control = (field: AgentTaskField, at: number): ReactNode => (
    <TaskField
      key={field.Name}
      field={field}
      needed={isNeeded(field, fields, template, draft)}
      problem={wrong(field)}
      value={draft.values[field.Name] ?? ""}
      moment={draft.moments[field.Name]}
      quickConnects={quickConnects}
      autoFocus={at === 0}
      onValue={(value) => setDraft((now) => ({ ...now, values: { ...now.values, [field.Name]: value } }))}
      onMoment={(moment) => setDraft((now) => ({ ...now, moments: { ...now.moments, [field.Name]: moment } }))}
    />
  );
  const head = template ? visible : visible.slice(0, 2);

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
            <Button variant="primary" loading={busy} disabled={templates === null} onClick={() => void submit()}>
              {t("action.create")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        {templates === null && !problem && (
          <Box textAlign="center" padding="l">
            <Spinner /> {t("common.loading")}
          </Box>
        )}
        {templates !== null && templates.length > 0 && (
          <FormField label={t("task.template")} errorText={tried && unchosen && t("task.chooseTemplate")}>
            <Select
              selectedOption={template && { value: template.TaskTemplateId, label: template.Name }}
              options={templates.map((one) => ({ value: one.TaskTemplateId, label: one.Name }))}
              filteringType={templates.length > 10 ? "auto" : "none"}
              onChange={({ detail }) => show(templates.find((one) => one.TaskTemplateId === detail.selectedOption.value)!)}
              placeholder={t("task.chooseTemplate")}
            />
          </FormField>
        )}
        {head.map(control)}
        {!template && templates?.length === 0 && (
          <References rows={draft.references} onChange={(references) => setDraft((now) => ({ ...now, references }))} />
        )}
        {!template && visible.slice(2).map((field) => control(field, 2))}
        {relatedContactId && (
          <Checkbox checked={linked} onChange={({ detail }) => setLinked(detail.checked)}>
            {t("task.link")}
          </Checkbox>
        )}
      </SpaceBetween>
    </Modal>
  );
}

function References({ rows, onChange }: { rows: LinkRow[]; onChange: (rows: LinkRow[]) => void }): ReactNode {
  const { t } = useI18n();
  return (
    <FormField label={t("task.references")} stretch>
      <AttributeEditor
        items={rows}
        addButtonText={t("task.addReference")}
        removeButtonText={t("action.remove")}
        empty={t("task.noReferences")}
        onAddButtonClick={() => onChange([...rows, { name: "", value: "" }])}
        onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, at) => at !== detail.itemIndex))}
        definition={(["name", "value"] as const).map((part) => ({
          label: t(part === "name" ? "field.name" : "task.address"),
          control: (row: LinkRow, at: number) => (
            <Input
              value={row[part]}
              placeholder={part === "value" ? "https://" : ""}
              onChange={({ detail }) => onChange(rows.map((one, index) => (index === at ? { ...one, [part]: detail.value } : one)))}
            />
          ),
        }))}
      />
    </FormField>
  );
}
