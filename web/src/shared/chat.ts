import { participant } from "../api";
import { ServiceError } from "../api/client";
import type { Item } from "../api/connectparticipant";

const EVENT = "application/vnd.amazonaws.connect.event.";
export const TYPING = `${EVENT}typing`;
export const DELIVERED = `${EVENT}message.delivered`;
export const READ = `${EVENT}message.read`;
const METADATA = `${EVENT}message.metadata`;
/** What the service calls itself where a flow speaks; people are shown a word of their language. */
export const SYSTEM_NAME = "SYSTEM_MESSAGE";
export const CHAT_ENDED = `${EVENT}chat.ended`;

const HEARTBEAT_MS = 10_000;
const TYPING_SENT_MS = 4_000;
const TYPING_SHOWN_MS = 6_000;
const BACKOFF_MS = [500, 1000, 2000, 4000, 8000];

export type ChatItem = Omit<Item, "Type" | "ContentType" | "ParticipantRole"> & {
  Id: string;
  Type?: string;
  ContentType?: string;
  ParticipantRole?: string;
  /** Set while a message is on its way, or when it could not be sent. */
  sending?: "pending" | "failed";
};
export type ChatState = "connecting" | "connected" | "reconnecting" | "ended";
export type Receipt = "sent" | "delivered" | "read";

interface Push {
  topic: string;
  content?: string | { status?: string };
}

/**
 * One participant's view of a chat: the transcript in order, who is typing, receipts, and the connection, which
 * repairs itself and fetches what was missed. Works for customers and agents alike.
 */
export class ChatSession {
  state: ChatState = "connecting";
  items: ChatItem[] = [];
  participantId = "";
  /** Names of others who are typing now. */
  typing: string[] = [];
  private token = "";
  private socket: WebSocket | null = null;
  private alive = true;
  private beat: ReturnType<typeof setInterval> | undefined;
  private attempts = 0;
  private typists = new Map<string, { name: string; timer: ReturnType<typeof setTimeout> }>();
  private typingSentAt = 0;
  private receipts = new Map<string, Receipt>();
  private acknowledged = new Set<string>();
  private read = new Set<string>();
  private listeners = new Set<() => void>();
  private disposed = false;
  /** Written before there was a connection, in order. */
  private waiting: ChatItem[] = [];

  constructor(
    private readonly participantToken: string,
    participantId: string,
    private readonly onMessage: (item: ChatItem) => void = () => {},
    private readonly origin = "",
  ) {
    this.participantId = participantId;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private setState(state: ChatState): void {
    this.state = state;
    this.changed();
  }

  async connect(): Promise<void> {
    if (this.disposed) return;
    try {
      const answer = await participant(
        "CreateParticipantConnection",
        { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ParticipantToken: this.participantToken },
        this.origin,
      );
      if (this.disposed) return;
      this.token = answer.ConnectionCredentials!.ConnectionToken!;
      this.open(answer.Websocket!.Url!);
    } catch (error) {
      if (error instanceof ServiceError && (error.code === "AccessDeniedException" || error.status === 403)) {
        this.finish();
        return;
      }
      this.retry();
    }
  }

  private open(url: string): void {
    const socket = new WebSocket(url);
    this.socket = socket;
    this.alive = true;
    socket.onopen = () => {
      socket.send(JSON.stringify({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } }));
      this.beat = setInterval(() => this.heartbeat(), HEARTBEAT_MS);
    };
    socket.onmessage = (event) => this.onPush(JSON.parse(String(event.data)) as Push);
    socket.onclose = () => {
      clearInterval(this.beat);
      if (this.socket === socket && !this.disposed && this.state !== "ended") this.retry();
    };
  }

