import type { AgentContact, AgentSnapshot } from "../../api/switchroom";
import { logEvent } from "./agentLog";
import { ownLeg, wantsMedia } from "./call";
import { Carrier } from "./carrier";
import { storedDevices, storeDevices, type AudioDevices } from "./devices";
import { SOFTPHONE_ERRORS, type MediaFault } from "./faults";
import { LinkError, openLink, type MediaLink } from "./link";
import { between, judge, type CallQuality, type MediaFigures } from "./quality";

/** What a page needs to know of its telephone. */
export interface TelephoneView {
  /** This page carries the sound; another page of the agent does otherwise. */
  carries: boolean;
  contactId: string | null;
  link: "none" | "opening" | "up" | "lost" | "failed" | "elsewhere";
  fault: MediaFault | null;
  /** What the service or the network said when the link failed. */
  trouble: string;
  quality: CallQuality | null;
  devices: AudioDevices;
  remoteVideo: MediaStream | null;
  localVideo: MediaStream | null;
  cameraOn: boolean;
  cameraFault: MediaFault | null;
  /** The browser holds the sound of the call back until the page is touched. */
  soundBlocked: boolean;
}

const NO_CONTACT: AgentContact = { ContactId: "", Channel: "VOICE", State: "ENDED", StateStart: 0 };

/** What a telephone asks of its page. */
export interface TelephoneTasks {
  /** Brings the browser's offer to the media plane; the answer comes back. */
  exchange: (contactId: string, offer: string) => Promise<string>;
  report: (contactId: string, figures: MediaFigures) => void;
}

const RETRY_MS = [500, 1500, 3000, 5000, 8000, 10_000];
const LOOK_MS = 2000;
const REPORT_EVERY = 5;
const GRACE_MS = 700;

/**
 * The agent's telephone in the browser: follows the desk's snapshots, keeps the sound of the one call that wants it,
 * and finds back to it after the network or the page was away (DESK-15, issue: rejoin without losing the call).
 */
export class Telephone {
  private view: TelephoneView = {
    carries: false,
    contactId: null,
    link: "none",
    fault: null,
    trouble: "",
    quality: null,
    devices: storedDevices(),
    remoteVideo: null,
    localVideo: null,
    cameraOn: false,
    cameraFault: null,
    soundBlocked: false,
  };
  private readonly listeners = new Set<() => void>();
  private carrier: Carrier | null = null;
  private link: MediaLink | null = null;
  private wanted: AgentContact | null = null;
  private attempt = 0;
  private opening = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setInterval> | undefined;
  private earlier: MediaFigures | null = null;
  private looks = 0;

  /** `owner`: the agent; pages of one browser with the same owner share one sound. */
  constructor(
    private readonly owner: string,
    private readonly tasks: TelephoneTasks,
  ) {}

