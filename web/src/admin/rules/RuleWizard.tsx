import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Wizard from "@cloudscape-design/components/wizard";
import { connect } from "../../api";
import type { Rule, RuleTriggerEventSource } from "../../api/connect";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { ActionsStep } from "./ActionsStep";
import { emptyRule, isActionReady, isConditionReady, NAME, readRule, writeActions, writeFunction, type RuleDraft } from "./rule";
import { RuleSummaryView } from "./RuleSummaryView";
import { TriggerStep } from "./TriggerStep";
import { useRuleParts } from "./useRuleParts";

/** A rule in three pages: when it applies, what it does, and how that reads (ROUT-106). */
export function RuleWizard({ rule }: { rule?: Rule }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const parts = useRuleParts();
  const [draft, setDraft] = useState<RuleDraft | null>(rule ? null : emptyRule());
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    if (rule && !parts.loading) setDraft(readRule(rule, parts.triggers.find((one) => one.EventSourceName === rule.TriggerEventSource.EventSourceName)));
  }, [rule, parts.loading]);
  if (parts.problem) return <Alert type="error">{parts.problem}</Alert>;
  if (parts.loading || !draft) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;

  const trigger = parts.triggers.find((one) => one.EventSourceName === draft.trigger);
  const connection = parts.connections.find((one) => one.ConnectionId === draft.connection);
  const change = (part: Partial<RuleDraft>): void => setDraft({ ...draft, ...part });
  const ready = [
    NAME.test(draft.name) && Boolean(trigger && (draft.connection || !trigger.Application)) && draft.conditions.every((one) => isConditionReady(one, trigger)),
    draft.actions.length > 0 && draft.actions.every(isActionReady),
    true,
  ];
  const navigate = (to: number): void => {
    const stop = ready.findIndex((one, index) => !one && index < to);
    setTried(stop >= 0);
    setFailure("");
    setStep(stop >= 0 ? stop : to);
  };
  const save = async (PublishStatus: Rule["PublishStatus"]): Promise<void> => {
    setBusy(true);
    setFailure("");
    try {
      const settings = { InstanceId: instanceId, Name: draft.name, Function: writeFunction(draft, trigger), Actions: writeActions(draft), PublishStatus };
      const source = { EventSourceName: draft.trigger, ...(draft.connection && { IntegrationAssociationId: draft.connection }) } as RuleTriggerEventSource;
      const id = rule?.RuleId ?? (await connect("CreateRule", { ...settings, TriggerEventSource: source })).RuleId;
      if (rule) await connect("UpdateRule", { ...settings, RuleId: id, PreEvaluationFilters: rule.PreEvaluationFilters });
      notices.success(t(PublishStatus === "PUBLISHED" ? "rules.published" : "rules.savedDraft", { name: draft.name }));
      goTo("rules", id);
    } catch (error) {
      setFailure(errorText(error, t));
      setBusy(false);
    }
  };
  const steps = [
    { title: t("rules.triggerStep"), description: t("rules.triggerStepHelp"), content: <TriggerStep draft={draft} change={change} parts={parts} fixed={rule !== undefined} tried={tried} /> },
    { title: t("rules.actionsStep"), description: t("rules.actionsStepHelp"), content: <ActionsStep draft={draft} change={change} trigger={trigger} tried={tried} /> },
    { title: t("rules.reviewStep"), description: t("rules.reviewStepHelp"), errorText: failure || undefined, content: <RuleSummaryView draft={draft} trigger={trigger} connection={connection} onEdit={navigate} /> },
  ];
  return (
    <SpaceBetween size="l">
      <Box variant="h1">{rule ? t("rules.editTitle", { name: rule.Name }) : t("rules.new")}</Box>
      <Wizard
        steps={steps} activeStepIndex={step} isLoadingNextStep={busy} submitButtonText={t("rules.publish")}
        secondaryActions={step === steps.length - 1 ? <Button disabled={busy} onClick={() => void save("DRAFT")}>{t("rules.saveDraft")}</Button> : undefined}
        onNavigate={({ detail }) => navigate(detail.requestedStepIndex)}
        onCancel={() => goTo("rules", ...(rule ? [rule.RuleId] : []))}
        onSubmit={() => void save("PUBLISHED")}
      />
    </SpaceBetween>
  );
}
