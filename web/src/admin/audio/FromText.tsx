import { useState, type ReactNode } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { switchroom } from "../../api";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { SpeechPreview, type Spoken } from "./SpeechPreview";
import { VOICES } from "./voices";

const MOST = 6_000;

/** A prompt made of a text: written, listened to, kept as a sound. */
export function FromText({ onSound }: { onSound: (sound: Blob) => void | Promise<void> }): ReactNode {
  const { t, language } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [spoken, setSpoken] = useState<Spoken>({ Text: "", TextType: "TEXT", VoiceId: language === "ja" ? "Mizuki" : "Joanna" });
  const [making, setMaking] = useState(false);
  const names = new Intl.DisplayNames(language, { type: "language" });
  const change = (part: Partial<Spoken>): void => setSpoken({ ...spoken, ...part });
  const ready = spoken.Text.trim() !== "" && spoken.Text.length <= MOST;
  const make = async (): Promise<void> => {
    setMaking(true);
    try {
      const { AudioUrl } = await switchroom("PreviewSpeech", { InstanceId: instanceId, ...spoken });
      const answer = await fetch(AudioUrl);
      if (!answer.ok) throw new Error(await answer.text());
      await onSound(new Blob([await answer.arrayBuffer()], { type: "audio/wav" }));
    } catch (error) {
      notices.failure(error);
    } finally {
      setMaking(false);
    }
  };
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label={t("speech.type")}
        selectedId={spoken.TextType ?? "TEXT"}
        onChange={({ detail }) => change({ TextType: detail.selectedId as "TEXT" | "SSML" })}
        options={[
          { id: "TEXT", text: t("speech.plain") },
          { id: "SSML", text: "SSML" },
        ]}
      />
      <FormField label={t("speech.text")} constraintText={t("form.counter", { count: spoken.Text.length, most: MOST })} stretch>
        <Textarea value={spoken.Text} rows={4} spellcheck={spoken.TextType !== "SSML"} onChange={({ detail }) => change({ Text: detail.value })} />
      </FormField>
      <FormField label={t("speech.voice")} description={t("speech.voiceHelp")}>
        <Autosuggest
          value={spoken.VoiceId ?? ""}
          onChange={({ detail }) => change({ VoiceId: detail.value || undefined })}
          options={VOICES.map(([value, tag]) => ({ value, description: names.of(tag) ?? tag }))}
          enteredTextLabel={(value) => value}
          ariaLabel={t("speech.voice")}
        />
      </FormField>
      <SpaceBetween direction="horizontal" size="xs">
        <SpeechPreview spoken={spoken} variant="normal" />
        <Button formAction="none" iconName="check" loading={making} disabled={!ready} onClick={() => void make()}>
          {t("speech.keep")}
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}
