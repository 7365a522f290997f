import { useCallback, useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { switchroom } from "../../api";
import type { Bot, BotProblem } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { guardRoute } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { useCrumb } from "../crumb";
import { BotSettings, type BotDraft } from "./BotSettings";
import { BotStatus } from "./BotsPage";
import { cleaned, LOCALES, newLocale, parse } from "./definition";
import { exportBot } from "./files";
import { ImportDialog } from "./ImportDialog";
import { LocaleEditor } from "./LocaleEditor";
import { Publishing } from "./Publishing";
import { TestPane } from "./TestPane";

const draftOf = (bot: Bot): BotDraft => ({ name: bot.Name, description: bot.Description ?? "", engine: bot.Engine, definition: parse(bot.Definition) });

/** One bot: write it, build it, talk to it, publish it (FLOW-148). */
export function BotPage({ id }: { id: string }): ReactNode {
  const { t, language } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [bot, setBot] = useState<Bot | null>(null);
  const [draft, setDraft] = useState<BotDraft | null>(null);
  const [dirty, setDirty] = useState(false);
  const [busy, setBusy] = useState<"save" | "build" | null>(null);
  const [problems, setProblems] = useState<BotProblem[] | null>(null);
  const [tab, setTab] = useState("languages");
  const [importing, setImporting] = useState(false);
  const disabled = !may("ContactFlows.Edit");

  const take = useCallback((found: Bot) => {
    setBot(found);
    setDraft(draftOf(found));
    setDirty(false);
  }, []);
  useEffect(() => {
    switchroom("DescribeBot", { InstanceId: instanceId, BotId: id }).then((found) => take(found.Bot), notices.failure);
  }, [instanceId, id]);
  useCrumb(bot?.Name);
  useEffect(() => (dirty ? guardRoute(() => !window.confirm(t("bots.leave"))) : undefined), [dirty]);

  if (!bot || !draft) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;

  const change = (part: Partial<BotDraft>): void => {
    setDraft({ ...draft, ...part });
    setDirty(true);
  };
  const save = async (): Promise<Bot> => {
    const { Bot: saved } = await switchroom("UpdateBotDraft", {
      InstanceId: instanceId, BotId: id, Name: draft.name.trim(), Description: draft.description, Engine: draft.engine, Definition: JSON.stringify(cleaned(draft.definition)), Revision: bot.Revision,
    });
    take(saved);
    return saved;
  };
  const run = async (what: "save" | "build"): Promise<void> => {
    setBusy(what);
    try {
      if (dirty) await save();
      if (what === "build") {
        const built = await switchroom("BuildBot", { InstanceId: instanceId, BotId: id, Language: language });
        take(built.Bot);
        setProblems(built.Problems);
        if (!built.Problems.some((one) => one.Severity === "ERROR")) notices.success(t("bots.built", { name: built.Bot.Name }));
      } else notices.success(t("form.saved", { name: draft.name }));
    } catch (error) {
      notices.failure(error);
    }
    setBusy(null);
  };

  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        description={bot.Description}
        info={busy === "build" ? <StatusIndicator type="loading">{t("bots.building")}</StatusIndicator> : <BotStatus status={bot.Status} />}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown
              items={[{ id: "export", text: t("bots.export") }, ...(disabled ? [] : [{ id: "import", text: t("bots.importHere") }])]}
              onItemClick={({ detail }) => (detail.id === "import" ? setImporting(true) : void exportBot(instanceId, id).catch(notices.failure))}
            >
              {t("field.actions")}
            </ButtonDropdown>
            {!disabled && <Button loading={busy === "save"} disabled={!dirty || busy !== null} onClick={() => void run("save")}>{t("action.save")}</Button>}
            {may("ContactFlows.Publish") && <Button variant="primary" loading={busy === "build"} disabled={busy !== null} onClick={() => void run("build")}>{t("bots.build")}</Button>}
          </SpaceBetween>
        }
      >
        {bot.Name}
      </Header>
      {problems && problems.length > 0 && <Problems problems={problems} onDismiss={() => setProblems(null)} />}
      <div className="bot-page">
        <Tabs
          activeTabId={tab}
          onChange={({ detail }) => setTab(detail.activeTabId)}
          tabs={[
            { id: "languages", label: t("bots.languages"), content: <Languages draft={draft} disabled={disabled} onChange={change} /> },
            { id: "publishing", label: t("bots.publishing"), content: <Publishing bot={bot} /> },
            { id: "settings", label: t("bots.settings"), content: <BotSettings draft={draft} disabled={disabled} onChange={change} /> },
          ]}
        />
        <TestPane botId={id} locales={Object.keys(draft.definition.locales)} missing={bot.Status === "NOT_BUILT" ? t("bots.testUnbuilt") : undefined} />
      </div>
      {importing && (
        <ImportDialog
          botId={id}
          onClose={(done) => {
            setImporting(false);
            if (done) {
              take(done.Bot);
              setProblems(done.Problems);
            }
          }}
        />
      )}
    </SpaceBetween>
  );
}

function Languages({ draft, disabled, onChange }: { draft: BotDraft; disabled: boolean; onChange: (part: Partial<BotDraft>) => void }): ReactNode {
  const { t } = useI18n();
  const { definition } = draft;
  const known = Object.keys(definition.locales);
  const [open, setOpen] = useState("");
  const chosen = known.includes(open) ? open : (known[0] ?? "");
  const set = (locales: typeof definition.locales): void => onChange({ definition: { ...definition, locales } });
  const free = LOCALES.filter((one) => !known.includes(one)).map((value) => ({ value, label: value }));
  return (
    <SpaceBetween size="m">
      {!disabled && (
        <div className="bot-add-language">
          <Select
            ariaLabel={t("bots.addLanguage")}
            placeholder={t("bots.addLanguage")}
            selectedOption={null}
            options={free}
            filteringType="auto"
            onChange={({ detail }) => {
              const added = detail.selectedOption.value!;
              set({ ...definition.locales, [added]: newLocale(added) });
              setOpen(added);
            }}
          />
        </div>
      )}
      {!known.length && <Alert type="info">{t("bots.noLanguages")}</Alert>}
      {known.length > 0 && (
        <Tabs
          variant="container"
          ariaLabel={t("bots.languages")}
          activeTabId={chosen}
          onChange={({ detail }) => setOpen(detail.activeTabId)}
          tabs={known.map((id) => ({
            id,
            label: id,
            content: id === chosen && (
              <LocaleEditor
                key={id}
                id={id}
                locale={definition.locales[id]!}
                disabled={disabled}
                onChange={(locale) => set({ ...definition.locales, [id]: locale })}
                onRemove={() => set(Object.fromEntries(Object.entries(definition.locales).filter(([key]) => key !== id)))}
              />
            ),
          }))}
        />
      )}
    </SpaceBetween>
  );
}

function Problems({ problems, onDismiss }: { problems: BotProblem[]; onDismiss: () => void }): ReactNode {
  const { t } = useI18n();
  const failed = problems.some((one) => one.Severity === "ERROR");
  return (
    <Alert type={failed ? "error" : "warning"} header={t(failed ? "bots.notBuilt" : "bots.warnings")} dismissible onDismiss={onDismiss}>
      <ul className="problems">
        {problems.map((one, index) => (
          <li key={index}>
            <StatusIndicator type={one.Severity === "ERROR" ? "error" : "warning"}>{one.Place ? `${one.Place}: ${one.Message}` : one.Message}</StatusIndicator>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
