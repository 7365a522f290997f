import { participant, switchroom } from "../api";
import type { AgentContact } from "../api/switchroom";
import { Event } from "./protocol";

const HEARTBEAT_MS = 10_000;
const AGAIN_MS = 2_000;

interface Line {
  socket: WebSocket | null;
  closed: boolean;
}

/**
 * What happens in the agent's chats, for a page that shows them itself with the public chat library: that library takes
 * the agent's messages from the panel (`webSocket::all_message`).
 */
export class ChatForward {
  private readonly lines = new Map<string, Line>();
  private wanted = false;
  private chats: string[] = [];

  constructor(private readonly post: (event: string, data?: unknown) => void) {}

  /** The page wants to hear; until then no connection is made. */
  start(): void {
    this.wanted = true;
    this.follow();
  }

  /** The desk as it is now. */
  update(contacts: AgentContact[]): void {
    this.chats = contacts.filter((contact) => contact.Channel === "CHAT" && contact.State === "CONNECTED").map((contact) => contact.ContactId);
    this.follow();
  }

  close(): void {
    this.wanted = false;
    for (const id of [...this.lines.keys()]) this.hangUp(id);
  }

  private follow(): void {
    if (!this.wanted) return;
    for (const id of this.chats) if (!this.lines.has(id)) void this.connect(id);
    for (const id of [...this.lines.keys()]) if (!this.chats.includes(id)) setTimeout(() => !this.chats.includes(id) && this.hangUp(id), AGAIN_MS);
  }

  private hangUp(id: string): void {
    const line = this.lines.get(id);
    if (!line) return;
    line.closed = true;
    line.socket?.close();
    this.lines.delete(id);
  }

  private async connect(id: string): Promise<void> {
    const line: Line = { socket: null, closed: false };
    this.lines.set(id, line);
    try {
      const { ParticipantToken } = await switchroom("CreateAgentParticipantConnection", { ContactId: id });
      const answer = await participant("CreateParticipantConnection", { Type: ["WEBSOCKET"], ParticipantToken });
      if (!line.closed) this.open(id, line, answer.Websocket!.Url!);
    } catch {
      setTimeout(() => this.again(id, line), AGAIN_MS);
    }
  }

  private again(id: string, line: Line): void {
    if (this.lines.get(id) === line) this.lines.delete(id);
    this.follow();
  }

  private open(id: string, line: Line, url: string): void {
    const socket = new WebSocket(url);
    line.socket = socket;
    const beat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ topic: "aws/heartbeat" })), HEARTBEAT_MS);
    socket.onopen = () => {
      socket.send(JSON.stringify({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } }));
      this.post(Event.SOCKET_GAIN);
    };
    socket.onmessage = (event) => {
      const push = JSON.parse(String(event.data)) as { topic: string };
      if (push.topic === "aws/chat") this.post(Event.SOCKET_MESSAGE, push);
    };
    socket.onclose = () => {
      clearInterval(beat);
      if (!line.closed) setTimeout(() => this.again(id, line), AGAIN_MS);
    };
  }
}

/** The connection token of the agent's side of a chat, as the chat library wants it. */
export async function chatToken(ContactId: string): Promise<{ participantToken: string; expiry: string }> {
  const { ParticipantToken } = await switchroom("CreateAgentParticipantConnection", { ContactId });
  const answer = await participant("CreateParticipantConnection", { Type: ["CONNECTION_CREDENTIALS"], ParticipantToken });
  const credentials = answer.ConnectionCredentials!;
  return { participantToken: credentials.ConnectionToken!, expiry: credentials.Expiry! };
}
