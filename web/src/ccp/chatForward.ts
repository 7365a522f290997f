import { participant, switchroom } from "../api";
import type { AgentContact } from "../api/switchroom";
import { Event } from "./protocol";
import { date } from "./states";

const HEARTBEAT_MS = 10_000;
const AGAIN_MS = 2_000;

interface Line {
  socket: WebSocket | null;
  closed: boolean;
  /** ISO time of the newest message that was handed on, at first of the agent's joining. */
  seen: string;
}

interface Push {
  topic: string;
  content?: unknown;
}

/**
 * What happens in the agent's chats, for a page that shows them itself with the public chat library: that library takes
 * the agent's messages from the panel (`webSocket::all_message`).
 */
export class ChatForward {
  private readonly lines = new Map<string, Line>();
  private wanted = false;
  private chats = new Map<string, string>();

  constructor(private readonly post: (event: string, data?: unknown) => void) {}

  /** The page wants to hear; until then no connection is made. */
  start(): void {
    this.wanted = true;
    this.follow();
  }

  /** The desk as it is now. */
  update(contacts: AgentContact[]): void {
    const live = contacts.filter((contact) => contact.Channel === "CHAT" && contact.State === "CONNECTED");
    this.chats = new Map(live.map((contact) => [contact.ContactId, date(contact.ConnectedTimestamp ?? contact.StateStart).toISOString()]));
    this.follow();
  }

  close(): void {
    this.wanted = false;
    for (const id of [...this.lines.keys()]) this.hangUp(id);
  }

  private follow(): void {
    if (!this.wanted) return;
    for (const [id, since] of this.chats) if (!this.lines.has(id)) void this.connect(id, { socket: null, closed: false, seen: since });
    for (const id of [...this.lines.keys()]) if (!this.chats.has(id)) setTimeout(() => !this.chats.has(id) && this.hangUp(id), AGAIN_MS);
  }

  private hangUp(id: string): void {
    const line = this.lines.get(id);
    if (!line) return;
    line.closed = true;
    line.socket?.close();
    this.lines.delete(id);
  }

  private async connect(id: string, line: Line): Promise<void> {
    this.lines.set(id, line);
    try {
      const { ParticipantToken } = await switchroom("CreateAgentParticipantConnection", { ContactId: id });
      const answer = await participant("CreateParticipantConnection", { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ParticipantToken });
      if (!line.closed) this.open(id, line, answer.Websocket!.Url!, answer.ConnectionCredentials!.ConnectionToken!);
    } catch {
      setTimeout(() => this.again(id, line), AGAIN_MS);
    }
  }

  private again(id: string, line: Line): void {
    if (this.lines.get(id) !== line) return;
    if (this.chats.has(id) && this.wanted) void this.connect(id, line);
    else this.lines.delete(id);
  }

  private open(id: string, line: Line, url: string, ConnectionToken: string): void {
    const socket = new WebSocket(url);
    line.socket = socket;
    const beat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ topic: "aws/heartbeat" })), HEARTBEAT_MS);
    socket.onopen = () => {
      socket.send(JSON.stringify({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } }));
      this.post(Event.SOCKET_GAIN);
    };
    socket.onmessage = (event) => {
      const push = JSON.parse(String(event.data)) as Push;
      if (push.topic === "aws/subscribe") void this.catchUp(line, ConnectionToken);
      else if (push.topic === "aws/chat") this.hand(line, push);
    };
    socket.onclose = () => {
      clearInterval(beat);
      if (!line.closed) setTimeout(() => this.again(id, line), AGAIN_MS);
    };
  }

  private hand(line: Line, push: Push): void {
    const at = timeOf(push);
    if (at > line.seen) line.seen = at;
    this.post(Event.SOCKET_MESSAGE, push);
  }

  /** What was said before the line was up, since the agent joined or the line was lost. */
  private async catchUp(line: Line, ConnectionToken: string): Promise<void> {
    const since = line.seen;
    const answer = await participant("GetTranscript", { ConnectionToken, ScanDirection: "BACKWARD", SortOrder: "ASCENDING", MaxResults: 100 }).catch(() => null);
    for (const item of answer?.Transcript ?? []) {
      if ((item.AbsoluteTime ?? "") > since) this.hand(line, { topic: "aws/chat", contentType: "application/json", content: JSON.stringify(item) } as Push);
    }
  }
}

function timeOf(push: Push): string {
  const item = typeof push.content === "string" ? (JSON.parse(push.content) as { AbsoluteTime?: string }) : {};
  return item.AbsoluteTime ?? "";
}

/** The connection token of the agent's side of a chat, as the chat library wants it. */
export async function chatToken(ContactId: string): Promise<{ participantToken: string; expiry: string }> {
  const { ParticipantToken } = await switchroom("CreateAgentParticipantConnection", { ContactId });
  const answer = await participant("CreateParticipantConnection", { Type: ["CONNECTION_CREDENTIALS"], ParticipantToken });
  const credentials = answer.ConnectionCredentials!;
  return { participantToken: credentials.ConnectionToken!, expiry: credentials.Expiry! };
}
