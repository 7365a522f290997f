import { useCallback, useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import type { ContactRecording } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { downloadFrom } from "../../shared/download";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { Player } from "./Player";

/** The recordings of a contact: players for what was said, and who may save or delete them. */
export function Recordings({ contactId, empty }: { contactId: string; empty?: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [found, setFound] = useState<{ recordings: ContactRecording[]; pending: boolean } | null>(null);

  const load = useCallback(async (): Promise<void> => {
    try {
      const answer = await switchroom("ListContactRecordings", { InstanceId: instanceId, ContactId: contactId });
      setFound({ recordings: answer.Recordings.filter((one) => one.MediaStreamType === "AUDIO"), pending: answer.Pending });
    } catch (error) {
      notices.failure(error);
    }
  }, [instanceId, contactId]);
  useEffect(() => void load(), [load]);

  if (!found) return null;
  if (!found.recordings.length && !found.pending) return empty ? <Box color="text-body-secondary">{empty}</Box> : null;
  return (
    <Container header={<Header variant="h2">{t("recording.title")}</Header>}>
      <SpaceBetween size="m">
        {found.pending && (
          <Alert action={<Button iconName="refresh" onClick={() => void load()}>{t("action.refresh")}</Button>}>{t("recording.notReady")}</Alert>
        )}
        {found.recordings.map((one) => (
          <OneRecording key={one.RecordingId} contactId={contactId} recording={one} onChange={() => void load()} />
        ))}
      </SpaceBetween>
    </Container>
  );
}

interface Props {
  contactId: string;
  recording: ContactRecording;
  onChange: () => void;
}

function OneRecording({ contactId, recording, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [url, setUrl] = useState("");
  const [asking, setAsking] = useState(false);
  const named = { InstanceId: instanceId, ContactId: contactId, RecordingId: recording.RecordingId };

  useEffect(() => {
    if (recording.CanPlay) switchroom("GetContactRecording", named).then((answer) => setUrl(answer.Url), notices.failure);
  }, [instanceId, contactId, recording.RecordingId, recording.CanPlay]);

  if (recording.Status === "DELETED") return <Box color="text-body-secondary">{t("recording.deleted", { reason: recording.DeletionReason ?? "" })}</Box>;
  if (!recording.CanPlay) return <Box color="text-body-secondary">{t("recording.notAllowed")}</Box>;
  const save = async (): Promise<void> => {
    try {
      const answer = await switchroom("GetContactRecording", { ...named, Download: true });
      downloadFrom(answer.Url, answer.FileName);
    } catch (error) {
      notices.failure(error);
    }
  };
  const remove = async (): Promise<void> => {
    setAsking(false);
    try {
      await switchroom("DeleteContactRecording", named);
      notices.success(t("recording.removed"));
      onChange();
    } catch (error) {
      notices.failure(error);
    }
  };
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      {recording.CanDownload && <Button iconName="download" onClick={() => void save()}>{t("recording.download")}</Button>}
      {recording.CanDelete && recording.CanDownload && <Button iconName="remove" onClick={() => setAsking(true)}>{t("action.delete")}</Button>}
    </SpaceBetween>
  );
  return (
    <>
      {url && <Player url={url} actions={actions} />}
      <Modal
        visible={asking}
        header={t("recording.removeTitle")}
        onDismiss={() => setAsking(false)}
        footer={
          <Box float="right">
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" onClick={() => setAsking(false)}>{t("action.cancel")}</Button>
              <Button variant="primary" onClick={() => void remove()}>{t("action.delete")}</Button>
            </SpaceBetween>
          </Box>
        }
      >
        {t("recording.removeText")}
      </Modal>
    </>
  );
}
