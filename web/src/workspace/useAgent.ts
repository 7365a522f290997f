import { useCallback, useEffect, useRef, useState } from "react";
import { switchroom } from "../api";
import { socketProtocols } from "../api/client";
import type { AgentSnapshot, SwitchroomOperations } from "../api/switchroom";
import { useNotices } from "../shared/notices";

/** Operations that change the agent's desk and answer with the new snapshot. */
type DeskOperation = {
  [Name in keyof SwitchroomOperations]: SwitchroomOperations[Name][1] extends { Snapshot: AgentSnapshot } ? Name : never;
}[keyof SwitchroomOperations];

export interface Agent {
  snapshot: AgentSnapshot | null;
  /** False while the socket is down; the desk is then read every few seconds. */
  online: boolean;
  /** Server clock minus ours, in seconds. */
  skew: number;
  act: <Name extends DeskOperation>(name: Name, input: SwitchroomOperations[Name][0]) => Promise<boolean>;
  refresh: () => void;
  /** Use a snapshot that came with an answer, unless a newer one is here. */
  take: (snapshot: AgentSnapshot) => void;
}

const BACKOFF_MS = [500, 1000, 2000, 4000, 5000];
const POLL_MS = 4000;
const PING_MS = 20_000;

/** The agent's desk: read once, then pushed by the server over a socket that repairs itself. */
export function useAgent(): Agent {
  const [snapshot, setSnapshot] = useState<AgentSnapshot | null>(null);
  const [online, setOnline] = useState(true);
  const [skew, setSkew] = useState(0);
  const notices = useNotices();
  const failure = useRef(notices.failure);
  failure.current = notices.failure;

  const take = useCallback((next: AgentSnapshot) => {
    setSkew(next.SnapshotTimestamp - Date.now() / 1000);
    setSnapshot((now) => (now && now.SnapshotVersion > next.SnapshotVersion ? now : next));
  }, []);

  const refresh = useCallback(() => {
    switchroom("GetAgentSnapshot", {}).then(
      (answer) => take(answer.Snapshot),
      () => {},
    );
  }, [take]);

  useEffect(() => {
    let socket: WebSocket | null = null;
    let attempts = 0;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ping = setInterval(() => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ topic: "ping" })), PING_MS);
    const poll = setInterval(() => socket?.readyState !== WebSocket.OPEN && refresh(), POLL_MS);

    const open = (): void => {
      socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/switchroom/agent/ws`, socketProtocols());
      socket.onopen = () => {
        attempts = 0;
        setOnline(true);
        refresh();
      };
      socket.onmessage = (event) => {
        const push = JSON.parse(String(event.data)) as { topic: string; snapshot?: AgentSnapshot };
        if (push.topic === "agent" && push.snapshot) take(push.snapshot);
      };
      socket.onclose = () => {
        if (stopped) return;
        if (attempts > 0) setOnline(false);
        timer = setTimeout(open, BACKOFF_MS[Math.min(attempts, BACKOFF_MS.length - 1)]);
        attempts += 1;
      };
    };
    switchroom("GetAgentSnapshot", {}).then((answer) => take(answer.Snapshot), failure.current);
    open();
    return () => {
      stopped = true;
      clearTimeout(timer);
      clearInterval(ping);
      clearInterval(poll);
      socket?.close();
    };
  }, [refresh, take]);

  const act = useCallback<Agent["act"]>(
    async (name, input) => {
      try {
        const answer = await switchroom(name, input);
        take((answer as { Snapshot: AgentSnapshot }).Snapshot);
        return true;
      } catch (error) {
        failure.current(error);
        refresh();
        return false;
      }
    },
    [refresh, take],
  );

  return { snapshot, online, skew, act, refresh, take };
}
