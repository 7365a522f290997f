import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Toggle from "@cloudscape-design/components/toggle";
import { connect } from "../../api";
import type { Rule } from "../../api/connect";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { useCrumb } from "../crumb";
import { DeleteDialog } from "../DeleteDialog";
import { ChangeHistory } from "../history/ChangeHistory";
import { publish } from "./publish";
import { readRule } from "./rule";
import { RuleSummaryView } from "./RuleSummaryView";
import { useRuleParts } from "./useRuleParts";

/** One rule as it is, with its history. */
export function RuleView({ id }: { id: string }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const parts = useRuleParts();
  const [rule, setRule] = useState<Rule | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const load = (): Promise<void> =>
    connect("DescribeRule", { InstanceId: instanceId, RuleId: id }).then((answer) => setRule(answer.Rule), (error: unknown) => setProblem(errorText(error, t)));
  useEffect(() => void load(), [instanceId, id]);
  useCrumb(rule?.Name);
  if (problem) return <Alert type="error">{problem}</Alert>;
  if (!rule || parts.loading) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
  const trigger = parts.triggers.find((one) => one.EventSourceName === rule.TriggerEventSource.EventSourceName);
  const connection = parts.connections.find((one) => one.ConnectionId === rule.TriggerEventSource.IntegrationAssociationId);
  const on = rule.PublishStatus === "PUBLISHED";
  const turn = async (): Promise<void> => {
    setBusy(true);
    try {
      await publish(instanceId, id, on ? "DRAFT" : "PUBLISHED");
      await load();
    } catch (error) {
      notices.failure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            <Toggle checked={on} disabled={busy || !may("Rules.Edit")} ariaLabel={t("rules.turn", { name: rule.Name })} onChange={() => void turn()}>{code("ruleStatus", rule.PublishStatus)}</Toggle>
            {may("Rules.Delete") && <Button onClick={() => setDeleting(true)}>{t("action.delete")}</Button>}
            {may("Rules.Edit") && trigger?.Runs && <Button variant="primary" onClick={() => goTo("rules", id, "edit")}>{t("action.edit")}</Button>}
          </SpaceBetween>
        }
      >
        {rule.Name}
      </Header>
      {trigger && !trigger.Runs && <Alert type="info">{t("rules.kept")}</Alert>}
      {trigger?.Application && (!connection || connection.Status === "DELETED") && <Alert type="warning" header={t("rules.deaf")}>{t("rules.deafHelp")}</Alert>}
      <RuleSummaryView draft={readRule(rule, trigger)} trigger={trigger} connection={connection} />
      {may("HistoricalChanges.View") && <ChangeHistory key={rule.LastUpdatedTime} kinds={["rule"]} id={id} />}
      {deleting && <DeleteDialog name={rule.Name} remove={() => connect("DeleteRule", { InstanceId: instanceId, RuleId: id })} onClose={(done) => { setDeleting(false); if (done) goTo("rules"); }} />}
    </SpaceBetween>
  );
}
