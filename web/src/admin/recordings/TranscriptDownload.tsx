import { useEffect, useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import { switchroom } from "../../api";
import type { ContactRecording } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { downloadFrom } from "../../shared/download";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

/** Saves the kept transcript file of a chat, for those who may (QUAL-139). */
export function TranscriptDownload({ contactId }: { contactId: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [file, setFile] = useState<ContactRecording | undefined>();

  useEffect(() => {
    switchroom("ListContactRecordings", { InstanceId: instanceId, ContactId: contactId }).then(
      ({ Recordings: found }) => setFile(found.find((one) => one.MediaStreamType === "CHAT" && one.CanDownload)),
      notices.failure,
    );
  }, [instanceId, contactId]);

  if (!file) return null;
  const save = async (): Promise<void> => {
    try {
      const answer = await switchroom("GetContactRecording", { InstanceId: instanceId, ContactId: contactId, RecordingId: file.RecordingId, Download: true });
      downloadFrom(answer.Url, answer.FileName);
    } catch (error) {
      notices.failure(error);
    }
  };
  return <Button iconName="download" onClick={() => void save()}>{t("recording.downloadTranscript")}</Button>;
}
