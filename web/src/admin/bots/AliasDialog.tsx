import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { connect, switchroom } from "../../api";
import type { BotAlias } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";

interface Props {
  botId: string;
  alias: BotAlias | null;
  locales: string[];
  versions: { value: string; label: string }[];
  onClose: (done: boolean) => void;
}

/** An alias: the version it runs, and the function its hooks call in each language. */
export function AliasDialog({ botId, alias, locales, versions, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const test = alias?.AliasId === "TSTALIASID";
  const [name, setName] = useState(alias?.Name ?? "");
  const [version, setVersion] = useState(alias?.Version ?? versions.at(1)?.value ?? "DRAFT");
  const [functions, setFunctions] = useState<Record<string, string>>(() => Object.fromEntries((alias?.LocaleSettings ?? []).map((one) => [one.LocaleId, one.FunctionArn ?? ""])));
  const [standsFor, setStandsFor] = useState((alias?.StandsFor ?? []).join("\n"));
  const [known, setKnown] = useState<string[]>([]);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    connect("ListLambdaFunctions", { InstanceId: instanceId }).then((page) => setKnown(page.LambdaFunctions ?? []), () => setKnown([]));
  }, [instanceId]);

  const save = async (): Promise<void> => {
    if (!name.trim()) return setProblem(t("form.required"));
    setBusy(true);
    const settings = {
      InstanceId: instanceId,
      BotId: botId,
      LocaleSettings: locales.map((LocaleId) => ({ LocaleId, Enabled: true, FunctionArn: functions[LocaleId]?.trim() || undefined })),
      StandsFor: standsFor.split(/\s+/).filter(Boolean),
    };
    try {
      if (!alias) await switchroom("CreateBotAlias", { ...settings, Name: name.trim(), Version: version });
      else await switchroom("UpdateBotAlias", { ...settings, AliasId: alias.AliasId, ...(test ? {} : { Name: name.trim(), Version: version }) });
      onClose(true);
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      size="large"
      onDismiss={() => onClose(false)}
      header={alias ? alias.Name : t("bots.addAlias")}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} onClick={() => void save()}>{t("action.save")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        <FormField label={t("field.name")}>
          <Input disabled={test} value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <FormField label={t("bots.version")}>
          <Select disabled={test} selectedOption={versions.find((one) => one.value === version) ?? null} options={versions} onChange={({ detail }) => setVersion(detail.selectedOption.value!)} />
        </FormField>
        {locales.map((locale) => (
          <FormField key={locale} label={t("bots.functionOf", { name: locale })} description={t("bots.functionAbout")}>
            <Autosuggest
              enteredTextLabel={(value) => value}
              placeholder="arn:aws:lambda:…"
              value={functions[locale] ?? ""}
              options={known.map((value) => ({ value }))}
              onChange={({ detail }) => setFunctions({ ...functions, [locale]: detail.value })}
            />
          </FormField>
        ))}
        <FormField label={t("bots.standsFor")} description={t("bots.standsForAbout")}>
          <Textarea rows={2} placeholder="arn:aws:lex:…" value={standsFor} onChange={({ detail }) => setStandsFor(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
