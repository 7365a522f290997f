import { type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import type { AgentContact } from "../../api/switchroom";
import { isTextKey, useI18n } from "../../i18n";
import { isCall } from "../../shared/voice/call";
import { CallPanel } from "../../shared/voice/CallPanel";
import { useTelephone } from "../../shared/voice/useTelephone";
import type { CallActions } from "../../shared/voice/actions";

interface Props {
  contact: AgentContact;
  skew: number;
  telephone: ReturnType<typeof useTelephone>;
  actions: CallActions;
  canCreateTasks: boolean;
  mayVideo: boolean;
  keypad: boolean;
  onKeypad: (open: boolean) => void;
}

/** What stands below the head of a voice contact: the call while there is one, else what became of it. */
export function CallBody(props: Props): ReactNode {
  const { t } = useI18n();
  const { contact } = props;
  if (isCall(contact)) return <CallPanel {...props} />;
  if (contact.State === "ENDED") {
    return (
      <div className="centre">
        <p className="dim">{t("voice.acwText")}</p>
      </div>
    );
  }
  const missed = contact.State !== "ERROR";
  return (
    <div className="centre">
      <Alert type={missed ? "warning" : "error"} header={t(!missed ? "voice.errorHeader" : contact.Callback ? "voice.missedHeaderCallback" : "voice.missedHeader")}>
        {missed ? t("missed.text") : <FailureText contact={contact} />}
      </Alert>
    </div>
  );
}

function FailureText({ contact }: { contact: AgentContact }): ReactNode {
  const { t } = useI18n();
  const key = `voice.error.${contact.Error ?? "Default"}`;
  return isTextKey(key) ? t(key) : `${t("voice.error.Default")} ${contact.Error ?? ""}`;
}