  start(): void {
    this.carrier = new Carrier(`switchroom-sound-${this.owner}`, (carries) => {
      logEvent(carries ? "This page carries the sound" : "Another page carries the sound");
      this.set({ carries });
      this.follow();
    });
    this.looking = setInterval(() => void this.look(), LOOK_MS);
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly current = (): TelephoneView => this.view;

  /** The desk as it is now. */
  update(snapshot: AgentSnapshot): void {
    const desk = snapshot.Phone?.Type === "DESK_PHONE";
    // A leg that is a telephone on the desk never waits for a browser.
    const browser = (contact: AgentContact): boolean => !desk || ["waiting", "lost"].includes(contact.Call?.OwnLegState ?? "") || contact.ContactId === this.view.contactId;
    const wanting = snapshot.Contacts.filter((contact) => wantsMedia(contact) && browser(contact));
    this.wanted = wanting.find((contact) => contact.ContactId === this.view.contactId) ?? wanting[0] ?? null;
    this.follow();
  }

  /** Carry the sound on this page from now on. */
  takeOver(): void {
    this.attempt = 0;
    if (this.carrier?.holds) this.reopen();
    else this.carrier?.take();
  }

  /** Try again after a fault, for example when the microphone has been allowed. */
  retryNow(): void {
    this.attempt = 0;
    this.reopen();
  }

  async choose(devices: AudioDevices): Promise<void> {
    const before = this.view.devices;
    storeDevices(devices);
    this.set({ devices });
    if (devices.microphone !== before.microphone) await this.link?.setMicrophone(devices.microphone);
    if (devices.speaker !== before.speaker) await this.link?.setSpeaker(devices.speaker);
  }

  async camera(on: boolean): Promise<void> {
    if (!this.link) return;
    try {
      await this.link.setCamera(on);
      this.set({ cameraOn: on, cameraFault: null, localVideo: on ? this.link.localVideo : null });
    } catch (error) {
      this.set({ cameraFault: error instanceof LinkError ? error.fault : "unknown" });
    }
  }

  /** Mutes at once; the desk's snapshot follows. */
  mute(muted: boolean): void {
    this.link?.setMuted(muted);
  }

  /** Start the sound of the call after the browser held it back. */
  async allowSound(): Promise<void> {
    await this.link?.play();
  }

  close(): void {
    clearInterval(this.looking);
    this.drop();
    this.carrier?.close();
    this.carrier = null;
  }

  private follow(): void {
    const wanted = this.wanted;
    if (!wanted || !this.view.carries) {
      if (this.link || this.view.contactId || this.view.link !== "none") {
        this.drop();
        this.set({ contactId: null, link: "none", fault: null, trouble: "" });
      }
      return;
    }
    if (this.view.contactId !== wanted.ContactId) {
      this.drop();
      this.attempt = 0;
      this.set({ contactId: wanted.ContactId, fault: null, trouble: "" });
      void this.open(wanted);
      return;
    }
    const own = ownLeg(wanted);
    if (this.link) this.link.setMuted(own?.Muted === true || own?.ForcedMute === true);
    const letGo = this.view.link === "elsewhere" || (this.view.link === "up" && this.link !== null);
    if (own?.State === "lost" && letGo) this.reopen();
  }

  private reopen(): void {
    const wanted = this.wanted;
    this.drop();
    if (wanted && this.view.carries) void this.open(wanted);
  }

  private async open(contact: AgentContact): Promise<void> {
    clearTimeout(this.retry);
    const turn = ++this.opening;
    const again = this.attempt > 0 || this.view.link === "lost";
    this.set({ link: again ? "lost" : "opening" });
    const own = ownLeg(contact);
    const call = contact.Call;
    try {
      const link = await openLink({
        microphone: this.view.devices.microphone,
        speaker: this.view.devices.speaker,
        muted: own?.Muted === true,
        video: call?.CustomerVideo === true || call?.AgentVideo === true,
        exchange: (offer) => this.tasks.exchange(contact.ContactId, offer),
        onUp: () => turn === this.opening && this.up(),
        onLost: (goodbye) => turn === this.opening && this.lost(goodbye),
        onSoundBlocked: (soundBlocked) => turn === this.opening && this.set({ soundBlocked }),
        onVideo: (remoteVideo) => turn === this.opening && this.set({ remoteVideo }),
      });
      if (turn !== this.opening) {
        link.close();
        return;
      }
      this.link = link;
      this.follow();
    } catch (error) {
      if (turn === this.opening) this.failed(error);
    }
  }

  private up(): void {
    logEvent("Media is up", { contactId: this.view.contactId });
    this.attempt = 0;
    this.set({ link: "up", fault: null, trouble: "" });
  }

  private lost(goodbye: boolean): void {
    const wasUp = this.view.link === "up";
    const target = this.link?.target ?? "";
    logEvent("Media was lost", { contactId: this.view.contactId, goodbye, wasUp }, "WARN");
    if (!wasUp) {
      this.failed(new Error(target));
      return;
    }
    this.drop();
    if (!goodbye) {
      this.again();
      return;
    }
    // The call is over, or another browser of the agent has taken it: the desk will tell.
    this.retry = setTimeout(() => {
      if (ownLeg(this.wanted ?? NO_CONTACT)?.State === "lost") this.reopen();
      else this.set({ link: "elsewhere" });
    }, GRACE_MS);
  }

  private failed(error: unknown): void {
    const fault = error instanceof LinkError ? error.fault : null;
    const trouble = error instanceof Error ? error.message : String(error);
    logEvent("Media failed", { contactId: this.view.contactId, errorType: fault ? SOFTPHONE_ERRORS[fault] : "signalling_connection_failure", errorMessage: trouble }, "ERROR");
    this.drop();
    this.set({ link: "failed", fault, trouble });
    if (!fault || fault === "busy" || fault === "missing") this.again();
  }

  private again(): void {
    const wait = RETRY_MS[Math.min(this.attempt, RETRY_MS.length - 1)];
    this.attempt += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.wanted && this.view.carries && void this.open(this.wanted), wait);
  }

  private drop(): void {
    this.opening += 1;
    clearTimeout(this.retry);
    this.link?.close();
    this.link = null;
    this.earlier = null;
    this.set({ quality: null, remoteVideo: null, localVideo: null, cameraOn: false, cameraFault: null, soundBlocked: false });
  }

  private async look(): Promise<void> {
    const link = this.link;
    if (!link || this.view.link !== "up") return;
    const figures = await link.figures();
    if (!figures || link !== this.link) return;
    const since = between(this.earlier, figures);
    this.earlier = figures;
    this.set({ quality: judge(since) });
    this.looks += 1;
    if (this.looks % REPORT_EVERY === 0 && this.view.contactId) this.tasks.report(this.view.contactId, figures);
  }

  private set(change: Partial<TelephoneView>): void {
    const changed = (Object.keys(change) as (keyof TelephoneView)[]).some((name) => change[name] !== this.view[name]);
    if (!changed) return;
    this.view = { ...this.view, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
