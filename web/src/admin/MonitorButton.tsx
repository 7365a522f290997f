import { useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import { switchroom } from "../api";
import { useI18n } from "../i18n";
import { useNotices } from "../shared/notices";
import { useSession } from "../shared/session";
import { workspaceIsOpen } from "../shared/workspaceLock";

const LISTENING = "ManagerListenIn";
const CHANNELS = ["VOICE", "CHAT"];
const EYE = (
  <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
    <path d="M1 8s2.6-4.5 7-4.5S15 8 15 8s-2.6 4.5-7 4.5S1 8 1 8Z" />
    <circle cx="8" cy="8" r="2" />
  </svg>
);

interface Props {
  contactId: string;
  channel: string | undefined;
  /** State at the agent; monitoring needs a conversation. */
  state?: string | undefined;
  label?: string;
}

/** The eye: listen to a call or read a chat that an agent has. It goes on in the supervisor's own workspace. */
export function MonitorButton({ contactId, channel, state = "CONNECTED", label }: Props): ReactNode {
  const { t } = useI18n();
  const { may } = useSession();
  const notices = useNotices();
  const [busy, setBusy] = useState(false);
  if (!may(LISTENING) || !may("BasicAgentAccess") || !CHANNELS.includes(channel ?? "") || !state.startsWith("CONNECTED")) return null;

  const start = async (): Promise<void> => {
    setBusy(true);
    try {
      await switchroom("MonitorContactLive", { ContactId: contactId });
      notices.success(t("monitor.started"));
      if (!(await workspaceIsOpen())) window.open("/workspace", "_blank");
    } catch (error) {
      notices.failure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant={label ? "normal" : "inline-icon"} iconSvg={EYE} ariaLabel={label ?? t("monitor.start")} loading={busy} onClick={() => void start()}>
      {label}
    </Button>
  );
}
