import { useState, type ReactNode } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useI18n } from "../../i18n";
import { FALLBACK, newIntent, removeAt, replaceAt, voicesOf, type Intent, type Locale, type SlotType } from "./definition";
import { IntentEditor } from "./IntentEditor";
import { SlotTypeEditor } from "./SlotTypeEditor";

interface Props {
  id: string;
  locale: Locale;
  disabled: boolean;
  onChange: (locale: Locale) => void;
  onRemove: () => void;
}

type Open = { kind: "intent" | "slotType"; index: number } | null;

/** A language of a bot: its voice, its intents, its slot types. */
export function LocaleEditor({ id, locale, disabled, onChange, onRemove }: Props): ReactNode {
  const { t } = useI18n();
  const [open, setOpen] = useState<Open>(null);
  const { intents, slotTypes } = locale;
  const back = <Button iconName="arrow-left" onClick={() => setOpen(null)}>{t("bots.back")}</Button>;
  const intent = open?.kind === "intent" ? intents[open.index] : undefined;
  if (open && intent) {
    return (
      <SpaceBetween size="m">
        {back}
        <IntentEditor key={open.index} intent={intent} types={slotTypes} disabled={disabled} onChange={(next) => onChange({ ...locale, intents: replaceAt(intents, open.index, next) })} />
      </SpaceBetween>
    );
  }
  const type = open?.kind === "slotType" ? slotTypes[open.index] : undefined;
  if (open && type) {
    return (
      <SpaceBetween size="m">
        {back}
        <SlotTypeEditor key={open.index} type={type} disabled={disabled} onChange={(next) => onChange({ ...locale, slotTypes: replaceAt(slotTypes, open.index, next) })} />
      </SpaceBetween>
    );
  }
  const addIntent = (): void => {
    onChange({ ...locale, intents: [...intents, newIntent(`Intent${intents.length}`)] });
    setOpen({ kind: "intent", index: intents.length });
  };
  const addType = (): void => {
    onChange({ ...locale, slotTypes: [...slotTypes, { name: `Type${slotTypes.length + 1}`, valueSelectionSetting: { resolutionStrategy: "TOP_RESOLUTION" } }] });
    setOpen({ kind: "slotType", index: slotTypes.length });
  };
  return (
    <SpaceBetween size="l">
      <LocaleSettings id={id} locale={locale} disabled={disabled} onChange={onChange} onRemove={onRemove} />
      <Table
        items={intents}
        ariaLabels={{ tableLabel: t("bots.intents") }}
        header={<Header variant="h3" counter={`(${intents.length})`} actions={<Button disabled={disabled} onClick={addIntent}>{t("bots.addIntent")}</Button>}>{t("bots.intents")}</Header>}
        columnDefinitions={[
          {
            id: "name", header: t("field.name"), isRowHeader: true,
            cell: (one: Intent) => <Button variant="inline-link" onClick={() => setOpen({ kind: "intent", index: intents.indexOf(one) })}>{one.name || "–"}</Button>,
          },
          { id: "utterances", header: t("bots.utterances"), cell: (one) => (one.parentIntentSignature === FALLBACK ? t("bots.fallback") : (one.sampleUtterances ?? []).filter((each) => each.utterance).length) },
          { id: "slots", header: t("bots.slots"), cell: (one) => (one.slots ?? []).map((slot) => slot.name).join(", ") || "–" },
          {
            id: "remove", header: t("field.actions"), width: 90,
            cell: (one) => (
              <Button variant="inline-icon" iconName="remove" disabled={disabled} ariaLabel={t("bots.removeOf", { name: one.name })} onClick={() => onChange({ ...locale, intents: removeAt(intents, intents.indexOf(one)) })} />
            ),
          },
        ]}
      />
      <Table
        items={slotTypes}
        ariaLabels={{ tableLabel: t("bots.slotTypes") }}
        header={<Header variant="h3" counter={`(${slotTypes.length})`} actions={<Button disabled={disabled} onClick={addType}>{t("bots.addSlotType")}</Button>}>{t("bots.slotTypes")}</Header>}
        columnDefinitions={[
          {
            id: "name", header: t("field.name"), isRowHeader: true,
            cell: (one: SlotType) => <Button variant="inline-link" onClick={() => setOpen({ kind: "slotType", index: slotTypes.indexOf(one) })}>{one.name || "–"}</Button>,
          },
          { id: "values", header: t("bots.values"), cell: (one) => (one.slotTypeValues ?? []).map((value) => value.sampleValue.value).join(", ") || one.valueSelectionSetting?.regexFilter?.pattern || "–" },
          {
            id: "remove", header: t("field.actions"), width: 90,
            cell: (one) => (
              <Button variant="inline-icon" iconName="remove" disabled={disabled} ariaLabel={t("bots.removeOf", { name: one.name })} onClick={() => onChange({ ...locale, slotTypes: removeAt(slotTypes, slotTypes.indexOf(one)) })} />
            ),
          },
        ]}
        empty={<Box textAlign="center" color="inherit">{t("bots.noSlotTypes")}</Box>}
      />
    </SpaceBetween>
  );
}

function LocaleSettings({ id, locale, disabled, onChange, onRemove }: Props): ReactNode {
  const { t } = useI18n();
  const settings = locale.locale;
  const set = (part: Partial<Locale["locale"]>): void => onChange({ ...locale, locale: { ...settings, ...part } });
  return (
    <Container
      header={<Header variant="h3" actions={<Button disabled={disabled} onClick={onRemove}>{t("bots.removeLanguage", { name: id })}</Button>}>{t("bots.language", { name: id })}</Header>}
    >
      <ColumnLayout columns={2}>
        <FormField label={t("bots.voice")}>
          <Autosuggest
            readOnly={disabled}
            enteredTextLabel={(value) => value}
            value={settings.voiceSettings?.voiceId ?? ""}
            options={voicesOf(id).map((value) => ({ value }))}
            onChange={({ detail }) => set({ voiceSettings: { ...settings.voiceSettings, voiceId: detail.value } })}
          />
        </FormField>
        <FormField label={t("bots.threshold")} description={t("bots.thresholdAbout")}>
          <Input type="number" step={0.05} readOnly={disabled} value={String(settings.nluConfidenceThreshold ?? 0.4)} onChange={({ detail }) => set({ nluConfidenceThreshold: Number(detail.value) })} />
        </FormField>
      </ColumnLayout>
    </Container>
  );
}
