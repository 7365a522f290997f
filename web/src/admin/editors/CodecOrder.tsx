import { type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Trunk } from "../../api/switchroom";
import { useI18n } from "../../i18n";

export type Codec = NonNullable<Trunk["Codecs"]>[number];

const ALL: Codec[] = ["PCMU", "PCMA", "G722", "OPUS"];

interface Props {
  codecs: Codec[];
  disabled: boolean;
  problem?: string;
  onChange: (codecs: Codec[]) => void;
}

/** Which codecs a trunk uses, the preferred first. */
export function CodecOrder({ codecs, disabled, problem, onChange }: Props): ReactNode {
  const { t, code } = useI18n();
  const rows = [...codecs, ...ALL.filter((one) => !codecs.includes(one))];
  const move = (codec: Codec, by: number): void => {
    const at = codecs.indexOf(codec);
    const next = codecs.filter((one) => one !== codec);
    next.splice(at + by, 0, codec);
    onChange(next);
  };
  return (
    <FormField label={t("trunks.codecs")} description={t("trunks.codecsHelp")} errorText={problem}>
      <SpaceBetween size="xxs">
        {rows.map((codec) => {
          const at = codecs.indexOf(codec);
          const name = code("trunks.codec", codec);
          return (
            <div key={codec} className="codec-row">
              <Checkbox disabled={disabled} checked={at >= 0} onChange={({ detail }) => onChange(detail.checked ? [...codecs, codec] : codecs.filter((one) => one !== codec))}>
                {name}
              </Checkbox>
              <Button formAction="none" variant="icon" iconName="angle-up" ariaLabel={`${name}: ${t("trunks.up")}`} disabled={disabled || at <= 0} onClick={() => move(codec, -1)} />
              <Button formAction="none" variant="icon" iconName="angle-down" ariaLabel={`${name}: ${t("trunks.down")}`} disabled={disabled || at < 0 || at === codecs.length - 1} onClick={() => move(codec, 1)} />
            </div>
          );
        })}
      </SpaceBetween>
    </FormField>
  );
}
