import { useCallback, useEffect, useState, type ReactNode } from "react";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { switchroom } from "../../api";
import type { Bot, BotAlias, BotVersion } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";
import { AliasDialog } from "./AliasDialog";
import { exportBot } from "./files";

const TEST_ALIAS = "TSTALIASID";

/** Versions of a bot, the aliases that run them, and which of those flows may use (FLOW-104, FLOW-148). */
export function Publishing({ bot }: { bot: Bot }): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [versions, setVersions] = useState<BotVersion[] | null>(null);
  const [aliases, setAliases] = useState<BotAlias[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [editing, setEditing] = useState<BotAlias | "new" | null>(null);
  const [deleting, setDeleting] = useState<{ name: string; remove: () => Promise<unknown> } | null>(null);
  const at = { InstanceId: instanceId, BotId: bot.BotId };
  const mayPublish = may("ContactFlows.Publish");

  const load = useCallback(async () => {
    try {
      const [found, named] = await Promise.all([switchroom("ListBotVersions", at), switchroom("ListBotAliases", at)]);
      setVersions(found.Versions);
      setAliases(named.Aliases);
    } catch (error) {
      notices.failure(error);
    }
  }, [instanceId, bot.BotId]);
  useEffect(() => void load(), [load, bot.Status]);

  const run = async (work: () => Promise<unknown>, done?: string): Promise<void> => {
    setBusy(true);
    try {
      await work();
      if (done) notices.success(done);
      await load();
    } catch (error) {
      notices.failure(error);
    }
    setBusy(false);
  };
  const choices = ["DRAFT", ...(versions ?? []).map((one) => one.Version)].map((value) => ({ value, label: value === "DRAFT" ? t("bots.draft") : value }));

  return (
    <SpaceBetween size="l">
      <Table
        items={versions ?? []}
        loading={versions === null}
        loadingText={t("common.loading")}
        ariaLabels={{ tableLabel: t("bots.versions") }}
        header={
          <Header
            variant="h2"
            description={t("bots.versionsAbout")}
            actions={mayPublish && <Button loading={busy} disabled={bot.Status === "NOT_BUILT"} onClick={() => void run(() => switchroom("CreateBotVersion", at), t("bots.versionMade"))}>{t("bots.addVersion")}</Button>}
          >
            {t("bots.versions")}
          </Header>
        }
        columnDefinitions={[
          { id: "version", header: t("bots.version"), isRowHeader: true, cell: (one: BotVersion) => one.Version },
          { id: "locales", header: t("bots.languages"), cell: (one) => one.Locales?.join(", ") ?? "–" },
          { id: "aliases", header: t("bots.aliases"), cell: (one) => one.Aliases?.join(", ") || "–" },
          { id: "created", header: t("bots.created"), cell: (one) => dateTime(one.CreatedTimestamp) },
          {
            id: "actions", header: t("field.actions"),
            cell: (one) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="inline-icon" iconName="download" ariaLabel={t("bots.exportVersion", { name: one.Version })} onClick={() => void exportBot(instanceId, bot.BotId, one.Version).catch(notices.failure)} />
                {may("ContactFlows.Delete") && (
                  <Button variant="inline-icon" iconName="remove" ariaLabel={t("bots.removeVersion", { name: one.Version })} onClick={() => setDeleting({ name: `${bot.Name} ${one.Version}`, remove: () => switchroom("DeleteBotVersion", { ...at, Version: one.Version }) })} />
                )}
              </SpaceBetween>
            ),
          },
        ]}
        empty={<Box textAlign="center" color="inherit">{t("bots.noVersions")}</Box>}
      />
      <Table
        items={aliases ?? []}
        loading={aliases === null}
        loadingText={t("common.loading")}
        ariaLabels={{ tableLabel: t("bots.aliases") }}
        header={<Header variant="h2" description={t("bots.aliasesAbout")} actions={mayPublish && <Button onClick={() => setEditing("new")}>{t("bots.addAlias")}</Button>}>{t("bots.aliases")}</Header>}
        columnDefinitions={[
          {
            id: "name", header: t("field.name"), isRowHeader: true,
            cell: (one: BotAlias) => (
              <>
                {mayPublish ? <Button variant="inline-link" onClick={() => setEditing(one)}>{one.Name}</Button> : one.Name} {one.AliasId === TEST_ALIAS && <Badge>{t("bots.testOnly")}</Badge>}
              </>
            ),
          },
          {
            id: "version", header: t("bots.version"), minWidth: 140,
            cell: (one) =>
              one.AliasId === TEST_ALIAS || !mayPublish ? (
                choices.find((choice) => choice.value === one.Version)?.label
              ) : (
                <Select
                  ariaLabel={t("bots.versionOf", { name: one.Name })}
                  expandToViewport
                  selectedOption={choices.find((choice) => choice.value === one.Version) ?? null}
                  options={choices}
                  onChange={({ detail }) => void run(() => switchroom("UpdateBotAlias", { ...at, AliasId: one.AliasId, Version: detail.selectedOption.value }))}
                />
              ),
          },
          {
            id: "flows", header: t("bots.inFlows"),
            cell: (one) => (
              <Toggle
                checked={one.Associated ?? false}
                disabled={busy || !may("SecurityProfiles.Edit") || (!one.Associated && !one.Ready)}
                ariaLabel={t("bots.useInFlows", { name: one.Name })}
                onChange={({ detail }) => void run(() => switchroom(detail.checked ? "AssociateBotAlias" : "DisassociateBotAlias", { ...at, AliasId: one.AliasId }))}
              >
                {t(one.Associated ? "common.yes" : "common.off")}
              </Toggle>
            ),
          },
          {
            id: "arn", header: "ARN", width: 90,
            cell: (one) => <CopyToClipboard variant="icon" textToCopy={one.AliasArn} copyButtonAriaLabel={t("bots.copyArn", { name: one.Name })} copySuccessText={t("action.copied")} copyErrorText={t("action.notCopied")} />,
          },
          {
            id: "actions", header: t("field.actions"), width: 90,
            cell: (one) =>
              one.AliasId !== TEST_ALIAS && may("ContactFlows.Delete") ? (
                <Button variant="inline-icon" iconName="remove" ariaLabel={t("bots.removeOf", { name: one.Name })} onClick={() => setDeleting({ name: one.Name, remove: () => switchroom("DeleteBotAlias", { ...at, AliasId: one.AliasId }) })} />
              ) : null,
          },
        ]}
      />
      {editing && (
        <AliasDialog
          botId={bot.BotId}
          alias={editing === "new" ? null : editing}
          locales={localesOf(bot)}
          versions={choices}
          onClose={(done) => {
            setEditing(null);
            if (done) void load();
          }}
        />
      )}
      {deleting && (
        <DeleteDialog
          name={deleting.name}
          remove={deleting.remove}
          onClose={(done) => {
            setDeleting(null);
            if (done) void load();
          }}
        />
      )}
    </SpaceBetween>
  );
}

const localesOf = (bot: Bot): string[] => Object.keys((JSON.parse(bot.Definition) as { locales?: object }).locales ?? {});
