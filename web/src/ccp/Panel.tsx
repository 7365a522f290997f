import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import type { AgentContact, AgentSnapshot } from "../api/switchroom";
import { useI18n } from "../i18n";
import { NoticeBar, useNotices } from "../shared/notices";
import { logSnapshot } from "../shared/voice/agentLog";
import { isCall, ownLeg } from "../shared/voice/call";
import { FaultAlert } from "../shared/voice/MediaBanner";
import { ping } from "../shared/voice/ringer";
import { useTelephone } from "../shared/voice/useTelephone";
import { isOffered, titleOf } from "../workspace/contacts";
import { Inbox } from "../workspace/Inbox";
import { useAgent, type Agent } from "../workspace/useAgent";
import { useChats } from "../workspace/useChats";
import { callActions, logged } from "../workspace/voice/callActions";
import { useAutoClear } from "../workspace/voice/useAutoClear";
import { useMicrophoneCheck } from "../workspace/voice/useMicrophoneCheck";
import { isFramed } from "./bridge";
import { ContactPane } from "./ContactPane";
import { Dialogs, type Dialog } from "./Dialogs";
import { Head } from "./Head";
import { Event } from "./protocol";
import { usePageSound } from "./usePageSound";
import { useBridge, type Embedding } from "./useBridge";
import { useSoftphone } from "./useSoftphone";

type Announced = (event: string, data: unknown) => void;

/** The panel of a signed-in agent, alone in its window or in somebody's page. */
export function Panel({ origins }: { origins: ReadonlySet<string> }): ReactNode {
  const { t } = useI18n();
  const agent = useAgent();
  const announced = useRef<Announced>(() => {});
  const embedding = useBridge(
    agent,
    origins,
    useCallback((event, data) => announced.current(event, data), []),
  );
  if (!agent.snapshot) {
    return (
      <>
        <NoticeBar />
        <Box padding="xxl" textAlign="center">
          <Spinner size="large" /> {t("common.loading")}
        </Box>
      </>
    );
  }
  return <OpenPanel desk={agent} snapshot={agent.snapshot} embedding={embedding} announced={announced} />;
}

interface OpenProps {
  desk: Agent;
  snapshot: AgentSnapshot;
  embedding: Embedding;
  announced: { current: Announced };
}

