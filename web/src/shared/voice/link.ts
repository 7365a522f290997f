import { openMicrophone } from "./devices";
import { faultOf, missingSupport, type MediaFault } from "./faults";
import type { MediaFigures } from "./quality";

/** A browser's media to and from one call. */
export interface MediaLink {
  readonly localVideo: MediaStream | null;
  /** Where the media plane asked to be reached, such as `UDP 192.0.2.1:20000`. */
  readonly target: string;
  setMuted: (muted: boolean) => void;
  setMicrophone: (id: string) => Promise<void>;
  setSpeaker: (id: string) => Promise<void>;
  /** Raises LinkError if there is no camera. */
  setCamera: (on: boolean) => Promise<void>;
  /** Start what the browser held back; call it from a click. */
  play: () => Promise<void>;
  figures: () => Promise<MediaFigures | null>;
  close: () => void;
}

export interface LinkOptions {
  microphone: string;
  speaker: string;
  muted: boolean;
  /** Pictures may go both ways. */
  video: boolean;
  exchange: (offer: string) => Promise<string>;
  onUp: () => void;
  /** The sound stopped; `goodbye`: the other side closed the connection, as it does when another page takes the call over. */
  onLost: (goodbye: boolean) => void;
  onSoundBlocked: (blocked: boolean) => void;
  onVideo: (stream: MediaStream | null) => void;
}

/** There is no link, and why as far as the person's own machine is the cause. */
export class LinkError extends Error {
  constructor(
    readonly fault: MediaFault,
    message: string,
  ) {
    super(message);
    this.name = "LinkError";
  }
}

const GATHER_MS = 1500;
const CONNECT_MS = 12_000;
const DISCONNECTED_MS = 3000;

type SinkAudio = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };

/** Opens the microphone, offers, and plays what comes. Raises LinkError for the machine's faults, others for the service's. */
export async function openLink(options: LinkOptions): Promise<MediaLink> {
  const fault = missingSupport();
  if (fault) throw new LinkError(fault, "");
  let stream: MediaStream;
  try {
    stream = await openMicrophone(options.microphone);
  } catch (error) {
    throw new LinkError(await faultOf(error), error instanceof Error ? error.message : "");
  }
  const link = new BrowserLink(stream, options);
  try {
    await link.start();
  } catch (error) {
    link.close();
    throw error;
  }
  return link;
}

/** Where the other side asked to be reached, for whoever opens the firewall. */
export function addressesOf(connection: RTCPeerConnection): string {
  const lines = connection.remoteDescription?.sdp.match(/^a=candidate:.*$/gm) ?? [];
  const found = lines.map((line) => line.split(" ")).map((parts) => `${(parts[2] ?? "").toUpperCase()} ${parts[4]}:${parts[5]}`);
  return [...new Set(found)].join(", ");
}

