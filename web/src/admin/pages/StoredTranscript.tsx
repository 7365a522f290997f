import { useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../../api";
import { useI18n } from "../../i18n";
import type { ChatItem } from "../../shared/chat";
import { downloadFrom } from "../../shared/download";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { Transcript } from "../../workspace/Transcript";

const PAGE = 1000;

/** The kept transcript of a chat; what agents wrote stands on the right. */
export function StoredTranscript({ contactId }: { contactId: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [items, setItems] = useState<ChatItem[] | null>(null);
  useEffect(() => {
    let gone = false;
    void (async () => {
      const found: ChatItem[] = [];
      let next: string | undefined;
      try {
        do {
          const page = await switchroom("GetContactTranscript", { InstanceId: instanceId, ContactId: contactId, MaxResults: PAGE, NextToken: next });
          found.push(...(page.Transcript as ChatItem[]));
          next = page.NextToken;
        } while (next);
      } catch (error) {
        notices.failure(error);
      }
      if (!gone) setItems(found);
    })();
    return () => {
      gone = true;
    };
  }, [instanceId, contactId]);

  if (!items) return <Spinner size="large" />;
  if (!items.length) return <Box color="text-body-secondary">{t("contacts.noTranscript")}</Box>;
  const open = async (attachmentId: string): Promise<void> => {
    try {
      const answer = await switchroom("GetContactAttachment", { InstanceId: instanceId, ContactId: contactId, AttachmentId: attachmentId });
      downloadFrom(answer.Url);
    } catch (error) {
      notices.failure(error);
    }
  };
  return (
    <div className="stored-transcript">
      <Transcript items={items} ownRole="AGENT" onFile={(id) => void open(id)} />
    </div>
  );
}
