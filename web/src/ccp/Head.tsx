import { type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import type { AgentContact, AgentSnapshot } from "../api/switchroom";
import { useI18n } from "../i18n";
import { downloadLog } from "../shared/voice/agentLog";
import { allowSound } from "../shared/voice/ringer";
import { StatusPicker } from "../workspace/StatusPicker";
import type { Agent } from "../workspace/useAgent";
import type { Dialog } from "./Dialogs";

interface Props {
  agent: Agent;
  snapshot: AgentSnapshot;
  voice: boolean;
  onCall: AgentContact | undefined;
  soundBlocked: boolean;
  open: (dialog: Dialog) => void;
  signOut: () => void;
}

/** The strip on top: status, a new call or task, settings. */
export function Head({ agent, snapshot, voice, onCall, soundBlocked, open, signOut }: Props): ReactNode {
  const { t } = useI18n();
  const choose = (id: string): void => {
    if (id === "settings") open({ kind: "settings" });
    else if (id === "log") downloadLog();
    else signOut();
  };
  return (
    <>
      <header className="ccp-head">
        <StatusPicker snapshot={snapshot} skew={agent.skew} onChoose={(StatusId) => void agent.act("SetAgentStatus", { StatusId })} />
        <div className="ccp-tools">
          {soundBlocked && <Button variant="icon" iconName="audio-off" ariaLabel={t("sound.allow")} onClick={() => void allowSound()} />}
          {voice && (
            <Button
              variant="icon"
              iconName="call"
              ariaLabel={t("voice.newCall")}
              disabled={onCall !== undefined && onCall.Call?.CanAdd !== true}
              onClick={() => open({ kind: "dial", tab: "quick", to: onCall })}
            />
          )}
          {snapshot.CanCreateTasks !== false && <Button variant="icon" iconName="add-plus" ariaLabel={t("task.create")} onClick={() => open({ kind: "task" })} />}
          <ButtonDropdown
            variant="icon"
            ariaLabel={t("ccp.menu")}
            items={[
              { id: "settings", text: t("voice.settings"), iconName: "settings" },
              { id: "log", text: t("voice.downloadLog"), iconName: "download" },
              { id: "out", text: t("top.signOut"), iconName: "undo" },
            ]}
            onItemClick={({ detail }) => choose(detail.id)}
          />
        </div>
      </header>
      {!agent.online && (
        <Alert type="error" header={t("connection.lost")}>
          {t("connection.lostText")}
        </Alert>
      )}
    </>
  );
}
