import { useCallback, useEffect, useState, type ReactNode } from "react";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import List from "@cloudscape-design/components/list";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Toggle from "@cloudscape-design/components/toggle";
import { connect } from "../../api";
import type { AgentStatus } from "../../api/connect";
import { useI18n } from "../../i18n";
import { everyPage } from "../../shared/everyPage";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { ChangeHistory } from "../history/ChangeHistory";
import { forgetChoices } from "../sources";
import { orderSteps } from "./order";

const inOrder = (statuses: AgentStatus[]): AgentStatus[] => [...statuses].sort((a, b) => (a.DisplayOrder ?? Infinity) - (b.DisplayOrder ?? Infinity));

/** Agent statuses in the order of the agent panel: drag to reorder, disable but never delete (ROUT-60..63, ROUT-75). */
export function StatusesPage(): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [statuses, setStatuses] = useState<AgentStatus[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [version, setVersion] = useState(0);
  const editable = may("AgentStates.Edit");

  const load = useCallback(async () => {
    const found = await everyPage(async (NextToken) => {
      const page = await connect("SearchAgentStatuses", { InstanceId: instanceId, NextToken, MaxResults: 100 });
      return [page.AgentStatuses, page.NextToken];
    });
    setStatuses(inOrder(found));
    setVersion((now) => now + 1);
  }, [instanceId]);
  useEffect(() => void load().catch(notices.failure), [load]);

  if (!statuses) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
  const enabled = statuses.filter((one) => one.State === "ENABLED");
  const disabled = statuses.filter((one) => one.State !== "ENABLED");

  const change = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    setBusy(true);
    try {
      await work();
      notices.success(done);
    } catch (error) {
      notices.failure(error);
    }
    forgetChoices();
    await load().catch(notices.failure);
    setBusy(false);
  };
  const reorder = (next: readonly AgentStatus[]): void => {
    const steps = orderSteps([...next]);
    setStatuses([...next, ...disabled]);
    void change(async () => {
      if (!steps) throw new Error(t("agentStatuses.full"));
      for (const { id, order } of steps) await connect("UpdateAgentStatus", { InstanceId: instanceId, AgentStatusId: id, DisplayOrder: order });
    }, t("agentStatuses.reordered"));
  };
  const turn = (status: AgentStatus, on: boolean): void =>
    void change(
      () => connect("UpdateAgentStatus", { InstanceId: instanceId, AgentStatusId: status.AgentStatusId!, State: on ? "ENABLED" : "DISABLED", ResetOrderNumber: on || undefined }),
      t("form.saved", { name: status.Name ?? "" }),
    );
  const item = (status: AgentStatus): ReturnType<Parameters<typeof List<AgentStatus>>[0]["renderItem"]> => ({
    id: status.AgentStatusId!,
    announcementLabel: status.Name,
    content: (
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Link href={`#/r/agent-statuses/${encodeURIComponent(status.AgentStatusId!)}`}>{status.Name}</Link>
        <StatusType type={status.Type} />
      </SpaceBetween>
    ),
    secondaryContent: status.Description || undefined,
    actions: (
      <Toggle checked={status.State === "ENABLED"} disabled={!editable || busy || status.Type !== "CUSTOM"} ariaLabel={t("agentStatuses.enabledOf", { name: status.Name ?? "" })} onChange={({ detail }) => turn(status, detail.checked)}>
        {t(status.State === "ENABLED" ? "state.ENABLED" : "state.DISABLED")}
      </Toggle>
    ),
  });

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t("agentStatuses.about")}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={t("action.refresh")} onClick={() => void load().catch(notices.failure)} />
            {may("AgentStates.Create") && <Button variant="primary" onClick={() => goTo("r", "agent-statuses", "new")}>{t("agentStatuses.add")}</Button>}
          </SpaceBetween>
        }
      >
        {t("agentStatuses.title")}
      </Header>
      <Container header={<Header variant="h2" counter={`(${enabled.length})`} description={t("agentStatuses.orderHelp")}>{t("agentStatuses.inPanel")}</Header>}>
        <List<AgentStatus> ariaLabel={t("agentStatuses.inPanel")} items={enabled} renderItem={item} sortable={editable} sortDisabled={busy} onSortingChange={({ detail }) => reorder(detail.items)} />
      </Container>
      {disabled.length > 0 && (
        <Container header={<Header variant="h2" counter={`(${disabled.length})`} description={t("agentStatuses.disabledHelp")}>{t("state.DISABLED")}</Header>}>
          <List<AgentStatus> ariaLabel={t("state.DISABLED")} items={disabled} renderItem={item} />
        </Container>
      )}
      {may("HistoricalChanges.View", "Users.Edit") && <ChangeHistory key={version} kinds={["agent-status"]} />}
    </SpaceBetween>
  );
}

function StatusType({ type }: { type: AgentStatus["Type"] }): ReactNode {
  const { code } = useI18n();
  return <Badge color={type === "ROUTABLE" ? "green" : "grey"}>{code("statusType", type)}</Badge>;
}
