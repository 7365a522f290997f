import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { connect, switchroom } from "../api";
import type { AgentContact, CallLeg, GetAgentConfigurationResponse } from "../api/switchroom";
import { useI18n } from "../i18n";
import { useSession, type Session } from "../shared/session";
import { downloadLog, logEvent } from "../shared/voice/agentLog";
import type { Agent } from "../workspace/useAgent";
import { Bridge, isFramed } from "./bridge";
import { ChatForward, chatToken } from "./chatForward";
import { keepToken } from "./handOver";
import { Event, type Configuration, type PageOptions } from "./protocol";
import { answer, Refusal, type Call, type Desk } from "./requests";
import type { SdkAnswers } from "./sdk";
import { queueName, toConfiguration, toSnapshot } from "./snapshot";

const RELOAD_MS = 30_000;

export interface Embedding {
  /** What the page passed to `initCCP`; empty on its own page, null until the page has said. */
  options: PageOptions | null;
  broadcast: (event: string, data?: unknown) => void;
  post: (event: string, data?: unknown) => void;
  signOut: () => void;
}

/** Keeps the embedding page up to date and does what it asks. `announced` hears what is said to all windows. */
export function useBridge(agent: Agent, origins: ReadonlySet<string>, announced: (event: string, data: unknown) => void): Embedding {
  const session = useSession();
  const { language, setLanguage } = useI18n();
  const [options, setOptions] = useState<PageOptions | null>(isFramed() ? null : {});
  const [more, reload] = useAgentConfiguration(agent.snapshot?.RoutingProfile?.Id);
  const bridge = useRef<Bridge | null>(null);
  const chats = useRef<ChatForward | null>(null);
  const leaving = useRef(false);
  const leave = useRef(() => {});

  const configuration = useMemo<Configuration | null>(
    () => (agent.snapshot && more ? toConfiguration(agent.snapshot, describe(session, language), more) : null),
    [agent.snapshot, more, session, language],
  );
  const latest = useRef({ agent, configuration, more, session, announced, setLanguage, reload });
  latest.current = { agent, configuration, more, session, announced, setLanguage, reload };

  useEffect(() => {
    const now = latest;
    const made = new Bridge(
      {
        answer: (method, params) => {
          const desk = deskOf(now, made);
          return desk ? answer(desk, method, params) : Promise.reject(new Refusal("InvalidStateException", "The desk is not here yet"));
        },
        configured: setOptions,
        announced: (event, data) => now.current.announced(event, data),
        subscribed: (topics) => topics.includes("aws/chat") && chats.current?.start(),
        reload: () => now.current.reload(),
        downloadLog,
        signOut: () => leave.current(),
        sdk: sdkAnswers(now),
      },
      origins,
    );
    leave.current = () => {
      leaving.current = true;
      void now.current.session.signOut().then(() => {
        keepToken("");
        made.broadcast(Event.TERMINATED);
        made.close();
      });
    };
    const forward = new ChatForward((event, data) => made.post(event, data));
    bridge.current = made;
    chats.current = forward;
    made.greet();
    return () => {
      forward.close();
      if (leaving.current) return;
      made.post(Event.AUTH_FAIL, { authorize: true });
      made.close();
    };
  }, [origins]);

  useEffect(() => {
    if (!agent.snapshot) return;
    if (configuration) bridge.current?.update(toSnapshot(agent.snapshot, Date.now()), configuration);
    chats.current?.update(agent.snapshot.Contacts);
  }, [agent.snapshot, configuration]);

  useConnectionState(agent.online, bridge);

  return {
    options,
    broadcast: useCallback((event, data) => bridge.current?.broadcast(event, data), []),
    post: useCallback((event, data) => bridge.current?.post(event, data), []),
    signOut: useCallback(() => leave.current(), []),
  };
}

function useConnectionState(online: boolean, bridge: { current: Bridge | null }): void {
  const before = useRef(true);
  useEffect(() => {
    if (before.current === online) return;
    before.current = online;
    bridge.current?.post(online ? Event.CONNECTION_GAINED : Event.CONNECTION_LOST);
  }, [online]);
}

function useAgentConfiguration(profile: string | undefined): [GetAgentConfigurationResponse | null, () => void] {
  const [more, setMore] = useState<GetAgentConfigurationResponse | null>(null);
  const load = useCallback(() => {
    switchroom("GetAgentConfiguration", {}).then(
      (next) => setMore((now) => (JSON.stringify(now) === JSON.stringify(next) ? now : next)),
      () => {},
    );
  }, []);
  useEffect(() => {
    load();
    const timer = setInterval(load, RELOAD_MS);
    return () => clearInterval(timer);
  }, [load, profile]);
  return [more, load];
}

function describe(session: Session, language: "en" | "ja"): Parameters<typeof toConfiguration>[1] {
  const held = ["VoiceId.Access"].filter((permission) => session.may(permission));
  return { User: session.user, Instance: session.instance, Permissions: held, Language: language };
}

interface Latest {
  agent: Agent;
  configuration: Configuration | null;
  more: GetAgentConfigurationResponse | null;
  session: Session;
  setLanguage: (language: "en" | "ja") => void;
}

function sdkAnswers(latest: { current: Latest }): SdkAnswers {
  const region = (): string => latest.current.session.instance.Region ?? "";
  const legs = (): CallLeg[] => latest.current.agent.snapshot?.Contacts.flatMap((contact) => contact.Call?.Legs ?? []) ?? [];
  return {
    "contact/getInstanceDetails": () => ({ region: region(), instanceId: latest.current.session.instanceId }),
    "contact/getContactRegion": () => ({ region: region() }),
    "voice/canResumeParticipant": ({ participantId }) => ({ canResumeParticipant: legs().some((leg) => leg.LegId === participantId && leg.CanResume) }),
    "agent/getNetworkConnectionStatus": () => ({ status: latest.current.agent.online ? "connected" : "disconnected" }),
  };
}

/** The desk that answers requests; null until it has been read. */
function deskOf(latest: { current: Latest }, bridge: Bridge): Desk | null {
  const { agent, configuration, more, session } = latest.current;
  const first = agent.snapshot;
  if (!first || !configuration || !more) return null;
  let newest = first;
  const call: Call = async (name, input) => {
    const result = await switchroom(name, input);
    const snapshot = (result as { Snapshot?: typeof newest }).Snapshot;
    if (snapshot) {
      newest = snapshot;
      agent.take(snapshot);
      // The page sees what it did before it hears that it worked.
      bridge.update(toSnapshot(snapshot, Date.now()), latest.current.configuration ?? configuration);
    }
    return result;
  };
  const queues = new Map(more.Queues.map((queue) => [queueName(queue).queueARN, queue.QuickConnectIds ?? []]));
  return {
    agent: () => newest,
    snapshot: () => toSnapshot(newest, Date.now()),
    configuration: () => configuration,
    quickConnectsOf: (arn) => queues.get(arn) ?? [],
    instanceArn: session.instance.Arn ?? "",
    call,
    setLanguage: (language) => {
      latest.current.setLanguage(language);
      void switchroom("UpdateSession", { Language: language }).catch(() => {});
    },
    chatToken,
    updateAttributes: (contact, attributes) => updateAttributes(session.instanceId, contact, attributes),
    log: logEvent,
  };
}

async function updateAttributes(InstanceId: string, contact: AgentContact, Attributes: Record<string, string>): Promise<void> {
  await connect("UpdateContactAttributes", { InstanceId, InitialContactId: contact.InitialContactId ?? contact.ContactId, Attributes });
}
