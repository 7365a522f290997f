import { type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { RuleAction } from "../../api/connect";
import type { RuleTrigger } from "../../api/switchroom";
import { useI18n, type TextKey } from "../../i18n";
import { EventAction, MailAction, TaskAction, type ActionProps } from "./actionEditors";
import { newAction, type ActionDraft, type RuleDraft } from "./rule";

interface Props {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  trigger: RuleTrigger | undefined;
  tried: boolean;
}

const MOST = 10;
const EDITORS: Partial<Record<RuleAction["ActionType"], { editor: (props: ActionProps) => ReactNode; help: TextKey }>> = {
  CREATE_TASK: { editor: TaskAction, help: "rules.taskHelp" },
  GENERATE_EVENTBRIDGE_EVENT: { editor: EventAction, help: "rules.eventHelp" },
  SEND_NOTIFICATION: { editor: MailAction, help: "rules.mailHelp" },
};

/** What the rule does, one card an action. */
export function ActionsStep({ draft, change, trigger, tried }: Props): ReactNode {
  const { t, code } = useI18n();
  const set = (key: string, part: Partial<ActionDraft>): void => change({ actions: draft.actions.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  const possible = (trigger?.ActionTypes ?? []).filter((one): one is RuleAction["ActionType"] => one in EDITORS);
  return (
    <SpaceBetween size="l">
      {draft.actions.map((one) => {
        const known = EDITORS[one.action.ActionType];
        return (
          <Container
            key={one.key}
            header={
              <Header
                variant="h2" description={known && t(known.help)}
                actions={<Button variant="icon" iconName="remove" ariaLabel={t("rules.removeAction", { name: code("ruleAction", one.action.ActionType) })} onClick={() => change({ actions: draft.actions.filter((other) => other.key !== one.key) })} />}
              >
                {code("ruleAction", one.action.ActionType)}
              </Header>
            }
          >
            {known ? <known.editor draft={one} change={(part) => set(one.key, part)} trigger={trigger} tried={tried} /> : <pre className="record-json">{JSON.stringify(one.action, null, 2)}</pre>}
          </Container>
        );
      })}
      {tried && !draft.actions.length && <Alert type="error">{t("rules.noAction")}</Alert>}
      <ButtonDropdown
        disabled={draft.actions.length >= MOST} items={possible.map((id) => ({ id, text: code("ruleAction", id) }))}
        onItemClick={({ detail }) => change({ actions: [...draft.actions, newAction(detail.id as RuleAction["ActionType"])] })}
      >
        {t("rules.addAction")}
      </ButtonDropdown>
    </SpaceBetween>
  );
}
