import { useEffect, useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import { connect } from "../../api";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

const LEVELS = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"] as const;

/** Names of the levels of the agent hierarchy; a level without a name is not used. */
export function HierarchyLevels(): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [names, setNames] = useState<string[]>(LEVELS.map(() => ""));
  const [saved, setSaved] = useState<string[]>(names);
  const [busy, setBusy] = useState(false);
  const editable = may("AgentGrouping.Edit");

  useEffect(() => {
    connect("DescribeUserHierarchyStructure", { InstanceId: instanceId }).then((answer) => {
      const read = LEVELS.map((level) => answer.HierarchyStructure?.[level]?.Name ?? "");
      setNames(read);
      setSaved(read);
    }, notices.failure);
  }, [instanceId]);

  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const HierarchyStructure = Object.fromEntries(LEVELS.flatMap((level, at) => (names[at] ? [[level, { Name: names[at] }]] : [])));
      await connect("UpdateUserHierarchyStructure", { InstanceId: instanceId, HierarchyStructure });
      setSaved(names);
      notices.success(t("form.saved", { name: t("hierarchy.levels") }));
    } catch (error) {
      notices.failure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t("hierarchy.levelsHelp")}
          actions={editable && <Button loading={busy} disabled={JSON.stringify(names) === JSON.stringify(saved)} onClick={() => void save()}>{t("action.save")}</Button>}
        >
          {t("hierarchy.levels")}
        </Header>
      }
    >
      <ColumnLayout columns={4}>
        {LEVELS.map((level, at) => (
          <FormField key={level} label={t("hierarchy.levelNumber", { number: at + 1 })}>
            <Input value={names[at]!} disabled={!editable || (at > 0 && !names[at - 1])} onChange={({ detail }) => setNames(names.map((name, index) => (index === at ? detail.value : name)))} />
          </FormField>
        ))}
      </ColumnLayout>
    </Container>
  );
}
