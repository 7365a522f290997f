import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { connect } from "../../api";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { LEVELS } from "./tree";

interface Props {
  /** Names of the levels as they are now, from the top down. */
  levels: string[];
  onSaved: () => void;
}

/** Names of up to five levels of the agent hierarchy, from the top down (ROUT-72, ROUT-74). */
export function HierarchyLevels({ levels, onSaved }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [names, setNames] = useState(levels);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const editable = may("AgentGrouping.Edit");
  const trimmed = names.map((name) => name.trim());
  const unchanged = JSON.stringify(trimmed) === JSON.stringify(levels);
  useEffect(() => setNames(levels), [levels.join("\n")]);

  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem("");
    try {
      const HierarchyStructure = Object.fromEntries(trimmed.map((Name, at) => [LEVELS[at], { Name }]));
      await connect("UpdateUserHierarchyStructure", { InstanceId: instanceId, HierarchyStructure });
      notices.success(t("form.saved", { name: t("hierarchy.levels") }));
      onSaved();
    } catch (error) {
      setProblem(errorText(error, t));
    } finally {
      setBusy(false);
      setAsking(false);
    }
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t("hierarchy.levelsHelp")}
          actions={
            <Button
              loading={busy}
              disabled={!editable || unchanged || trimmed.some((name) => !name)}
              disabledReason={editable ? undefined : t("form.notAllowed")}
              onClick={() => (names.length < levels.length ? setAsking(true) : void save())}
            >
              {t("action.save")}
            </Button>
          }
        >
          {t("hierarchy.levels")}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {Boolean(problem) && <Alert type="error">{problem}</Alert>}
        {names.map((name, at) => (
          <div key={at} className="hierarchy-level">
            <FormField label={t("hierarchy.levelNumber", { number: at + 1 })}>
              <Input value={name} disabled={!editable} onChange={({ detail }) => setNames(names.map((one, index) => (index === at ? detail.value.slice(0, 50) : one)))} />
            </FormField>
            {editable && at === names.length - 1 && (
              <Button variant="icon" iconName="close" ariaLabel={t("hierarchy.removeLevel", { number: at + 1 })} onClick={() => setNames(names.slice(0, -1))} />
            )}
          </div>
        ))}
        <Button iconName="add-plus" disabled={!editable || names.length === LEVELS.length || names.at(-1)?.trim() === ""} onClick={() => setNames([...names, ""])}>
          {t("hierarchy.addLevel")}
        </Button>
      </SpaceBetween>
      {asking && (
        <Modal
          visible
          onDismiss={() => setAsking(false)}
          header={t("hierarchy.removeLevelsTitle", { names: levels.slice(names.length).join(", ") })}
          footer={
            <Box float="right">
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => setAsking(false)}>{t("action.cancel")}</Button>
                <Button variant="primary" loading={busy} onClick={() => void save()}>{t("action.remove")}</Button>
              </SpaceBetween>
            </Box>
          }
        >
          <Alert type="warning">{t("hierarchy.deleteWarning")}</Alert>
        </Modal>
      )}
    </Container>
  );
}
