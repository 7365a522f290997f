import { useEffect, useState, type ReactNode } from "react";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { connect } from "../../api";
import type { SearchAvailablePhoneNumbersRequest } from "../../api/connect";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";

const COUNTRIES = ["US", "CA", "GB", "DE", "FR", "JP", "AU", "SG", "IE", "IT", "ES", "NL", "KR", "BR", "MX"] as const;
const TYPES = ["DID", "TOLL_FREE"] as const;
const TYPING_MS = 300;

interface Props {
  number: string;
  country: string;
  type: string;
  isNew: boolean;
  onChange: (part: { PhoneNumber?: string; Country?: string; Type?: string }) => void;
}

/** Finds a free number by country, kind and prefix. */
export function NumberPicker({ number, country, type, isNew, onChange }: Props): ReactNode {
  const { t, code, language } = useI18n();
  const { instanceId } = useSession();
  const [prefix, setPrefix] = useState("");
  const [found, setFound] = useState<string[] | null>(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    if (!isNew) return;
    const timer = setTimeout(() => {
      setFound(null);
      setProblem("");
      connect("SearchAvailablePhoneNumbers", {
        InstanceId: instanceId,
        PhoneNumberCountryCode: country as SearchAvailablePhoneNumbersRequest["PhoneNumberCountryCode"],
        PhoneNumberType: type as SearchAvailablePhoneNumbersRequest["PhoneNumberType"],
        PhoneNumberPrefix: prefix ? `+${prefix.replace(/\D/g, "")}` : undefined,
        MaxResults: 10,
      }).then(
        (answer) => setFound((answer.AvailableNumbersList ?? []).map((one) => one.PhoneNumber!)),
        (error: unknown) => {
          setFound([]);
          setProblem(errorText(error, t));
        },
      );
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [instanceId, country, type, prefix, isNew]);

  if (!isNew) {
    return (
      <FormField label={t("field.phoneNumber")}>
        <Input value={number} disabled />
      </FormField>
    );
  }
  const regions = new Intl.DisplayNames(language, { type: "region" });
  const countries = COUNTRIES.map((one) => ({ value: one, label: regions.of(one) ?? one }));
  const types = TYPES.map((one) => ({ value: one, label: code("phoneNumberType", one) }));
  const numbers = (found ?? []).map((one) => ({ value: one, label: one }));
  return (
    <ColumnLayout columns={4}>
      <FormField label={t("phoneNumbers.country")}>
        <Select options={countries} filteringType="auto" selectedOption={countries.find((one) => one.value === country) ?? null} onChange={({ detail }) => onChange({ Country: detail.selectedOption.value, PhoneNumber: "" })} />
      </FormField>
      <FormField label={t("field.type")}>
        <Select options={types} selectedOption={types.find((one) => one.value === type) ?? null} onChange={({ detail }) => onChange({ Type: detail.selectedOption.value, PhoneNumber: "" })} />
      </FormField>
      <FormField label={<>{t("phoneNumbers.prefix")} <i>– {t("form.optional")}</i></>}>
        <Input value={prefix} inputMode="tel" placeholder="+1425" onChange={({ detail }) => setPrefix(detail.value)} />
      </FormField>
      <FormField label={t("field.phoneNumber")} errorText={problem}>
        <Select
          options={numbers} selectedOption={number ? { value: number, label: number } : null} placeholder={t("form.choose")} empty={t("common.noData")}
          statusType={found === null ? "loading" : "finished"} onChange={({ detail }) => onChange({ PhoneNumber: detail.selectedOption.value })}
        />
      </FormField>
    </ColumnLayout>
  );
}
