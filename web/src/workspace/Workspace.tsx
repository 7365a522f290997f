import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { AgentContact, AgentSnapshot } from "../api/switchroom";
import { switchroom } from "../api";
import { useI18n } from "../i18n";
import { logSnapshot } from "../shared/voice/agentLog";
import { isCall, ownLeg } from "../shared/voice/call";
import { MonitorBar } from "../shared/voice/CallPanel";
import { DialDialog, type DialTab, type DialTarget } from "../shared/voice/DialDialog";
import { FaultAlert } from "../shared/voice/MediaBanner";
import { allowSound, ping } from "../shared/voice/ringer";
import { SettingsDialog } from "../shared/voice/SettingsDialog";
import { useTelephone } from "../shared/voice/useTelephone";
import { NoticeBar, useNotices } from "../shared/notices";
import { useSession } from "../shared/session";
import { TopBar } from "../shared/TopBar";
import { ChatView } from "./ChatView";
import { ContactBar, type ContactActions } from "./ContactBar";
import { ContactDetails } from "./ContactDetails";
import { Inbox } from "./Inbox";
import { ShortcutsDialog, useShortcuts, type ShortcutName } from "./shortcuts";
import { StatusPicker } from "./StatusPicker";
import { TaskDialog } from "./TaskDialog";
import { TaskView } from "./TaskView";
import { TransferDialog } from "./TransferDialog";
import { isClearable, isLive, isOffered, titleOf } from "./contacts";
import { useAgent, type Agent } from "./useAgent";
import { useChats } from "./useChats";
import { callActions, logged } from "./voice/callActions";
import { CallBody } from "./voice/CallBody";
import { useAutoClear } from "./voice/useAutoClear";
import { useMicrophoneCheck } from "./voice/useMicrophoneCheck";
import { useRinging } from "./voice/useRinging";

export function Workspace(): ReactNode {
  const { t } = useI18n();
  const session = useSession();
  if (!session.may("BasicAgentAccess")) {
    return (
      <>
        <TopBar page="workspace" />
        <Box padding="xxl">
          <Alert type="error" header={t("access.denied")}>
            {t("access.noDesk")}
          </Alert>
        </Box>
      </>
    );
  }
  return <Desk />;
}

function Desk(): ReactNode {
  const { t } = useI18n();
  const agent = useAgent();
  const { snapshot } = agent;
  if (!snapshot) {
    return (
      <>
        <TopBar page="workspace" />
        <NoticeBar />
        <Box padding="xxxl" textAlign="center">
          <Spinner size="large" /> {t("common.loading")}
        </Box>
      </>
    );
  }
  return <OpenDesk agent={agent} snapshot={snapshot} />;
}

type Dialog =
  | { kind: "none" }
  | { kind: "transfer"; contact: AgentContact }
  | { kind: "dial"; tab: DialTab; to?: AgentContact }
  | { kind: "task"; related?: string }
  | { kind: "settings" }
  | { kind: "help" };

