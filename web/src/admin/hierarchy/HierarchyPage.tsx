import { useCallback, useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import TextFilter from "@cloudscape-design/components/text-filter";
import { connect } from "../../api";
import type { HierarchyGroup } from "../../api/connect";
import { useI18n } from "../../i18n";
import { everyPage } from "../../shared/everyPage";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { ChangeHistory } from "../history/ChangeHistory";
import { forgetChoices } from "../sources";
import { GroupTree } from "./GroupTree";
import { HierarchyLevels } from "./HierarchyLevels";
import { found, LEVELS, treeOf, type GroupNode } from "./tree";

interface Known {
  levels: string[];
  groups: HierarchyGroup[];
}

/** The agent hierarchy: names of the levels, and the tree of groups (ROUT-72, ROUT-74, ROUT-75). */
export function HierarchyPage(): ReactNode {
  const { t, language } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [known, setKnown] = useState<Known | null>(null);
  const [search, setSearch] = useState("");
  const [doomed, setDoomed] = useState<GroupNode | null>(null);
  const [version, setVersion] = useState(0);

  const load = useCallback(async () => {
    try {
      const [structure, groups] = await Promise.all([
        connect("DescribeUserHierarchyStructure", { InstanceId: instanceId }),
        everyPage(async (NextToken) => {
          const page = await connect("SearchUserHierarchyGroups", { InstanceId: instanceId, NextToken, MaxResults: 100 });
          return [page.UserHierarchyGroups, page.NextToken];
        }),
      ]);
      const levels = LEVELS.flatMap((level) => structure.HierarchyStructure?.[level]?.Name ?? []);
      setKnown({ levels, groups });
      setVersion((now) => now + 1);
    } catch (error) {
      notices.failure(error);
    }
  }, [instanceId]);
  useEffect(() => void load(), [load]);

  if (!known) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
  const tree = treeOf(known.groups, language);
  const after = async (work: Promise<unknown>): Promise<void> => {
    await work;
    forgetChoices();
    await load();
  };

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t("hierarchy.about")}>{t("hierarchy.title")}</Header>
      <HierarchyLevels levels={known.levels} onSaved={() => void load()} />
      <Container header={<Header variant="h2" counter={`(${known.groups.length})`}>{t("hierarchy.groups")}</Header>}>
        <SpaceBetween size="m">
          {known.groups.length > 0 && <TextFilter filteringText={search} filteringPlaceholder={t("hierarchy.search")} filteringAriaLabel={t("hierarchy.search")} onChange={({ detail }) => setSearch(detail.filteringText)} />}
          {known.levels.length ? (
            <GroupTree
              nodes={found(tree, search)}
              levels={known.levels}
              open={Boolean(search.trim())}
              mayCreate={may("AgentGrouping.Create")}
              mayEdit={may("AgentGrouping.Edit")}
              create={(Name, ParentGroupId) => after(connect("CreateUserHierarchyGroup", { InstanceId: instanceId, Name, ParentGroupId }))}
              rename={(HierarchyGroupId, Name) => after(connect("UpdateUserHierarchyGroupName", { InstanceId: instanceId, HierarchyGroupId, Name }))}
              remove={setDoomed}
            />
          ) : (
            <Box color="text-body-secondary">{t("hierarchy.noLevels")}</Box>
          )}
        </SpaceBetween>
      </Container>
      {may("HistoricalChanges.View", "Users.Edit") && <ChangeHistory key={version} kinds={["hierarchy-group", "hierarchy-structure"]} />}
      {doomed && (
        <DeleteGroup
          group={doomed}
          remove={() => after(connect("DeleteUserHierarchyGroup", { InstanceId: instanceId, HierarchyGroupId: doomed.id }))}
          onClose={() => setDoomed(null)}
        />
      )}
    </SpaceBetween>
  );
}

function DeleteGroup({ group, remove, onClose }: { group: GroupNode; remove: () => Promise<void>; onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const notices = useNotices();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await remove();
      notices.success(t("delete.done", { name: group.name }));
      onClose();
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      onDismiss={onClose}
      header={t("delete.title", { name: group.name })}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} onClick={() => void confirm()}>{t("action.delete")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {Boolean(problem) && <Alert type="error">{problem}</Alert>}
        <Alert type="warning">{t("hierarchy.deleteWarning")}</Alert>
        <span>{t("hierarchy.deleteText")}</span>
      </SpaceBetween>
    </Modal>
  );
}
