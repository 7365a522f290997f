import { useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import { useI18n } from "../../i18n";
import { useSession } from "../../shared/session";
import { StoredTranscript } from "../pages/StoredTranscript";
import { Recordings } from "./Recordings";
import { ORIGINAL, REDACTED } from "./rights";

/** Plays a contact's recording, or shows its transcript, without leaving the list. */
export function PlayButton({ contactId, channel }: { contactId: string; channel: string | undefined }): ReactNode {
  const { t } = useI18n();
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  if (channel !== "VOICE" && channel !== "CHAT") return null;
  if (!may(...ORIGINAL) && !(channel === "VOICE" && may(REDACTED))) return null;
  const title = t(channel === "VOICE" ? "recording.title" : "contacts.transcript");
  return (
    <>
      <Button variant="inline-icon" iconName={channel === "VOICE" ? "play" : "contact"} ariaLabel={title} onClick={() => setOpen(true)} />
      {open && (
        <Modal visible size="large" header={title} onDismiss={() => setOpen(false)}>
          {channel === "VOICE" ? <Recordings contactId={contactId} empty={t("recording.none")} /> : <StoredTranscript contactId={contactId} />}
        </Modal>
      )}
    </>
  );
}