function OpenDesk({ agent: desk, snapshot }: { agent: Agent; snapshot: AgentSnapshot }): ReactNode {
  const { t, setLanguage } = useI18n();
  const notices = useNotices();
  const session = useSession();
  const agent = useMemo(() => logged(desk), [desk]);
  const [selected, setSelected] = useState("");
  const [dialog, setDialog] = useState<Dialog>({ kind: "none" });
  const drafts = useRef(new Map<string, string>());
  const chats = useChats(snapshot.Contacts, ping);
  const close = (): void => setDialog({ kind: "none" });
  const offers = useMemo(() => snapshot.Contacts.filter(isOffered), [snapshot]);
  const others = useMemo(() => snapshot.Contacts.filter((contact) => !isOffered(contact)), [snapshot]);
  const current = others.find((contact) => contact.ContactId === selected) ?? others[0];
  const [keypad, setKeypad] = useState(false);
  const telephone = useTelephone(snapshot);
  const voice = snapshot.Channels.some((one) => one.Channel === "VOICE" && one.Maximum > 0);
  const deskPhone = snapshot.Phone?.Type === "DESK_PHONE";
  const microphone = useMicrophoneCheck(voice && !deskPhone && telephone.carries);
  const soundBlocked = useRinging({ offers, silent: !telephone.carries, deskPhone, ringer: telephone.devices.ringer });
  const onCall = others.find((contact) => isCall(contact) && contact.Call?.OwnLegId !== undefined);
  useAutoClear(snapshot.Contacts, agent, telephone.carries);
  useEffect(() => logSnapshot(snapshot), [snapshot]);
  useEffect(() => {
    // A call that begins by itself (auto-accept, dialling, monitoring) comes to the front.
    if (onCall) setSelected(onCall.ContactId);
    setKeypad(false);
  }, [onCall?.ContactId]);

  const accept = async (contact: AgentContact): Promise<void> => {
    setSelected(contact.ContactId);
    await agent.act("AcceptContact", { ContactId: contact.ContactId });
  };
  const chooseStatus = (StatusId: string): void => {
    // Browsers let a page ask for pop-ups only when the person has just done something.
    if ("Notification" in window && Notification.permission === "default") void Notification.requestPermission();
    void agent.act("SetAgentStatus", { StatusId });
  };
  const calls = callActions(agent, {
    add: (to, tab) => setDialog({ kind: "dial", tab, to }),
    task: (contact) => setDialog({ kind: "task", related: contact.ContactId }),
    failure: notices.failure,
  });
  const dial = (to: AgentContact | undefined, target: DialTarget): Promise<boolean> => {
    const where = "PhoneNumber" in target ? { PhoneNumber: target.PhoneNumber } : { QuickConnectId: target.QuickConnectId };
    if (to) return agent.act("AddContactParticipant", { ContactId: to.ContactId, ...where });
    const related = current && current.Channel === "TASK" && isLive(current) ? { RelatedContactId: current.ContactId } : {};
    return agent.act("DialContact", { ...where, ...related });
  };
  const actions: ContactActions = {
    end: calls.end,
    clear: calls.clear,
    transfer: (contact) => (contact.Channel === "VOICE" ? contact.Call?.CanAdd && calls.add(contact, "quick") : setDialog({ kind: "transfer", contact })),
    pause: (contact) => void agent.act("PauseAgentContact", { ContactId: contact.ContactId }),
    resume: (contact) =>
      void agent.act("ResumeAgentContact", { ContactId: contact.ContactId }).then((done) => done && notices.info(t("task.resumed"))),
  };

  const step = (by: number): void => {
    const at = others.findIndex((contact) => contact.ContactId === current?.ContactId);
    const next = others[(at + by + others.length) % others.length];
    if (next) setSelected(next.ContactId);
  };
  const shortcuts: Record<ShortcutName, () => void> = {
    accept: () => offers[0] && void accept(offers[0]),
    reject: () => offers[0] && void agent.act("RejectContact", { ContactId: offers[0].ContactId }),
    next: () => step(1),
    previous: () => step(-1),
    mute: () => {
      if (!onCall?.Call?.CanMute) return;
      const muted = ownLeg(onCall)?.Muted !== true;
      telephone.phone.mute(muted);
      calls.mute(onCall, muted);
    },
    hold: () => {
      if (onCall?.Call?.CanResume) calls.resume(onCall);
      else if (onCall?.Call?.CanHold) calls.hold(onCall);
    },
    keypad: () => onCall && setKeypad(!keypad),
    dial: () => voice && setDialog({ kind: "dial", tab: "pad", to: onCall?.Call?.CanAdd ? onCall : undefined }),
    end: () => current && (isLive(current) || isCall(current)) && actions.end(current),
    clear: () => current && isClearable(current) && actions.clear(current),
    transfer: () => current && isLive(current) && actions.transfer(current),
    task: () => snapshot.CanCreateTasks !== false && setDialog({ kind: "task", related: current?.ContactId }),
    status: () => document.querySelector<HTMLElement>("#status-picker button")?.click(),
    message: () => document.getElementById("message-box")?.focus(),
    help: () => setDialog({ kind: "help" }),
  };
  useShortcuts((name) => shortcuts[name]());
  useTitle(offers.length, others.reduce((sum, contact) => sum + chats.unread(contact.ContactId), 0));

  return (
    <div className="desk">
      <TopBar page="workspace" />
      <div className="strip">
        <StatusPicker snapshot={snapshot} skew={agent.skew} onChoose={chooseStatus} />
        <Capacity snapshot={snapshot} />
        <div className="strip-side">
          {soundBlocked && (
            <Button iconName="audio-off" onClick={() => void allowSound()}>
              {t("sound.allow")}
            </Button>
          )}
          {voice && (
            <Button iconName="call" disabled={onCall !== undefined && onCall.Call?.CanAdd !== true} onClick={() => setDialog({ kind: "dial", tab: "quick", to: onCall })}>
              {t("voice.newCall")}
            </Button>
          )}
          {snapshot.CanCreateTasks !== false && (
            <Button iconName="add-plus" onClick={() => setDialog({ kind: "task", related: current?.ContactId })}>
              {t("task.create")}
            </Button>
          )}
          <Button variant="icon" iconName="settings" ariaLabel={t("voice.settings")} onClick={() => setDialog({ kind: "settings" })} />
          <Button variant="icon" iconName="keyboard" ariaLabel={t("shortcuts.title")} onClick={() => setDialog({ kind: "help" })} />
        </div>
      </div>
      {!agent.online && (
        <Alert type="error" header={t("connection.lost")}>
          {t("connection.lostText")}
        </Alert>
      )}
      {microphone.fault && !telephone.fault && <FaultAlert fault={microphone.fault} onRetry={microphone.ask} onDismiss={microphone.dismiss} />}
      <NoticeBar />
      <main className="columns">
        <Inbox
          contacts={snapshot.Contacts}
          selected={current?.ContactId ?? ""}
          skew={agent.skew}
          deskPhone={deskPhone}
          unread={chats.unread}
          onSelect={setSelected}
          onAccept={(contact) => void accept(contact)}
          onReject={(contact) => void agent.act("RejectContact", { ContactId: contact.ContactId })}
          onClear={actions.clear}
        />
        {current ? (
          <>
            <section className="contact" aria-label={titleOf(current, t("contact.unnamed"))}>
              <ContactBar contact={current} skew={agent.skew} actions={actions} />
              {current.Channel === "VOICE" ? (
                <CallBody
                  contact={current}
                  skew={agent.skew}
                  telephone={telephone}
                  actions={calls}
                  canCreateTasks={snapshot.CanCreateTasks !== false}
                  mayVideo={session.may("VideoContact.Access")}
                  keypad={keypad}
                  onKeypad={setKeypad}
                />
              ) : (
                <>
                  {current.Monitoring && isLive(current) && <MonitorBar contact={current} actions={calls} />}
                  <Body contact={current} agent={agent} drafts={drafts.current} chats={chats} onShown={() => chats.seen(current.ContactId)} />
                </>
              )}
            </section>
            <ContactDetails contact={current} />
          </>
        ) : (
          <Idle snapshot={snapshot} onTask={() => setDialog({ kind: "task" })} onCall={voice ? (tab) => setDialog({ kind: "dial", tab }) : undefined} />
        )}
      </main>
      {dialog.kind === "help" && <ShortcutsDialog onClose={close} />}
      {dialog.kind === "settings" && (
        <SettingsDialog
          phone={voice ? snapshot.Phone : undefined}
          countries={snapshot.Outbound?.Countries ?? []}
          devices={voice && session.may("AudioDeviceSettings.Access") ? telephone.devices : null}
          onDevices={(devices) => void telephone.phone.choose(devices).catch(notices.failure)}
          onPhone={(phone) => agent.act("UpdateAgentPhone", phone)}
          onLanguage={(Language) => {
            setLanguage(Language);
            void switchroom("UpdateSession", { Language }).catch(() => {});
          }}
          onClose={close}
        />
      )}
      {dialog.kind === "dial" && (
        <DialDialog
          purpose={dialog.to ? "add" : "call"}
          outbound={snapshot.Outbound}
          tab={dialog.tab}
          onTab={(tab) => setDialog({ ...dialog, tab })}
          onDial={(target) => dial(dialog.to, target)}
          onClose={close}
        />
      )}
      {dialog.kind === "transfer" && (
        <TransferDialog
          contact={dialog.contact}
          onClose={close}
          onTransfer={async (to) => {
            const done = await agent.act("TransferAgentContact", { ContactId: dialog.contact.ContactId, QuickConnectId: to.QuickConnectId });
            if (!done) return;
            notices.success(t("transfer.done", { name: to.Name }));
            close();
          }}
        />
      )}
      {dialog.kind === "task" && (
        <TaskDialog
          relatedContactId={dialog.related}
          onClose={close}
          onCreated={() => {
            notices.success(t("task.created"));
            close();
          }}
        />
      )}
    </div>
  );
}

