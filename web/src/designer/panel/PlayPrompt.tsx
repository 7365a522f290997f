import { useEffect, useRef, useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import { connect } from "../../api";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

/** Plays a prompt of the library, by ARN or id. */
export function PlayPrompt({ prompt, name }: { prompt: string; name: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [playing, setPlaying] = useState(false);
  const audio = useRef<HTMLAudioElement | null>(null);
  const stop = (): void => {
    audio.current?.pause();
    audio.current = null;
    setPlaying(false);
  };
  useEffect(() => stop, [prompt]);
  const play = async (): Promise<void> => {
    if (playing) return stop();
    setPlaying(true);
    try {
      const { PromptPresignedUrl } = await connect("GetPromptFile", { InstanceId: instanceId, PromptId: prompt.split("/").at(-1)! });
      const element = new Audio(PromptPresignedUrl);
      element.onended = stop;
      audio.current = element;
      await element.play();
    } catch (error) {
      stop();
      notices.failure(error);
    }
  };
  return (
    <Button
      formAction="none"
      variant="icon"
      iconName={playing ? "pause" : "play"}
      ariaLabel={t(playing ? "prompts.pauseOf" : "prompts.playOf", { name })}
      onClick={() => void play()}
    />
  );
}
