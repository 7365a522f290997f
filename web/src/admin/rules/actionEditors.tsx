import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import type { SendNotificationActionDefinition, TaskActionDefinition } from "../../api/connect";
import type { RuleTrigger } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useChoices } from "../sources";
import { TagRows } from "../TagEditor";
import { NAME, type ActionDraft, type ReferenceDraft } from "./rule";

export interface ActionProps {
  draft: ActionDraft;
  change: (part: Partial<ActionDraft>) => void;
  trigger: RuleTrigger | undefined;
  tried: boolean;
}

const MOST_REFERENCES = 26;
const MOST_TAGS = 10;
const TAG_TEXTS = { add: "tags.add", left: "tags.left", none: "tags.none" } as const;

interface Insert {
  /** Say which text is written in. */
  focus: (name: string) => () => void;
  /** Add to the text that was written in last. */
  insert: (text: string) => void;
}

function useInsert(writers: Record<string, (text: string) => void>): Insert {
  const [last, setLast] = useState("");
  return { focus: (name) => () => setLast(name), insert: (text) => writers[last]?.(text) };
}

/** A task: name, description, references, the flow that routes it (ROUT-106). */
export function TaskAction({ draft, change, trigger, tried }: ActionProps): ReactNode {
  const { t } = useI18n();
  const flows = useChoices("flows");
  const task = draft.action.TaskAction!;
  const set = (part: Partial<TaskActionDefinition>): void => change({ action: { ...draft.action, TaskAction: { ...task, ...part } } });
  const reference = (index: number, part: Partial<ReferenceDraft>): void => change({ references: draft.references.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  const missing = (value: string): string | undefined => (tried && !value.trim() ? t("rules.missing") : undefined);
  const { focus, insert } = useInsert({
    name: (text) => set({ Name: task.Name + text }),
    description: (text) => set({ Description: (task.Description ?? "") + text }),
    ...Object.fromEntries(draft.references.map((one, index) => [`reference ${index}`, (text: string) => reference(index, { value: one.value + text })])),
  });
  const link = trigger?.Placeholders.find((one) => one.Name.endsWith("_url") && one.Name !== "instance_url");
  return (
    <SpaceBetween size="l">
      <Placeholders trigger={trigger} onInsert={insert} />
      <FormField label={t("rules.taskName")} errorText={missing(task.Name)}>
        <Input value={task.Name} placeholder={trigger?.Application === "ZENDESK" ? "Zendesk-[ticket_id]" : ""} onFocus={focus("name")} onChange={({ detail }) => set({ Name: detail.value })} />
      </FormField>
      <FormField label={t("rules.taskDescription")} description={t("rules.taskDescriptionHelp")}>
        <Textarea value={task.Description ?? ""} rows={3} onFocus={focus("description")} onChange={({ detail }) => set({ Description: detail.value })} />
      </FormField>
      {draft.references.map((one, index) => (
        <div className="rule-reference" key={index} role="group" aria-label={t("rules.reference")}>
          <FormField label={t("rules.referenceName")} errorText={one.value.trim() ? missing(one.name) : undefined}>
            <Input value={one.name} placeholder="taskRef" onChange={({ detail }) => reference(index, { name: detail.value })} />
          </FormField>
          <FormField label={one.type === "URL" ? t("rules.referenceUrl") : t("rules.referenceValue")}>
            <Input value={one.value} placeholder={link ? `{${link.Name}}` : "https://"} onFocus={focus(`reference ${index}`)} onChange={({ detail }) => reference(index, { value: detail.value })} />
          </FormField>
          <Button variant="icon" iconName="remove" ariaLabel={t("rules.removeReference", { name: one.name })} onClick={() => change({ references: draft.references.filter((_, at) => at !== index) })} />
        </div>
      ))}
      <Button iconName="add-plus" disabled={draft.references.length >= MOST_REFERENCES} onClick={() => change({ references: [...draft.references, { name: "", type: "URL", value: "" }] })}>{t("rules.addReference")}</Button>
      <FormField label={t("rules.flow")} description={t("rules.flowHelp")} errorText={missing(task.ContactFlowId)}>
        <Select
          filteringType="auto" statusType={flows.loading ? "loading" : flows.failed ? "error" : "finished"} placeholder={t("apps.choose")}
          selectedOption={task.ContactFlowId ? { value: task.ContactFlowId, label: flows.label(task.ContactFlowId) } : null} options={flows.choices.map(({ value, label }) => ({ value, label }))}
          onChange={({ detail }) => set({ ContactFlowId: detail.selectedOption.value ?? "" })}
        />
      </FormField>
    </SpaceBetween>
  );
}

/** An event on the stream of rules. */
export function EventAction({ draft, change, tried }: ActionProps): ReactNode {
  const { t } = useI18n();
  const name = draft.action.EventBridgeAction?.Name ?? "";
  const wrong = (name || tried) && !NAME.test(name);
  return (
    <FormField label={t("rules.eventName")} constraintText={t("rules.eventNameRule")} errorText={wrong ? t("rules.eventNameRule") : undefined}>
      <Input value={name} onChange={({ detail }) => change({ action: { ...draft.action, EventBridgeAction: { Name: detail.value } } })} />
    </FormField>
  );
}

/** Mail to users, by name or by tag. */
export function MailAction({ draft, change, trigger, tried }: ActionProps): ReactNode {
  const { t } = useI18n();
  const users = useChoices("users");
  const mail = draft.action.SendNotificationAction!;
  const set = (part: Partial<SendNotificationActionDefinition>): void => change({ action: { ...draft.action, SendNotificationAction: { ...mail, ...part } } });
  const { focus, insert } = useInsert({
    subject: (text) => set({ Subject: (mail.Subject ?? "") + text }),
    content: (text) => set({ Content: mail.Content + text }),
  });
  const chosen = mail.Recipient.UserIds ?? [];
  const tags = mail.Recipient.UserTags ?? {};
  const nobody = tried && !chosen.length && !Object.keys(tags).length;
  return (
    <SpaceBetween size="l">
      <Placeholders trigger={trigger} onInsert={insert} />
      <FormField label={t("rules.mailTo")} errorText={nobody ? t("rules.mailNobody") : undefined}>
        <Multiselect
          filteringType="auto" statusType={users.loading ? "loading" : "finished"} placeholder={t("rules.mailUsers")} selectedOptions={chosen.map((value) => ({ value, label: users.label(value) }))}
          options={users.choices} onChange={({ detail }) => set({ Recipient: { ...mail.Recipient, UserIds: detail.selectedOptions.map((one) => one.value!) } })}
        />
      </FormField>
      <ExpandableSection headerText={t("rules.mailTags")} defaultExpanded={Object.keys(tags).length > 0}>
        <TagRows tags={tags} disabled={false} most={MOST_TAGS} texts={TAG_TEXTS} onChange={(UserTags) => set({ Recipient: { ...mail.Recipient, UserTags } })} />
      </ExpandableSection>
      <FormField label={t("rules.mailSubject")}>
        <Input value={mail.Subject ?? ""} onFocus={focus("subject")} onChange={({ detail }) => set({ Subject: detail.value })} />
      </FormField>
      <FormField label={t("rules.mailContent")} errorText={tried && !mail.Content.trim() ? t("rules.missing") : undefined}>
        <Textarea value={mail.Content} rows={4} onFocus={focus("content")} onChange={({ detail }) => set({ Content: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}

/** Facts of the event that texts can hold; pressed, one goes to the text that was written in last. */
function Placeholders({ trigger, onInsert }: { trigger: RuleTrigger | undefined; onInsert: (text: string) => void }): ReactNode {
  const { t, code } = useI18n();
  if (!trigger?.Placeholders.length) return null;
  return (
    <ExpandableSection defaultExpanded headerText={t("rules.placeholders")} headerDescription={t("rules.placeholdersHelp")}>
      <div className="rule-placeholders">
        {trigger.Placeholders.map((one) => (
          <button
            key={one.Name} type="button" className="rule-placeholder" title={one.Example ? `${code("rulePlaceholder", one.Name)}: ${one.Example}` : code("rulePlaceholder", one.Name)}
            onMouseDown={(event) => event.preventDefault()} onClick={() => onInsert(`{${one.Name}}`)}
          >
            {`{${one.Name}}`}
          </button>
        ))}
      </div>
      {trigger.Application === "CUSTOM" && <Box color="text-body-secondary" padding={{ top: "xs" }}>{t("rules.placeholdersOwn", { example: "{order.total}" })}</Box>}
    </ExpandableSection>
  );
}
