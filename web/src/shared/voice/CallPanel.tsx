import { type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import type { AgentContact } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import type { CallActions } from "./actions";
import { isConsulting, othersOf, ownLeg, phaseOf } from "./call";
import { CallKeypad } from "./Keypad";
import { MediaBanner } from "./MediaBanner";
import { Participants } from "./Participants";
import { QualityMark } from "./QualityMark";
import { RoundButton } from "./RoundButton";
import type { TelephoneHandle } from "./useTelephone";
import { VideoPanel } from "./VideoPanel";
import "./voice.css";

interface Props {
  contact: AgentContact;
  skew: number;
  telephone: TelephoneHandle;
  actions: CallActions;
  canCreateTasks: boolean;
  /** The agent may send own video. */
  mayVideo: boolean;
  keypad: boolean;
  onKeypad: (open: boolean) => void;
}

const SETTLED: ReadonlySet<string> = new Set(["connected", "held", "consult", "monitoring", "barged"]);

/** A call in front of the agent: who is on it, how it sounds, what can be done. */
export function CallPanel(props: Props): ReactNode {
  const { contact, skew, telephone, actions } = props;
  const { t } = useI18n();
  const phase = phaseOf(contact);
  const here = telephone.contactId === contact.ContactId;
  const silent = phase === "monitoring";
  return (
    <div className="call-panel">
      <MediaBanner contact={contact} telephone={telephone} />
      {contact.Monitoring && <MonitorBar contact={contact} actions={actions} />}
      <div className="call-marks">
        <span className="visually-hidden" role="status">
          {t(`voice.phase.${phase}`)}
        </span>
        <h3 className="call-phase">
          {SETTLED.has(phase) ? (
            <>
              {t("voice.participants")} <span className="dim tabular">{contact.Call?.Legs.length ?? 0}</span>
            </>
          ) : (
            t(`voice.phase.${phase}`)
          )}
        </h3>
        {contact.Call?.Recording && <RecordingMark state={contact.Call.Recording} />}
        {here && telephone.link === "up" && telephone.quality && <QualityMark quality={telephone.quality} />}
        {!contact.Monitoring && <More {...props} />}
      </div>
      {here && <VideoPanel contact={contact} telephone={telephone} may={props.mayVideo} />}
      <div className="call-body">
        <div className="call-main">
          <Participants contact={contact} skew={skew} actions={actions} />
          {phase === "whisper" && <p className="consult-hint dim">{t("voice.whisperHint")}</p>}
          {isConsulting(contact) && <p className="consult-hint dim">{t("voice.consultHint")}</p>}
          <Controls {...props} silent={silent} />
        </div>
        {props.keypad && !silent && <CallKeypad disabled={contact.Call?.CanSendDigits !== true} onDigits={(digits) => actions.digits(contact, digits)} />}
      </div>
    </div>
  );
}

/** Number pad and tasks (DESK-71). */
function More({ contact, actions, canCreateTasks }: Props): ReactNode {
  const { t } = useI18n();
  return (
    <ButtonDropdown
      variant="icon"
      ariaLabel={t("voice.more")}
      items={[
        { id: "pad", text: t("voice.numberPad"), iconName: "call", disabled: contact.Call?.CanAdd !== true },
        ...(canCreateTasks ? [{ id: "task", text: t("task.create"), iconName: "add-plus" as const }] : []),
      ]}
      onItemClick={({ detail }) => (detail.id === "pad" ? actions.add(contact, "pad") : actions.task(contact))}
    />
  );
}

function Controls({ contact, actions, telephone, keypad, onKeypad, silent }: Props & { silent: boolean }): ReactNode {
  const { t } = useI18n();
  const call = contact.Call;
  const own = ownLeg(contact);
  const muted = own?.Muted === true;
  const mute = (): void => {
    telephone.phone.mute(!muted);
    actions.mute(contact, !muted);
  };
  const others = othersOf(contact);
  const crowd = others.length > 1;
  // Without a customer, as after a transfer, the one other party is held.
  const target = call?.CanHold || call?.CanResume ? undefined : others[0];
  const canHold = call?.CanHold || target?.CanHold === true;
  const canResume = call?.CanResume || target?.CanResume === true;
  const leaves = contact.Monitoring ? "voice.stopMonitoring" : call?.CanLeave ? "voice.leave" : "voice.end";
  return (
    <div className="call-controls" role="toolbar" aria-label={t("voice.controls")}>
      {!silent && (
        <RoundButton
          icon={muted ? "mute" : "microphone"}
          label={t(muted ? "voice.unmute" : "voice.mute")}
          pressed={muted}
          tone={muted ? "warn" : "plain"}
          shortcut="M"
          disabled={call?.CanMute !== true}
          onClick={mute}
        />
      )}
      {!silent && !crowd && (
        <RoundButton
          icon={canResume ? "resume" : "hold"}
          label={t(canResume ? "voice.resume" : "voice.hold")}
          pressed={canResume}
          tone={canResume ? "warn" : "plain"}
          shortcut="Alt+H"
          disabled={!canHold && !canResume}
          onClick={() => (canResume ? actions.resume(contact, target) : actions.hold(contact, target))}
        />
      )}
      {call?.CanJoin && <RoundButton icon="join" label={t("voice.join")} tone="good" onClick={() => actions.join(contact)} />}
      {call?.CanSwap && <RoundButton icon="swap" label={t("voice.swap")} onClick={() => actions.swap(contact)} />}
      {crowd && call?.CanHoldAll && <RoundButton icon="hold" label={t("voice.holdAll")} onClick={() => actions.holdAll(contact)} />}
      {!silent && <RoundButton icon="keypad" label={t("voice.keypad")} pressed={keypad} onClick={() => onKeypad(!keypad)} />}
      {!silent && <RoundButton icon="quick" label={t("voice.quickConnects")} shortcut="Alt+Q" disabled={call?.CanAdd !== true} onClick={() => actions.add(contact, "quick")} />}
      <RoundButton icon={call?.CanLeave ? "leave" : "hangup"} label={t(leaves)} tone="bad" shortcut="Alt+E" onClick={() => actions.end(contact)} />
    </div>
  );
}

function RecordingMark({ state }: { state: "recording" | "suspended" | "stopped" }): ReactNode {
  const { t } = useI18n();
  return (
    <span className={`recording recording-${state}`}>
      <i aria-hidden="true" />
      {t(`voice.recording.${state}`)}
    </span>
  );
}

/** What a supervisor does with a contact that is listened to: stay silent or take part (DESK-151). */
export function MonitorBar({ contact, actions }: { contact: AgentContact; actions: Pick<CallActions, "monitor"> }): ReactNode {
  const { t } = useI18n();
  const monitoring = contact.Monitoring!;
  const name = monitoring.AgentName ?? "";
  return (
    <div className="monitor-bar">
      <Alert type="info" header={t(monitoring.Mode === "BARGE" ? "voice.bargedHeader" : "voice.monitoringHeader", { name })}>
        {t(monitoring.Mode === "BARGE" ? "voice.bargedText" : "voice.monitoringText")}
      </Alert>
      {monitoring.Capabilities.includes("BARGE") && (
        <SegmentedControl
          label={t("voice.monitorMode")}
          selectedId={monitoring.Mode}
          options={[
            { id: "SILENT_MONITOR", text: t("voice.modeMonitor"), iconName: "audio-full" },
            { id: "BARGE", text: t("voice.modeBarge"), iconName: "microphone" },
          ]}
          onChange={({ detail }) => detail.selectedId !== monitoring.Mode && actions.monitor(contact, detail.selectedId as "SILENT_MONITOR" | "BARGE")}
        />
      )}
    </div>
  );
}
