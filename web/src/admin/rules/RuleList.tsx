import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import Toggle from "@cloudscape-design/components/toggle";
import { connect } from "../../api";
import type { RuleSummary } from "../../api/connect";
import { useI18n } from "../../i18n";
import { everyPage } from "../../shared/everyPage";
import { goTo, usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";
import { publish } from "./publish";

const SECONDS = 15;

/** All rules; one is switched on and off where it stands. */
export function RuleList(): ReactNode {
  const { t, code, dateTime } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [items, setItems] = useState<RuleSummary[] | null>(null);
  const [search, setSearch] = useState("");
  const [busy, setBusy] = useState("");
  const [deleting, setDeleting] = useState<RuleSummary | null>(null);
  const load = async (): Promise<void> => {
    try {
      setItems(await everyPage(async (NextToken) => {
        const page = await connect("ListRules", { InstanceId: instanceId, NextToken, MaxResults: 200 });
        return [page.RuleSummaryList, page.NextToken];
      }));
    } catch (error) {
      if (items === null) {
        setItems([]);
        notices.failure(error);
      }
    }
  };
  usePolling(() => void load(), SECONDS);
  const turn = async (one: RuleSummary, on: boolean): Promise<void> => {
    setBusy(one.RuleId);
    try {
      await publish(instanceId, one.RuleId, on ? "PUBLISHED" : "DRAFT");
      await load();
    } catch (error) {
      notices.failure(error);
    } finally {
      setBusy("");
    }
  };
  const shown = (items ?? []).filter((one) => one.Name.toLowerCase().includes(search.trim().toLowerCase()));
  const add = may("Rules.Create") && <Button variant="primary" onClick={() => goTo("rules", "new")}>{t("rules.add")}</Button>;
  return (
    <>
      <Table
        variant="container" loading={items === null} loadingText={t("common.loading")} items={shown} trackBy="RuleId" wrapLines
        ariaLabels={{ tableLabel: t("rules.title") }}
        header={<Header variant="h1" description={t("rules.about")} counter={items?.length ? `(${items.length})` : ""} actions={items?.length ? add : undefined}>{t("rules.title")}</Header>}
        filter={items?.length ? <TextFilter filteringText={search} filteringPlaceholder={t("rules.find")} filteringAriaLabel={t("rules.find")} onChange={({ detail }) => setSearch(detail.filteringText)} /> : undefined}
        columnDefinitions={[
          { id: "name", header: t("field.name"), isRowHeader: true, minWidth: 200, cell: (one) => <Link href={`#/rules/${one.RuleId}`}>{one.Name}</Link> },
          { id: "trigger", header: t("rules.trigger"), cell: (one) => code("ruleTrigger", one.EventSourceName) },
          { id: "actions", header: t("rules.actions"), cell: (one) => one.ActionSummaries.map((action) => code("ruleAction", action.ActionType)).join(", ") },
          {
            id: "status", header: t("field.status"), width: 170,
            cell: (one) => (
              <Toggle checked={one.PublishStatus === "PUBLISHED"} disabled={!may("Rules.Edit") || busy === one.RuleId} ariaLabel={t("rules.turn", { name: one.Name })} onChange={({ detail }) => void turn(one, detail.checked)}>
                {code("ruleStatus", one.PublishStatus)}
              </Toggle>
            ),
          },
          { id: "at", header: t("rules.updatedAt"), cell: (one) => dateTime(one.LastUpdatedTime) },
          {
            id: "remove", header: t("field.actions"), width: 100,
            cell: (one) => (may("Rules.Delete") ? <Button variant="inline-icon" iconName="remove" ariaLabel={t("rules.removeOne", { name: one.Name })} onClick={() => setDeleting(one)} /> : null),
          },
        ]}
        empty={
          <Box padding={{ vertical: "l" }} textAlign="center">
            {items?.length ? t("common.noData") : (
              <SpaceBetween size="m">
                <Box variant="h3">{t("rules.none")}</Box>
                <Box color="text-body-secondary">{t("rules.noneHelp")}</Box>
                {add}
              </SpaceBetween>
            )}
          </Box>
        }
      />
      {deleting && <DeleteDialog name={deleting.Name} remove={() => connect("DeleteRule", { InstanceId: instanceId, RuleId: deleting.RuleId })} onClose={(done) => { setDeleting(null); if (done) void load(); }} />}
    </>
  );
}