function OpenPanel({ desk, snapshot, embedding, announced }: OpenProps): ReactNode {
  const { t } = useI18n();
  const notices = useNotices();
  const agent = useMemo(() => logged(desk), [desk]);
  const [selected, setSelected] = useState("");
  const [dialog, setDialog] = useState<Dialog>({ kind: "none" });
  const [keypad, setKeypad] = useState(false);
  const chats = useChats(snapshot.Contacts, ping);
  const offers = useMemo(() => snapshot.Contacts.filter(isOffered), [snapshot]);
  const others = useMemo(() => snapshot.Contacts.filter((contact) => !isOffered(contact)), [snapshot]);
  const current = others.find((contact) => contact.ContactId === selected) ?? others[0];
  const onCall = others.find((contact) => isCall(contact) && contact.Call?.OwnLegId !== undefined);
  const voice = snapshot.Channels.some((one) => one.Channel === "VOICE" && one.Maximum > 0);
  const deskPhone = snapshot.Phone?.Type === "DESK_PHONE";

  // In a frame the page decides whether the sound is here or in another window (DESK-156).
  const sounds = !isFramed() || embedding.options?.softphone?.allowFramedSoftphone === true;
  const telephone = useTelephone(snapshot, sounds);
  const microphone = useMicrophoneCheck(sounds && voice && !deskPhone && telephone.carries);
  const silent = sounds && !telephone.carries;
  const soundBlocked = usePageSound({ offers, silent, deskPhone, ringer: telephone.devices.ringer, options: embedding.options ?? {} });
  useAutoClear(snapshot.Contacts, agent, telephone.carries || !sounds);
  useEffect(() => logSnapshot(snapshot), [snapshot]);
  useEffect(() => {
    if (onCall) setSelected(onCall.ContactId);
    setKeypad(false);
  }, [onCall?.ContactId]);

  const select = (contactId: string): void => {
    setSelected(contactId);
    embedding.broadcast(Event.VIEW_CONTACT, { contactId });
  };
  const accept = async (contact: AgentContact): Promise<void> => {
    select(contact.ContactId);
    if (!(await agent.act("AcceptContact", { ContactId: contact.ContactId }))) return;
    for (const event of [Event.CONTACT_ACCEPTED, `${Event.CONTACT_ACCEPTED}::${contact.ContactId}`]) embedding.broadcast(event, { contactId: contact.ContactId });
  };
  const calls = callActions(agent, {
    add: (to, tab) => setDialog({ kind: "dial", tab, to }),
    task: (contact) => setDialog({ kind: "task", related: contact.ContactId }),
    failure: notices.failure,
  });
  announced.current = useSoftphone({ agent, snapshot, telephone, embedding, onCall, muted: onCall ? ownLeg(onCall)?.Muted === true : false, show: setSelected, open: setDialog });

  return (
    <div className="ccp desk">
      <Head agent={agent} snapshot={snapshot} voice={voice} onCall={onCall} soundBlocked={soundBlocked} open={setDialog} signOut={embedding.signOut} />
      {microphone.fault && !telephone.fault && <FaultAlert fault={microphone.fault} onRetry={microphone.ask} onDismiss={microphone.dismiss} />}
      <NoticeBar />
      <main className="ccp-main">
        {(offers.length > 0 || others.length > 1) && (
          <Inbox
            contacts={others.length > 1 ? snapshot.Contacts : offers}
            selected={current?.ContactId ?? ""}
            skew={agent.skew}
            deskPhone={deskPhone}
            unread={chats.unread}
            onSelect={select}
            onAccept={(contact) => void accept(contact)}
            onReject={(contact) => void agent.act("RejectContact", { ContactId: contact.ContactId })}
            onClear={calls.clear}
          />
        )}
        {current ? (
          <section className="contact" aria-label={titleOf(current, t("contact.unnamed"))}>
            <ContactPane contact={current} agent={agent} chats={chats} telephone={telephone} calls={calls} keypad={keypad} onKeypad={setKeypad} open={setDialog} mayVideo={!isFramed() || embedding.options?.softphone?.allowFramedVideoCall === true} />
          </section>
        ) : (
          offers.length === 0 && <Idle snapshot={snapshot} voice={voice} open={setDialog} />
        )}
      </main>
      <Dialogs dialog={dialog} open={setDialog} agent={agent} snapshot={snapshot} telephone={telephone} voice={voice} current={current} embedding={embedding} />
    </div>
  );
}

function Idle({ snapshot, voice, open }: { snapshot: AgentSnapshot; voice: boolean; open: (dialog: Dialog) => void }): ReactNode {
  const { t } = useI18n();
  return (
    <section className="ccp-idle">
      <h1>{t("idle.welcome", { name: snapshot.DisplayName || snapshot.Username || "" })}</h1>
      <p className="dim">{t(snapshot.Status.Type === "ROUTABLE" ? "idle.waiting" : "idle.notRoutable")}</p>
      <div className="ccp-choices">
        {voice && (
          <>
            <button type="button" onClick={() => open({ kind: "dial", tab: "quick" })}>
              {t("voice.quickConnects")}
            </button>
            <button type="button" onClick={() => open({ kind: "dial", tab: "pad" })}>
              {t("voice.numberPad")}
            </button>
          </>
        )}
        {snapshot.CanCreateTasks !== false && (
          <button type="button" onClick={() => open({ kind: "task" })}>
            {t("task.create")}
          </button>
        )}
      </div>
    </section>
  );
}