class BrowserLink implements MediaLink {
  localVideo: MediaStream | null = null;
  private readonly connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  private readonly audio = new Audio() as SinkAudio;
  private readonly sender: RTCRtpSender;
  private readonly pictures: RTCRtpTransceiver | null;
  private closed = false;
  private isUp = false;
  private muted: boolean;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private stream: MediaStream,
    private readonly options: LinkOptions,
  ) {
    this.muted = options.muted;
    this.apply();
    this.sender = this.connection.addTrack(stream.getAudioTracks()[0]!, stream);
    this.pictures = options.video ? this.connection.addTransceiver("video", { direction: "sendrecv" }) : null;
    this.connection.ontrack = (event) => this.arrived(event);
    this.connection.onconnectionstatechange = () => this.changed();
  }

  get target(): string {
    return addressesOf(this.connection);
  }

  async start(): Promise<void> {
    await this.audio.setSinkId?.(this.options.speaker).catch(() => {});
    await this.connection.setLocalDescription();
    await this.gathered();
    const answer = await this.options.exchange(this.connection.localDescription!.sdp);
    if (this.closed) return;
    await this.connection.setRemoteDescription({ type: "answer", sdp: answer });
    this.waiting = setTimeout(() => !this.isUp && this.lose(), CONNECT_MS);
    // The other side said goodbye: no need to wait until it is not heard any more.
    const transport = this.sender.transport;
    if (transport) transport.onstatechange = () => transport.state === "closed" && this.lose(true);
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.apply();
  }

  async setMicrophone(id: string): Promise<void> {
    const next = await openMicrophone(id);
    if (this.closed) {
      next.getTracks().forEach((track) => track.stop());
      return;
    }
    await this.sender.replaceTrack(next.getAudioTracks()[0]!);
    this.stream.getTracks().forEach((track) => track.stop());
    this.stream = next;
    this.apply();
  }

  async setSpeaker(id: string): Promise<void> {
    await this.audio.setSinkId?.(id).catch(() => {});
  }

  async setCamera(on: boolean): Promise<void> {
    this.localVideo?.getTracks().forEach((track) => track.stop());
    this.localVideo = null;
    if (on) {
      try {
        this.localVideo = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
      } catch (error) {
        await this.pictures?.sender.replaceTrack(null);
        throw new LinkError(await faultOf(error, "camera"), error instanceof Error ? error.message : "");
      }
    }
    await this.pictures?.sender.replaceTrack(this.localVideo?.getVideoTracks()[0] ?? null);
  }

  async play(): Promise<void> {
    try {
      await this.audio.play();
      this.options.onSoundBlocked(false);
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.options.onSoundBlocked(true);
    }
  }

  async figures(): Promise<MediaFigures | null> {
    if (this.closed) return null;
    const report = await this.connection.getStats();
    let found: MediaFigures | null = null;
    let roundTrip: number | undefined;
    report.forEach((stat: Record<string, unknown>) => {
      const number = (name: string): number | undefined => (typeof stat[name] === "number" ? (stat[name] as number) : undefined);
      if (stat["type"] === "inbound-rtp" && stat["kind"] === "audio") {
        const emitted = number("jitterBufferEmittedCount") ?? 0;
        const delay = number("jitterBufferDelay") ?? 0;
        found = { received: number("packetsReceived") ?? 0, lost: number("packetsLost") ?? 0, jitter: number("jitter"), bufferDelay: emitted ? delay / emitted : undefined };
      } else if (stat["type"] === "candidate-pair" && stat["nominated"] === true) roundTrip = number("currentRoundTripTime") ?? roundTrip;
    });
    return found && { ...(found as MediaFigures), roundTrip };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.waiting);
    this.connection.close();
    this.audio.srcObject = null;
    for (const stream of [this.stream, this.localVideo]) stream?.getTracks().forEach((track) => track.stop());
  }

  private apply(): void {
    this.stream.getAudioTracks().forEach((track) => (track.enabled = !this.muted));
  }

  private async gathered(): Promise<void> {
    if (this.connection.iceGatheringState === "complete") return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.connection.addEventListener("icegatheringstatechange", () => {
        if (this.connection.iceGatheringState !== "complete") return;
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private arrived(event: RTCTrackEvent): void {
    const stream = event.streams[0] ?? new MediaStream([event.track]);
    if (event.track.kind === "video") {
      event.track.onunmute = () => this.options.onVideo(stream);
      event.track.onmute = () => this.options.onVideo(null);
      return;
    }
    this.audio.srcObject = stream;
    void this.play();
  }

  private changed(): void {
    if (this.closed) return;
    const state = this.connection.connectionState;
    clearTimeout(this.waiting);
    if (state === "connected") {
      if (!this.isUp) this.options.onUp();
      this.isUp = true;
    } else if (state === "disconnected") this.waiting = setTimeout(() => this.lose(), DISCONNECTED_MS);
    else if (state === "failed" || state === "closed") this.lose();
    else if (!this.isUp) this.waiting = setTimeout(() => !this.isUp && this.lose(), CONNECT_MS);
  }

  private lose(goodbye = false): void {
    if (!this.closed) this.options.onLost(goodbye);
  }
}
