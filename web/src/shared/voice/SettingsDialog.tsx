import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Modal from "@cloudscape-design/components/modal";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AgentPhone } from "../../api/switchroom";
import { useI18n, type Language } from "../../i18n";
import { downloadLog } from "./agentLog";
import { AudioDevicesForm } from "./AudioDevicesForm";
import type { AudioDevices } from "./devices";
import { NumberField, useDialling } from "./NumberPad";
import { showNumber } from "./numbers";
import "./voice.css";

interface Props {
  phone?: AgentPhone;
  /** Countries that may be called, lower-case ISO codes. */
  countries: readonly string[];
  /** Null where the person may not choose them (DESK-81). */
  devices: AudioDevices | null;
  onDevices: (devices: AudioDevices) => void;
  onPhone: (phone: { PhoneType: AgentPhone["Type"]; DeskPhoneNumber?: string }) => Promise<boolean>;
  onLanguage: (language: Language) => void;
  onClose: () => void;
}

/** Settings of the agent's desk: language, telephone, audio devices, log. */
export function SettingsDialog(props: Props): ReactNode {
  const { t, language } = useI18n();
  const languages = [
    { value: "en", label: "English" },
    { value: "ja", label: "日本語" },
  ];
  return (
    <Modal
      visible
      onDismiss={props.onClose}
      header={t("voice.settings")}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="download" onClick={downloadLog}>
              {t("voice.downloadLog")}
            </Button>
            <Button variant="primary" onClick={props.onClose}>
              {t("voice.close")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="l">
        <FormField label={t("top.language")}>
          <Select
            selectedOption={languages.find((one) => one.value === language) ?? null}
            options={languages}
            onChange={({ detail }) => props.onLanguage(detail.selectedOption.value as Language)}
          />
        </FormField>
        {props.phone && <PhoneForm phone={props.phone} countries={props.countries} onPhone={props.onPhone} />}
        {props.devices && (
          <Container header={<Header variant="h3">{t("voice.audioDevices")}</Header>}>
            <AudioDevicesForm devices={props.devices} onChange={props.onDevices} />
          </Container>
        )}
        <a href="/endpoint-test" target="_blank" rel="noopener">
          {t("voice.openTest")}
        </a>
      </SpaceBetween>
    </Modal>
  );
}

/** Softphone, or a desk phone and its number (DESK-77). */
function PhoneForm({ phone, countries, onPhone }: Pick<Props, "countries" | "onPhone"> & { phone: AgentPhone }): ReactNode {
  const { t } = useI18n();
  const [type, setType] = useState(phone.Type);
  const [state, setState] = useState<"still" | "saving" | "saved">("still");
  const dialling = useDialling(countries, phone.DeskPhoneNumber);
  const kept = type === "DESK_PHONE" && !dialling.typed ? phone.DeskPhoneNumber : undefined;

  const save = async (): Promise<void> => {
    const number = type === "DESK_PHONE" ? (kept ?? dialling.check()) : undefined;
    if (number === null) return;
    setState("saving");
    setState((await onPhone({ PhoneType: type, ...(number ? { DeskPhoneNumber: number } : {}) })) ? "saved" : "still");
  };
  return (
    <Container header={<Header variant="h3">{t("voice.phoneType")}</Header>}>
      <SpaceBetween size="m">
        <RadioGroup
          ariaLabel={t("voice.phoneType")}
          value={type}
          items={[
            { value: "SOFT_PHONE", label: t("voice.softphone"), description: t("voice.softphoneText") },
            { value: "DESK_PHONE", label: t("voice.deskPhone"), description: t("voice.deskPhoneText") },
          ]}
          onChange={({ detail }) => {
            setType(detail.value as AgentPhone["Type"]);
            setState("still");
          }}
        />
        {type === "DESK_PHONE" && (
          <>
            {phone.DeskPhoneNumber && <Box color="text-body-secondary">{t("voice.deskPhoneNow", { number: showNumber(phone.DeskPhoneNumber) })}</Box>}
            <NumberField
              allowed={countries}
              typed={dialling.typed}
              country={dialling.country}
              error={dialling.error}
              onTyped={dialling.setTyped}
              onCountry={dialling.setCountry}
              onEnter={() => void save()}
            />
          </>
        )}
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Button loading={state === "saving"} onClick={() => void save()}>
            {t("action.save")}
          </Button>
          {state === "saved" && <StatusIndicator type="success">{t("voice.saved")}</StatusIndicator>}
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  );
}
