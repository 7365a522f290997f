import { ServiceError } from "../api/client";
import { LinkError, openLink, type MediaLink } from "../shared/voice/link";
import type { MediaFault } from "../shared/voice/faults";
import { between, judge, type CallQuality, type MediaFigures } from "../shared/voice/quality";

export type CallState = "idle" | "connecting" | "connected" | "reconnecting" | "ended" | "failed";

/** What a page shows of a call. */
export interface CallView {
  state: CallState;
  /** Epoch milliseconds at which the first sound flowed. */
  since: number | null;
  muted: boolean;
  /** Why there is no microphone. */
  fault: MediaFault | null;
  /** What the service or the network said. */
  trouble: string;
  quality: CallQuality | null;
  /** The browser holds sound back until `play` is called from a click. */
  soundBlocked: boolean;
  cameraOn: boolean;
  cameraFault: MediaFault | null;
  localVideo: MediaStream | null;
  remoteVideo: MediaStream | null;
}

export interface CallOptions {
  /** The one operation of signalling: brings the offer to the media plane, the answer comes back. */
  exchange: (offer: string) => Promise<string>;
  /** Keys for the flow. */
  press?: (digits: string) => Promise<unknown>;
  /** Hangs up. */
  leave?: () => Promise<unknown>;
  /** Pictures may go both ways. */
  video?: boolean;
  microphone?: string;
  speaker?: string;
}

/** How long a lost call waits for its person. */
export const REJOIN_MS = 60_000;
const RETRY_MS = [300, 1000, 2000, 4000];
const LOOK_MS = 1000;
const RESTART_STATES: readonly CallState[] = ["idle", "failed"];

/**
 * One call of a web page: microphone, speaker and camera, kept through losses of the network for a minute.
 * A further connection takes the call over; the service says when it is over.
 */
export class WebCall {
  private view: CallView = {
    state: "idle", since: null, muted: false, fault: null, trouble: "", quality: null, soundBlocked: false,
    cameraOn: false, cameraFault: null, localVideo: null, remoteVideo: null,
  };
  private readonly listeners = new Set<() => void>();
  private link: MediaLink | null = null;
  private turn = 0;
  private attempt = 0;
  private lostAt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setInterval> | undefined;
  private earlier: MediaFigures | null = null;
  private microphone: string;
  private speaker: string;

  constructor(private readonly options: CallOptions) {
    this.microphone = options.microphone ?? "";
    this.speaker = options.speaker ?? "";
  }

  /** For `useSyncExternalStore` and the like: called after every change; returns how to stop. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly current = (): CallView => this.view;

  /** Open the microphone and join; again after a fault was put right. `rejoin`: the call was there before this page. */
  async start(rejoin = false): Promise<void> {
    if (!RESTART_STATES.includes(this.view.state)) return;
    this.attempt = 0;
    this.lostAt = Date.now();
    this.looking ??= setInterval(() => void this.look(), LOOK_MS);
    await this.open(rejoin ? "reconnecting" : "connecting");
  }

  /** Silence the microphone, at once. */
  mute(muted: boolean): void {
    this.link?.setMuted(muted);
    this.set({ muted });
  }

  /** Send keys: 0 to 9, * and #. */
  async press(digits: string): Promise<void> {
    await this.options.press?.(digits);
  }

  async chooseMicrophone(id: string): Promise<void> {
    this.microphone = id;
    await this.link?.setMicrophone(id);
  }

  async chooseSpeaker(id: string): Promise<void> {
    this.speaker = id;
    await this.link?.setSpeaker(id);
  }

  /** Start or stop one's own picture. */
  async camera(on: boolean): Promise<void> {
    if (!this.link) return;
    try {
      await this.link.setCamera(on);
      this.set({ cameraOn: on, cameraFault: null, localVideo: this.link.localVideo });
    } catch (error) {
      this.set({ cameraOn: false, localVideo: null, cameraFault: error instanceof LinkError ? error.fault : "unknown" });
    }
  }

  /** Let sound out that the browser held back; from a click. */
  async play(): Promise<void> {
    await this.link?.play();
  }

  /** Hang up. */
  async end(): Promise<void> {
    if (this.view.state === "ended") return;
    this.over();
    await this.options.leave?.().catch(() => {});
  }

  /** Let go of devices and timers without hanging up: the page goes away and may come back. */
  dispose(): void {
    this.turn += 1;
    clearTimeout(this.retry);
    clearInterval(this.looking);
    this.looking = undefined;
    this.link?.close();
    this.link = null;
  }

  private async open(state: "connecting" | "reconnecting"): Promise<void> {
    clearTimeout(this.retry);
    const turn = ++this.turn;
    const mine = (act: () => void) => () => turn === this.turn && act();
    this.set({ state, fault: null, trouble: "" });
    try {
      const link = await openLink({
        microphone: this.microphone,
        speaker: this.speaker,
        muted: this.view.muted,
        video: this.options.video === true,
        exchange: this.options.exchange,
        onUp: mine(() => this.up()),
        onLost: mine(() => this.lost()),
        onSoundBlocked: (soundBlocked) => turn === this.turn && this.set({ soundBlocked }),
        onVideo: (remoteVideo) => turn === this.turn && this.set({ remoteVideo }),
      });
      if (turn !== this.turn) {
        link.close();
        return;
      }
      this.link = link;
      if (this.view.cameraOn) await this.camera(true);
    } catch (error) {
      if (turn === this.turn) this.refused(error);
    }
  }

  private up(): void {
    this.attempt = 0;
    this.set({ state: "connected", since: this.view.since ?? Date.now() });
  }

  private lost(): void {
    if (this.view.state === "connected") this.lostAt = Date.now();
    this.drop();
    this.again();
  }

  private refused(error: unknown): void {
    this.drop();
    if (error instanceof LinkError) {
      this.set({ state: "failed", fault: error.fault, trouble: error.message });
    } else if (isOver(error)) {
      this.over();
    } else {
      this.set({ trouble: error instanceof Error ? error.message : String(error) });
      this.again();
    }
  }

  private again(): void {
    if (Date.now() - this.lostAt >= REJOIN_MS) {
      this.set({ state: "failed" });
      return;
    }
    this.set({ state: this.view.since === null ? "connecting" : "reconnecting" });
    const wait = RETRY_MS[Math.min(this.attempt, RETRY_MS.length - 1)];
    this.attempt += 1;
    const state = this.view.since === null ? "connecting" : "reconnecting";
    this.retry = setTimeout(() => void this.open(state), wait);
  }

  private over(): void {
    this.dispose();
    this.set({ state: "ended", quality: null, localVideo: null, remoteVideo: null, cameraOn: false, soundBlocked: false });
  }

  private drop(): void {
    this.turn += 1;
    this.link?.close();
    this.link = null;
    this.earlier = null;
    this.set({ quality: null, localVideo: null, remoteVideo: null, soundBlocked: false });
  }

  private async look(): Promise<void> {
    const link = this.link;
    if (!link || this.view.state !== "connected") return;
    const figures = await link.figures();
    if (!figures || link !== this.link) return;
    const since = between(this.earlier, figures);
    this.earlier = figures;
    this.set({ quality: judge(since) });
  }

  private set(change: Partial<CallView>): void {
    const changed = (Object.keys(change) as (keyof CallView)[]).some((name) => change[name] !== this.view[name]);
    if (!changed) return;
    this.view = { ...this.view, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}

/** The service knows no such call any more, or the token is spent. */
function isOver(error: unknown): boolean {
  return error instanceof ServiceError && ["ResourceNotFoundException", "AccessDeniedException"].includes(error.code);
}
