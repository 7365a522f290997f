import { logEvent } from "../shared/voice/agentLog";
import { Event, TELEMETRY, type Configuration, type Envelope, type PageOptions, type Request, type Snapshot } from "./protocol";
import { Refusal } from "./requests";
import { Masters } from "./masters";
import { SdkChannel, type SdkAnswers } from "./sdk";

/** What the bridge asks of the panel it belongs to. */
export interface Panel {
  answer: (method: string, params: Record<string, unknown>) => Promise<unknown>;
  configured: (options: PageOptions) => void;
  /** The page, or another window of this browser, announced something. */
  announced: (event: string, data: unknown) => void;
  subscribed: (topics: string[]) => void;
  reload: () => void;
  signOut: () => void;
  downloadLog: () => void;
  sdk: SdkAnswers;
}

const CONFIGURE_MS = 1000;
const CHANNEL = "switchroom-ccp";

/** To the other windows of this browser; null where the browser keeps a frame from them. */
function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    return null;
  }
}

/** Whether this page is in somebody's frame. */
export function isFramed(): boolean {
  return window.parent !== window;
}

/**
 * The panel's end of the messages with the page that embeds it. It speaks only to origins the instance approved, and
 * starts to speak when somebody is signed in: the page's library waits for that (`acknowledge`).
 */
export class Bridge {
  private readonly id = crypto.randomUUID();
  private readonly masters = new Masters();
  private readonly windows = openChannel();
  private origin = "";
  private isConfigured = false;
  private greeted = false;
  private last = "";
  private sdk: SdkChannel | null = null;

  /** `approved`: origins that may embed the panel, our own among them. */
  constructor(
    private readonly panel: Panel,
    private readonly approved: ReadonlySet<string>,
  ) {
    window.addEventListener("message", this.receive);
    if (this.windows) this.windows.onmessage = (message: MessageEvent<Envelope>) => this.spread(message.data);
    const known = location.ancestorOrigins?.[0];
    if (known) this.origin = approved.has(known) ? known : "";
    void this.masters.join((length) => this.post(Event.UPDATE_CONNECTED_CCPS, { length }));
  }

  /** Somebody is signed in: the page may go on. */
  greet(): void {
    this.greeted = true;
    this.post(Event.ACKNOWLEDGE, { id: this.id });
    this.openSdk();
    // A page that was greeted before, by this frame's earlier document, must be asked for its wishes.
    setTimeout(() => !this.isConfigured && this.post(Event.REQUEST_CONFIGURE), CONFIGURE_MS);
  }

  /** The desk as it is now; said again only when something changed. */
  update(snapshot: Snapshot, configuration: Configuration): void {
    const { localTimestamp: _, skew: __, snapshotTimestamp: ___, contacts, ...rest } = snapshot;
    const shown = JSON.stringify([rest, contacts.map((contact) => ({ ...contact, contactDuration: 0 })), configuration]);
    if (shown === this.last) return;
    this.last = shown;
    this.post(Event.AGENT_UPDATE, { snapshot, configuration });
  }

  /** Tell the page and every other window of this browser. */
  broadcast(event: string, data?: unknown): void {
    this.post(event, data);
    this.windows?.postMessage({ event, data });
  }

  post(event: string, data?: unknown): void {
    if (!isFramed()) return;
    const message = { event, data };
    // Until the page has spoken its origin may be unknown; the browser delivers to the right one alone.
    for (const origin of this.origin ? [this.origin] : this.approved) window.parent.postMessage(message, origin);
  }

  close(): void {
    window.removeEventListener("message", this.receive);
    this.windows?.close();
    this.masters.close();
    this.sdk?.close();
  }

  /** Once it is known who is there: a port can be given away once only. */
  private openSdk(): void {
    if (isFramed() && this.greeted && this.origin && !this.sdk) this.sdk = new SdkChannel(this.origin, this.panel.sdk);
  }

  private readonly receive = (message: MessageEvent<Envelope | undefined>): void => {
    if (message.source !== window.parent || !isFramed() || !this.approved.has(message.origin)) return;
    this.origin = message.origin;
    this.openSdk();
    if (typeof message.data?.event === "string") this.handle(message.data.event, message.data.data);
  };

  private handle(event: string, data: unknown): void {
    switch (event) {
      case Event.SYNCHRONIZE:
        if (this.greeted) this.post(Event.ACKNOWLEDGE);
        break;
      case Event.CONFIGURE:
        this.isConfigured = true;
        this.panel.configured((data ?? {}) as PageOptions);
        this.broadcast(Event.PAGE_CONFIGURED, data);
        break;
      case Event.API_REQUEST:
        void this.request(data as Request, Event.API_RESPONSE);
        break;
      case Event.API_PROXY_REQUEST:
        void this.request(data as Request, Event.API_PROXY_RESPONSE);
        break;
      case Event.MASTER_REQUEST:
        void this.master(data as Request);
        break;
      case Event.MEDIA_DEVICE_REQUEST:
        void this.devices();
        break;
      case Event.BROADCAST:
        this.said(data as Envelope);
        break;
      case Event.RELOAD_AGENT_CONFIGURATION:
        this.panel.reload();
        break;
      case Event.TERMINATE:
        this.panel.signOut();
        break;
      case Event.DOWNLOAD_LOG:
        this.panel.downloadLog();
        break;
      case Event.SOCKET_SUBSCRIBE:
        this.panel.subscribed(data as string[]);
        break;
      case Event.OUTER_CONTEXT_INFO:
        logEvent("Embedded", { origin: this.origin, ...(data as object) });
        break;
    }
  }

  private async request({ requestId, method, params = {} }: Request, event: string): Promise<void> {
    const start = performance.now();
    const values = { method, contactId: params["contactId"] };
    try {
      const data = await this.panel.answer(method, params);
      this.post(event, { event, requestId, data });
      logEvent("Asked by the page", { ...values, ms: Math.round(performance.now() - start) });
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal("SendDataFailedException", String(error), 500);
      const { type, message, statusCode } = refusal;
      this.post(event, { event, requestId, err: JSON.stringify({ type, message, stack: [], statusCode, retryStatus: "none" }) });
      logEvent("Asked by the page, refused", { ...values, type, message }, "WARN");
      if (type === "UnauthorizedException") this.post(Event.AUTH_FAIL, { authorize: true });
    }
  }

  private async master({ requestId, method, params = {} }: Request): Promise<void> {
    const topic = String(params["topic"] ?? "");
    const taken = method === "becomeMaster" ? await this.masters.take(topic) : await this.masters.check(topic, params["shouldNotBecomeMasterIfNone"] === true);
    const data = { topic, isMaster: taken.mine, masterId: taken.mine ? this.id : null, takeOver: taken.over };
    this.post(Event.MASTER_RESPONSE, { event: Event.MASTER_RESPONSE, requestId, data });
  }

  private async devices(): Promise<void> {
    try {
      const found = await navigator.mediaDevices.enumerateDevices();
      this.post(Event.MEDIA_DEVICE_RESPONSE, found.map((device) => device.toJSON() as object));
    } catch (error) {
      this.post(Event.MEDIA_DEVICE_RESPONSE, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** What the page says to all is heard by all, itself included; statistics of its library are of no use to us. */
  private said({ event, data }: Envelope): void {
    if (TELEMETRY.has(event)) return;
    if (event !== Event.MUTE) this.broadcast(event, data);
    this.panel.announced(event, data);
  }

  /** Another window of this browser said something to all. */
  private spread({ event, data }: Envelope): void {
    this.post(event, data);
    this.panel.announced(event, data);
  }
}
