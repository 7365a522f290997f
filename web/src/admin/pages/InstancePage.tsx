import { useEffect, useMemo, useState, type FormEvent, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Toggle from "@cloudscape-design/components/toggle";
import { switchroom } from "../../api";
import type { DescribeInstanceSettingsResponse } from "../../api/switchroom";
import { isTextKey, useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { Functions } from "../editors/Functions";
import { QuotaTable } from "../editors/QuotaTable";
import { SecurityKeys } from "../editors/SecurityKeys";

const GROUPS = [
  { title: "instance.telephony" as const, names: ["INBOUND_CALLS", "OUTBOUND_CALLS", "EARLY_MEDIA", "MULTI_PARTY_CONFERENCE", "ENHANCED_CONTACT_MONITORING"] },
  { title: "instance.chat" as const, names: ["ENHANCED_CHAT_MONITORING"] },
  { title: "instance.flows" as const, names: ["CONTACTFLOW_LOGS", "AUTO_RESOLVE_BEST_VOICES"] },
];

/** Switches of the instance, and which numbers may be called. */
export function InstancePage(): ReactNode {
  const { t, language } = useI18n();
  const { instanceId, instance } = useSession();
  const notices = useNotices();
  const [settings, setSettings] = useState<DescribeInstanceSettingsResponse | null>(null);
  const [prefixes, setPrefixes] = useState("");
  const [quotas, setQuotas] = useState<Record<string, number | undefined>>({});
  const [bound, setBound] = useState(false);
  const [saving, setSaving] = useState(false);
  const names = useMemo(() => new Intl.DisplayNames(language, { type: "region" }), [language]);

  const show = (answer: DescribeInstanceSettingsResponse): void => {
    setSettings(answer);
    setBound(Boolean(answer.GrantOnlyHeld));
    setPrefixes(answer.OutboundBlockedPrefixes.join(" "));
    setQuotas({});
  };
  useEffect(() => void switchroom("DescribeInstanceSettings", { InstanceId: instanceId }).then(show, notices.failure), [instanceId]);
  if (!settings) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSaving(true);
    try {
      show(
        await switchroom("UpdateInstanceSettings", {
          InstanceId: instanceId,
          Attributes: settings.Attributes,
          OutboundCountries: settings.OutboundCountries,
          OutboundBlockedPrefixes: prefixes.split(/[\s,]+/).filter(Boolean),
          Quotas: changedQuotas(settings.Quotas ?? {}, quotas),
          StrictPriorityBlocking: settings.StrictPriorityBlocking,
          GrantOnlyHeld: settings.GrantOnlyHeld,
        }),
      );
      notices.success(t("instance.saved"));
    } catch (error) {
      notices.failure(error);
    } finally {
      setSaving(false);
    }
  };
  const turn = (name: string, on: boolean): void => setSettings({ ...settings, Attributes: { ...settings.Attributes, [name]: on } });
  const country = (code: string): { value: string; label: string } => ({ value: code, label: `${names.of(code) ?? code} (${code})` });
  const countries = settings.Countries.map(country).sort((a, b) => a.label.localeCompare(b.label, language));
  const text = (key: string): string => (isTextKey(key) ? t(key) : "");

  return (
    <form onSubmit={(event) => void save(event)}>
      <SpaceBetween size="l">
        <Header variant="h1" description={instance.Alias} actions={<Button variant="primary" loading={saving}>{t("action.save")}</Button>}>{t("instance.title")}</Header>
        {GROUPS.map(({ title, names: group }) => (
          <Container key={title} header={<Header variant="h2">{t(title)}</Header>}>
            <SpaceBetween size="m">
              {group.map((name) => (
                <Toggle key={name} checked={settings.Attributes[name] ?? false} description={text(`instance.${name}.help`)} onChange={({ detail }) => turn(name, detail.checked)}>
                  {text(`instance.${name}`)}
                </Toggle>
              ))}
            </SpaceBetween>
          </Container>
        ))}
        <Container header={<Header variant="h2">{t("instance.routing")}</Header>}>
          <Toggle checked={settings.StrictPriorityBlocking ?? false} description={t("instance.strictPriority.help")} onChange={({ detail }) => setSettings({ ...settings, StrictPriorityBlocking: detail.checked })}>
            {t("instance.strictPriority")}
          </Toggle>
        </Container>
        <Container header={<Header variant="h2">{t("nav.users")}</Header>}>
          <Toggle checked={settings.GrantOnlyHeld ?? false} disabled={bound} description={t("instance.grantOnlyHeld.help")} onChange={({ detail }) => setSettings({ ...settings, GrantOnlyHeld: detail.checked })}>
            {t("instance.grantOnlyHeld")}
          </Toggle>
        </Container>
        <Container header={<Header variant="h2">{t("instance.outbound")}</Header>}>
          <SpaceBetween size="m">
            <FormField label={t("instance.countries")} description={t("instance.countriesHelp")} stretch>
              <Multiselect
                options={countries}
                selectedOptions={settings.OutboundCountries.map(country)}
                filteringType="auto"
                placeholder={t("form.choose")}
                onChange={({ detail }) => setSettings({ ...settings, OutboundCountries: detail.selectedOptions.map((one) => one.value!) })}
              />
            </FormField>
            <FormField label={t("instance.prefixes")} description={t("instance.prefixesHelp")} stretch>
              <Input value={prefixes} spellcheck={false} onChange={({ detail }) => setPrefixes(detail.value)} />
            </FormField>
          </SpaceBetween>
        </Container>
        <Functions />
        <SecurityKeys />
        {settings.Quotas && <QuotaTable quotas={settings.Quotas} fixed={settings.FixedQuotas ?? []} wanted={quotas} onChange={setQuotas} />}
      </SpaceBetween>
    </form>
  );
}

/** Those that shall have another value; nothing when there are none. */
function changedQuotas(now: Record<string, number>, wanted: Record<string, number | undefined>): Record<string, number> | undefined {
  const found = Object.entries(wanted).filter((one): one is [string, number] => one[1] !== undefined && one[1] !== now[one[0]]);
  return found.length ? Object.fromEntries(found) : undefined;
}
