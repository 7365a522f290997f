import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Spinner from "@cloudscape-design/components/spinner";
import type { AgentContact, AgentSnapshot } from "../api/switchroom";
import { useI18n } from "../i18n";
import { NoticeBar, useNotices } from "../shared/notices";
import { useSession } from "../shared/session";
import { TopBar } from "../shared/TopBar";
import { ChatView } from "./ChatView";
import { ContactBar, type ContactActions } from "./ContactBar";
import { ContactDetails } from "./ContactDetails";
import { Inbox } from "./Inbox";
import { ShortcutsDialog, useShortcuts, type ShortcutName } from "./shortcuts";
import { allowSound, ping, ring, soundAllowed } from "./sound";
import { StatusPicker } from "./StatusPicker";
import { TaskDialog } from "./TaskDialog";
import { TaskView } from "./TaskView";
import { TransferDialog } from "./TransferDialog";
import { isClearable, isLive, isOffered, titleOf } from "./contacts";
import { useAgent, type Agent } from "./useAgent";
import { useChats } from "./useChats";

const RING_EVERY_MS = 2500;

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

type Dialog = { kind: "none" } | { kind: "transfer"; contact: AgentContact } | { kind: "task"; related?: string } | { kind: "help" };

function OpenDesk({ agent, snapshot }: { agent: Agent; snapshot: AgentSnapshot }): ReactNode {
  const { t } = useI18n();
  const notices = useNotices();
  const [selected, setSelected] = useState("");
  const [dialog, setDialog] = useState<Dialog>({ kind: "none" });
  const drafts = useRef(new Map<string, string>());
  const chats = useChats(snapshot.Contacts, ping);
  const close = (): void => setDialog({ kind: "none" });
  const offers = useMemo(() => snapshot.Contacts.filter(isOffered), [snapshot]);
  const others = useMemo(() => snapshot.Contacts.filter((contact) => !isOffered(contact)), [snapshot]);
  const current = others.find((contact) => contact.ContactId === selected) ?? others[0];
  const soundBlocked = useRinging(offers);

  const accept = async (contact: AgentContact): Promise<void> => {
    setSelected(contact.ContactId);
    await agent.act("AcceptContact", { ContactId: contact.ContactId });
  };
  const chooseStatus = (StatusId: string): void => {
    // Browsers let a page ask for pop-ups only when the person has just done something.
    if ("Notification" in window && Notification.permission === "default") void Notification.requestPermission();
    void agent.act("SetAgentStatus", { StatusId });
  };
  const actions: ContactActions = {
    end: (contact) => void agent.act("EndContact", { ContactId: contact.ContactId }),
    clear: (contact) => void agent.act("ClearContact", { ContactId: contact.ContactId }),
    transfer: (contact) => setDialog({ kind: "transfer", contact }),
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
    end: () => current && isLive(current) && actions.end(current),
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
          {snapshot.CanCreateTasks !== false && (
            <Button iconName="add-plus" onClick={() => setDialog({ kind: "task", related: current?.ContactId })}>
              {t("task.create")}
            </Button>
          )}
          <Button variant="icon" iconName="keyboard" ariaLabel={t("shortcuts.title")} onClick={() => setDialog({ kind: "help" })} />
        </div>
      </div>
      {!agent.online && (
        <Alert type="error" header={t("connection.lost")}>
          {t("connection.lostText")}
        </Alert>
      )}
      <NoticeBar />
      <main className="columns">
        <Inbox
          contacts={snapshot.Contacts}
          selected={current?.ContactId ?? ""}
          skew={agent.skew}
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
              <Body contact={current} agent={agent} drafts={drafts.current} chats={chats} onShown={() => chats.seen(current.ContactId)} />
            </section>
            <ContactDetails contact={current} />
          </>
        ) : (
          <Idle snapshot={snapshot} onTask={() => setDialog({ kind: "task" })} />
        )}
      </main>
      {dialog.kind === "help" && <ShortcutsDialog onClose={close} />}
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

function Idle({ snapshot, onTask }: { snapshot: AgentSnapshot; onTask: () => void }): ReactNode {
  const { t } = useI18n();
  const waiting = snapshot.Status.Type === "ROUTABLE";
  return (
    <section className="centre idle">
      <h1>{t("idle.welcome", { name: snapshot.DisplayName || snapshot.Username || "" })}</h1>
      <p className="dim">{t(waiting ? "idle.waiting" : "idle.notRoutable")}</p>
      {snapshot.CanCreateTasks !== false && <Button onClick={onTask}>{t("task.create")}</Button>}
      <p className="dim">
        {t("idle.hint")} <kbd>?</kbd>
      </p>
    </section>
  );
}

/** Rings while something is offered; true if the browser holds the sound back. */
function useRinging(offers: AgentContact[]): boolean {
  const { t } = useI18n();
  const [blocked, setBlocked] = useState(false);
  const ringing = offers.length > 0;
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
  useEffect(() => {
    if (!ringing) return;
    ring();
    const timer = setInterval(ring, RING_EVERY_MS);
    return () => clearInterval(timer);
  }, [ringing]);
  const newest = offers.at(-1)?.ContactId;
  useEffect(() => {
    const contact = offers.at(-1);
    if (!contact || !document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    new Notification(t("title.incoming"), { body: titleOf(contact, t("contact.unnamed")), tag: contact.ContactId });
  }, [newest]);
  return blocked;
}

function useTitle(offers: number, unread: number): void {
  const { t } = useI18n();
  useEffect(() => {
    const mark = offers ? `📥 ${t("title.incoming")} – ` : unread ? `(${unread}) ` : "";
    document.title = `${mark}Switchroom ${t("top.workspace")}`;
  }, [offers, unread, t]);
}
