import { useEffect, useMemo } from "react";
import type { AgentContact } from "../api/switchroom";
import { useRinging } from "../workspace/voice/useRinging";
import type { PageOptions } from "./protocol";

interface Ring {
  offers: AgentContact[];
  silent: boolean;
  deskPhone: boolean;
  ringer: string;
  options: PageOptions;
}

/** Rings as the embedding page wants: not at all, with its own sound, or ours; true if the browser holds the sound back. */
export function usePageSound({ offers, silent, deskPhone, ringer, options }: Ring): boolean {
  const ours = useMemo(() => offers.filter((contact) => !setting(contact, options)?.disableRingtone && !setting(contact, options)?.ringtoneUrl), [offers, options]);
  const theirs = offers.map((contact) => setting(contact, options)).find((one) => one?.ringtoneUrl && !one.disableRingtone)?.ringtoneUrl;
  useEffect(() => {
    if (!theirs || silent) return;
    const audio = new Audio(theirs);
    audio.loop = true;
    void audio.play().catch(() => {});
    return () => audio.pause();
  }, [theirs, silent]);
  return useRinging({ offers: ours, silent, deskPhone, ringer });
}

function setting(contact: AgentContact, options: PageOptions): { disableRingtone?: boolean; ringtoneUrl?: string } | undefined {
  if (contact.Channel === "VOICE") return options.softphone;
  return contact.Channel === "CHAT" ? options.chat : options.task;
}
