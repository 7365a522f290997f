import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { EventConnection, RuleTrigger } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { NameOf } from "../sources";
import { type ActionDraft, type RuleDraft } from "./rule";
import { useWords } from "./words";

interface Props {
  draft: RuleDraft;
  trigger: RuleTrigger | undefined;
  connection: EventConnection | undefined;
  /** To the step of the wizard that says it. */
  onEdit?: (step: number) => void;
}

/** A rule in words. */
export function RuleSummaryView({ draft, trigger, connection, onEdit }: Props): ReactNode {
  const { t, code } = useI18n();
  const words = useWords(trigger);
  const change = (step: number): ReactNode => onEdit && <Button onClick={() => onEdit(step)}>{t("action.edit")}</Button>;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" actions={change(0)}>{t("rules.triggerStep")}</Header>}>
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={3}
            items={[
              { label: t("field.name"), value: draft.name },
              { label: t("rules.when"), value: code("ruleTrigger", draft.trigger) },
              ...(trigger?.Application ? [{ label: t("rules.connection"), value: connection ? <Link href={`#/applications/${connection.ConnectionId}`}>{connection.Name}</Link> : draft.connection || "–" }] : []),
            ]}
          />
          {draft.text !== undefined ? <pre className="record-json">{draft.text}</pre> : (
            <div>
              <Box variant="awsui-key-label">{draft.conditions.length ? t(draft.any ? "rules.anyOf" : "rules.allOf") : t("rules.conditions")}</Box>
              {draft.conditions.length ? <ul className="rule-conditions">{draft.conditions.map((one, index) => <li key={index}>{words.condition(one)}</li>)}</ul> : t("rules.always")}
            </div>
          )}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" actions={change(1)}>{t("rules.actions")}</Header>}>
        <SpaceBetween size="l">{draft.actions.map((one) => <Action key={one.key} draft={one} />)}</SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

function Action({ draft: { action, references } }: { draft: ActionDraft }): ReactNode {
  const { t, code } = useI18n();
  const { TaskAction: task, EventBridgeAction: event, SendNotificationAction: mail } = action;
  const items = [
    ...(task ? [
      { label: t("rules.taskName"), value: task.Name },
      { label: t("rules.flow"), value: <NameOf source="flows" id={task.ContactFlowId} /> },
      { label: t("rules.taskDescription"), value: task.Description || "–" },
      ...references.filter((one) => one.name).map((one) => ({ label: t("rules.referenceNamed", { name: one.name }), value: one.value })),
    ] : []),
    ...(event ? [{ label: t("rules.eventName"), value: event.Name }] : []),
    ...(mail ? [
      { label: t("rules.mailTo"), value: <Recipients users={mail.Recipient.UserIds ?? []} tags={mail.Recipient.UserTags ?? {}} /> },
      { label: t("rules.mailSubject"), value: mail.Subject || "–" },
      { label: t("rules.mailContent"), value: mail.Content },
    ] : []),
  ];
  return (
    <div className="rule-action">
      <SpaceBetween size="s">
        <Box variant="h3">{code("ruleAction", action.ActionType)}</Box>
        {items.length > 0 && <KeyValuePairs columns={2} items={items} />}
      </SpaceBetween>
    </div>
  );
}

function Recipients({ users, tags }: { users: string[]; tags: Record<string, string> }): ReactNode {
  return (
    <>
      {users.map((id) => <div key={id}><NameOf source="users" id={id} /></div>)}
      {Object.entries(tags).map(([key, value]) => <div key={key}>{`${key}: ${value}`}</div>)}
    </>
  );
}
