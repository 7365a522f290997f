import { useEffect, useState } from "react";
import type { AgentContact } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { allowSound, chimeOnce, chooseRinger, ringOnce, soundAllowed, startRinging } from "../../shared/voice/ringer";
import { titleOf } from "../contacts";

interface Ring {
  offers: AgentContact[];
  /** Another page of this browser rings. */
  silent: boolean;
  /** A telephone on the desk rings for calls. */
  deskPhone: boolean;
  ringer: string;
}

/** Rings while something is offered (DESK-34, DESK-84); true if the browser holds the sound back. */
export function useRinging({ offers, silent, deskPhone, ringer }: Ring): boolean {
  const { t } = useI18n();
  const [blocked, setBlocked] = useState(false);
  const call = !deskPhone && offers.some((contact) => contact.Channel === "VOICE");
  const other = offers.some((contact) => contact.Channel !== "VOICE");
  useEffect(() => {
    const check = (): void => setBlocked(!soundAllowed());
    const touched = (): void => void allowSound().then(check);
    check();
    window.addEventListener("pointerdown", touched);
    window.addEventListener("keydown", touched);
    return () => {
      window.removeEventListener("pointerdown", touched);
      window.removeEventListener("keydown", touched);
    };
  }, []);
  useEffect(() => void chooseRinger(ringer), [ringer]);
  useEffect(() => {
    if (silent || !(call || other)) return;
    return startRinging(call ? ringOnce : chimeOnce);
  }, [silent, call, other]);
  const newest = offers.at(-1)?.ContactId;
  useEffect(() => {
    const contact = offers.at(-1);
    if (!contact || silent || !document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification(t(contact.Channel === "VOICE" ? (contact.Callback ? "voice.incomingCallback" : "voice.incoming") : "title.incoming"), {
      body: titleOf(contact, t("contact.unnamed")),
      tag: contact.ContactId,
      requireInteraction: contact.Channel === "VOICE",
    });
    shown.onclick = () => window.focus();
    return () => shown.close();
  }, [newest]);
  return blocked;
}