  private heartbeat(): void {
    if (!this.alive) {
      this.socket?.close();
      return;
    }
    this.alive = false;
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ topic: "aws/heartbeat" }));
  }

  private retry(): void {
    clearInterval(this.beat);
    if (this.disposed || this.state === "ended") return;
    this.setState(this.items.length || this.attempts ? "reconnecting" : "connecting");
    const wait = BACKOFF_MS[Math.min(this.attempts, BACKOFF_MS.length - 1)]!;
    this.attempts += 1;
    setTimeout(() => void this.connect(), wait);
  }

  private onPush(push: Push): void {
    this.alive = true;
    if (push.topic === "aws/subscribe" && typeof push.content === "object" && push.content.status === "success") {
      this.attempts = 0;
      this.setState("connected");
      void this.deliverWaiting();
      void this.loadTranscript();
    } else if (push.topic === "aws/chat" && typeof push.content === "string") {
      this.receive(JSON.parse(push.content) as ChatItem, true);
    }
  }

  private async loadTranscript(): Promise<void> {
    let next: string | undefined;
    do {
      const page = await participant(
        "GetTranscript",
        {
          ConnectionToken: this.token,
          ScanDirection: "BACKWARD",
          SortOrder: "ASCENDING",
          MaxResults: 100,
          ...(next ? { NextToken: next } : {}),
        },
        this.origin,
      ).catch(() => null);
      if (!page) return;
      for (const item of page.Transcript ?? []) this.receive(item as ChatItem, false);
      next = page.NextToken;
    } while (next);
    this.changed();
  }

  private receive(item: ChatItem, live: boolean): void {
    if (item.ContentType === TYPING || item.Type === "TYPING") return this.onTyping(item);
    if (item.ContentType === METADATA || item.Type === "MESSAGEMETADATA") return this.onReceipts(item);
    if (item.ContentType === DELIVERED || item.ContentType === READ) return;
    if (!item.Id) return;
    this.onReceipts(item);
    const known = this.items.findIndex((other) => other.Id === item.Id);
    if (known >= 0) this.items[known] = item;
    else this.items.push(item);
    this.items.sort((a, b) => ((a.AbsoluteTime ?? "~") < (b.AbsoluteTime ?? "~") ? -1 : 1));
    const foreign = item.ParticipantId !== this.participantId;
    if (foreign && item.ParticipantId) this.stopTyping(item.ParticipantId);
    if (item.ContentType === CHAT_ENDED && live) this.finish();
    if (foreign && isMessage(item) && known < 0) {
      if (live) this.onMessage(item);
      this.acknowledge(item.Id);
    }
    this.items = [...this.items];
    this.changed();
  }

  private onTyping(item: ChatItem): void {
    const id = item.ParticipantId ?? "";
    if (!id || id === this.participantId) return;
    this.stopTyping(id);
    const timer = setTimeout(() => {
      this.stopTyping(id);
      this.changed();
    }, TYPING_SHOWN_MS);
    this.typists.set(id, { name: item.DisplayName ?? "", timer });
    this.typing = [...this.typists.values()].map((one) => one.name);
    this.changed();
  }

  private stopTyping(id: string): void {
    clearTimeout(this.typists.get(id)?.timer);
    this.typists.delete(id);
    this.typing = [...this.typists.values()].map((one) => one.name);
  }

  private onReceipts(item: ChatItem): void {
    const metadata = item.MessageMetadata;
    if (!metadata) return;
    const id = metadata.MessageId ?? item.Id;
    for (const receipt of metadata.Receipts ?? []) {
      if (receipt.RecipientParticipantId === this.participantId) continue;
      const state: Receipt = receipt.ReadTimestamp ? "read" : receipt.DeliveredTimestamp ? "delivered" : "sent";
      if (this.receipts.get(id) !== "read") this.receipts.set(id, state);
    }
    this.changed();
  }

  /** How far a message of ours got; a receipt of a later message covers earlier ones. */
  receipt(id: string): Receipt {
    let best: Receipt = "sent";
    for (let at = this.items.findIndex((item) => item.Id === id); at >= 0 && at < this.items.length; at += 1) {
      const state = this.receipts.get(this.items[at]!.Id);
      if (state === "read") return "read";
      if (state === "delivered") best = "delivered";
    }
    return best;
  }

  private acknowledge(id: string): void {
    if (this.acknowledged.has(id) || this.state === "ended") return;
    this.acknowledged.add(id);
    void this.event(DELIVERED, JSON.stringify({ messageId: id })).catch(() => {});
  }

  /** Tell the others that everything shown so far was read. */
  markRead(): void {
    if (this.state !== "connected") return;
    const last = this.items.findLast((item) => isMessage(item) && item.ParticipantId !== this.participantId);
    if (!last || this.read.has(last.Id)) return;
    this.read.add(last.Id);
    void this.event(READ, JSON.stringify({ messageId: last.Id })).catch(() => {});
  }

  private event(contentType: string, content?: string): Promise<unknown> {
    const input = { ConnectionToken: this.token, ContentType: contentType, ...(content ? { Content: content } : {}) };
    return participant("SendEvent", input, this.origin);
  }

  sendTyping(): void {
    const now = Date.now();
    if (this.state !== "connected" || now - this.typingSentAt < TYPING_SENT_MS) return;
    this.typingSentAt = now;
    void this.event(TYPING).catch(() => {});
  }

  /** Show the message at once and send it as soon as there is a connection; one that fails stays, marked, and can be sent again. */
  async send(content: string, contentType = "text/plain", name = ""): Promise<void> {
    const pending: ChatItem = {
      Id: `local-${crypto.randomUUID()}`,
      Type: "MESSAGE",
      ContentType: contentType,
      Content: content,
      ParticipantId: this.participantId,
      DisplayName: name,
      sending: "pending",
    };
    this.items = [...this.items, pending];
    this.typingSentAt = 0;
    this.changed();
    if (this.state === "connected") await this.deliver(pending);
    else this.waiting.push(pending);
  }

  private async deliverWaiting(): Promise<void> {
    for (let item = this.waiting.shift(); item; item = this.waiting.shift()) await this.deliver(item).catch(() => {});
  }

  async resend(id: string): Promise<void> {
    const item = this.items.find((one) => one.Id === id);
    if (item) await this.deliver(item);
  }

  private async deliver(item: ChatItem): Promise<void> {
    this.replace(item.Id, { ...item, sending: "pending" });
    try {
      const answer = await participant(
        "SendMessage",
        {
          ConnectionToken: this.token,
          ContentType: item.ContentType!,
          Content: item.Content!,
          ClientToken: item.Id.slice("local-".length),
        },
        this.origin,
      );
      if (this.items.some((one) => one.Id === answer.Id)) this.remove(item.Id);
      else this.replace(item.Id, { ...item, Id: answer.Id!, AbsoluteTime: answer.AbsoluteTime, sending: undefined });
    } catch (error) {
      this.replace(item.Id, { ...item, sending: "failed" });
      throw error;
    }
  }

  private replace(id: string, by: ChatItem): void {
    this.items = this.items.map((one) => (one.Id === id ? by : one));
    this.changed();
  }

  private remove(id: string): void {
    this.items = this.items.filter((one) => one.Id !== id);
    this.changed();
  }

  async attach(file: File): Promise<void> {
    const start = await participant(
      "StartAttachmentUpload",
      {
        ConnectionToken: this.token,
        ContentType: file.type || "application/octet-stream",
        AttachmentSizeInBytes: file.size,
        AttachmentName: file.name,
        ClientToken: crypto.randomUUID(),
      },
      this.origin,
    );
    const upload = start.UploadMetadata!;
    const answer = await fetch(upload.Url!, { method: "PUT", body: file, headers: upload.HeadersToInclude ?? {} });
    if (!answer.ok) throw new ServiceError("UploadFailed", await answer.text(), answer.status);
    await participant(
      "CompleteAttachmentUpload",
      { ConnectionToken: this.token, AttachmentIds: [start.AttachmentId!], ClientToken: crypto.randomUUID() },
      this.origin,
    );
  }

  async attachmentUrl(id: string): Promise<string> {
    const answer = await participant("GetAttachment", { ConnectionToken: this.token, AttachmentId: id }, this.origin);
    return answer.Url!;
  }

  /** Leave the chat; for a customer this ends it. */
  async disconnect(): Promise<void> {
    await participant("DisconnectParticipant", { ConnectionToken: this.token }, this.origin).catch(() => {});
    this.finish();
  }

  private finish(): void {
    for (const item of this.waiting.splice(0)) this.replace(item.Id, { ...item, sending: "failed" });
    this.setState("ended");
    this.close();
  }

  private close(): void {
    clearInterval(this.beat);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  dispose(): void {
    this.disposed = true;
    this.listeners.clear();
    this.close();
  }
}

export function isMessage(item: ChatItem): boolean {
  return item.Type === "MESSAGE" || item.Type === "ATTACHMENT";
}