interface BodyProps {
  contact: AgentContact;
  agent: Agent;
  drafts: Map<string, string>;
  chats: ReturnType<typeof useChats>;
  onShown: () => void;
}

function Body({ contact, drafts, chats, onShown }: BodyProps): ReactNode {
  const { t } = useI18n();
  if (contact.State === "MISSED" || contact.State === "REJECTED" || contact.State === "ERROR") {
    return (
      <div className="centre">
        <Alert type={contact.State === "ERROR" ? "error" : "warning"} header={t(`missed.${contact.State}`)}>
          {contact.State === "ERROR" && contact.ErrorReason ? contact.ErrorReason : t("missed.text")}
        </Alert>
      </div>
    );
  }
  if (contact.Channel === "TASK") return <TaskView contact={contact} />;
  return <ChatView key={contact.ContactId} contact={contact} session={chats.session(contact.ContactId)} drafts={drafts} onShown={onShown} />;
}

function Capacity({ snapshot }: { snapshot: AgentSnapshot }): ReactNode {
  const { t, code } = useI18n();
  return (
    <ul className="capacity" aria-label={t("capacity.title")}>
      {snapshot.Channels.filter((one) => one.Maximum > 0).map((one) => (
        <li key={one.Channel} title={t("capacity.help", { active: one.Active, maximum: one.Maximum })}>
          {code("channel", one.Channel)} <span className="tabular">{one.Active}/{one.Maximum}</span>
        </li>
      ))}
    </ul>
  );
}

