import { useEffect, useRef, useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import { switchroom } from "../../api";
import type { PreviewSpeechRequest } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

export type Spoken = Omit<PreviewSpeechRequest, "InstanceId">;

/** References as somebody would read them who does not know their values: `$.Attributes.name` is "name". */
export function readable(text: string): string {
  return text.replace(/\$(?:\.[\w-]+|\.?\[['"][^'"\]]*['"]\])+/g, (reference) => reference.match(/([\w -]+)['"\]]*$/)?.[1] ?? reference);
}

/** Plays a text as callers would hear it. */
export function SpeechPreview({ spoken, variant = "icon" }: { spoken: Spoken; variant?: "icon" | "normal" }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [state, setState] = useState<"idle" | "asking" | "playing">("idle");
  const audio = useRef<HTMLAudioElement | null>(null);
  const asked = useRef(0);
  const stop = (): void => {
    asked.current++;
    audio.current?.pause();
    audio.current = null;
    setState("idle");
  };
  const key = JSON.stringify(spoken);
  useEffect(() => stop, [key]);
  const play = async (): Promise<void> => {
    if (state !== "idle") return stop();
    const own = ++asked.current;
    setState("asking");
    try {
      const { AudioUrl } = await switchroom("PreviewSpeech", { InstanceId: instanceId, ...spoken, Text: readable(spoken.Text) });
      if (own !== asked.current) return;
      const element = new Audio(AudioUrl);
      element.onended = stop;
      audio.current = element;
      setState("playing");
      await element.play();
    } catch (error) {
      if (own !== asked.current) return;
      stop();
      notices.failure(error);
    }
  };
  const label = t(state === "playing" ? "speech.stop" : "speech.listen");
  return (
    <Button
      formAction="none"
      variant={variant}
      iconName={state === "playing" ? "pause" : "play"}
      loading={state === "asking"}
      disabled={!spoken.Text.trim()}
      ariaLabel={label}
      onClick={() => void play()}
    >
      {variant === "normal" && label}
    </Button>
  );
}
