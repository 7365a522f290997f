import type { ReactNode } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import { SpeechPreview } from "../../admin/audio/SpeechPreview";
import { VOICES } from "../../admin/audio/voices";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import type { ControlProps } from "./SimpleControls";
import { textOf } from "./values";

const SAMPLES: Record<string, string> = { ja: "こんにちは。ご用件をお聞かせください。", en: "Hello. How can I help you?" };

/** A voice by name, with its language, to listen to. */
export function VoiceControl({ value, onChange, label, invalid }: ControlProps): ReactNode {
  const { t, language } = useI18n();
  const { readOnly } = usePanel();
  const names = new Intl.DisplayNames([language], { type: "language" });
  const voice = textOf(value);
  const tags = [...new Set(VOICES.map(([, tag]) => tag))];
  const options = tags.map((tag) => ({ label: names.of(tag) ?? tag, options: VOICES.filter(([, of]) => of === tag).map(([name]) => ({ value: name })) }));
  const spoken = (VOICES.find(([name]) => name === voice)?.[1] ?? "en").split("-")[0]!;
  return (
    <div className="panel-beside">
      <div className="panel-grow">
        <Autosuggest
          ariaLabel={label}
          readOnly={readOnly}
          invalid={invalid}
          value={voice}
          options={options}
          enteredTextLabel={(text) => t("panel.use", { text })}
          onChange={({ detail }) => onChange(detail.value || undefined)}
        />
      </div>
      {voice && <SpeechPreview spoken={{ Text: SAMPLES[spoken] ?? voice, VoiceId: voice }} />}
    </div>
  );
}