interface IdleProps {
  snapshot: AgentSnapshot;
  onTask: () => void;
  onCall?: (tab: DialTab) => void;
}

function Idle({ snapshot, onTask, onCall }: IdleProps): ReactNode {
  const { t } = useI18n();
  const waiting = snapshot.Status.Type === "ROUTABLE";
  return (
    <section className="centre idle">
      <h1>{t("idle.welcome", { name: snapshot.DisplayName || snapshot.Username || "" })}</h1>
      <p className="dim">{t(waiting ? "idle.waiting" : "idle.notRoutable")}</p>
      <SpaceBetween direction="horizontal" size="xs">
        {onCall && (
          <Button iconName="user-profile" onClick={() => onCall("quick")}>
            {t("voice.quickConnects")}
          </Button>
        )}
        {onCall && (
          <Button iconName="call" onClick={() => onCall("pad")}>
            {t("voice.numberPad")}
          </Button>
        )}
        {snapshot.CanCreateTasks !== false && <Button onClick={onTask}>{t("task.create")}</Button>}
      </SpaceBetween>
      <p className="dim">
        {t("idle.hint")} <kbd>?</kbd>
      </p>
    </section>
  );
}

function useTitle(offers: number, unread: number): void {
  const { t } = useI18n();
  useEffect(() => {
    const mark = offers ? `📥 ${t("title.incoming")} – ` : unread ? `(${unread}) ` : "";
    document.title = `${mark}Switchroom ${t("top.workspace")}`;
  }, [offers, unread, t]);
}
