import { listDevices } from "../shared/voice/devices";
import { joinCall, type StartedCall } from "./service";
import type { CallView, WebCall } from "./webCall";

/** `ConnectionData.Meeting` of `StartWebRTCContact`. */
export interface Meeting {
  MeetingId?: string;
  MediaPlacement?: { SignalingUrl?: string };
}

/** Classes and methods under the names of the public media client, for pages that were written for it (CHAT-05, CHAT-06). */
export class MeetingSessionConfiguration {
  constructor(
    readonly meeting: Meeting,
    readonly attendee: NonNullable<StartedCall["ConnectionData"]["Attendee"]>,
  ) {}

  /** Origin of the contact centre. */
  get origin(): string {
    const url = this.meeting.MediaPlacement?.SignalingUrl;
    return url ? new URL(url).origin : "";
  }
}

export interface AudioVideoObserver {
  audioVideoDidStartConnecting?: (reconnecting: boolean) => void;
  audioVideoDidStart?: () => void;
  audioVideoDidStop?: (status: { state: string }) => void;
  videoTileDidUpdate?: (tile: VideoTileState) => void;
  videoTileWasRemoved?: (tileId: number) => void;
}

export interface VideoTileState {
  tileId: number;
  localTile: boolean;
  active: boolean;
  boundVideoStream: MediaStream | null;
}

const LOCAL_TILE = 1;
const REMOTE_TILE = 2;

/** Sound and pictures of the call; `call` has everything this has no name for. */
export class AudioVideo {
  private readonly observers = new Set<AudioVideoObserver>();
  private readonly elements = new Map<number, HTMLVideoElement>();
  private shown: CallView;

  constructor(readonly call: WebCall) {
    this.shown = call.current();
    call.subscribe(() => this.changed());
  }

  addObserver(observer: AudioVideoObserver): void {
    this.observers.add(observer);
  }

  removeObserver(observer: AudioVideoObserver): void {
    this.observers.delete(observer);
  }

  start(): void {
    void this.call.start();
  }

  stop(): void {
    void this.call.end();
  }

  realtimeMuteLocalAudio(): void {
    this.call.mute(true);
  }

  realtimeUnmuteLocalAudio(): boolean {
    this.call.mute(false);
    return true;
  }

  realtimeIsLocalAudioMuted(): boolean {
    return this.call.current().muted;
  }

  listAudioInputDevices(): Promise<MediaDeviceInfo[]> {
    return listDevices("audioinput");
  }

  listAudioOutputDevices(): Promise<MediaDeviceInfo[]> {
    return listDevices("audiooutput");
  }

  startAudioInput(deviceId: string): Promise<void> {
    return this.call.chooseMicrophone(deviceId);
  }

  chooseAudioOutput(deviceId: string | null): Promise<void> {
    return this.call.chooseSpeaker(deviceId ?? "");
  }

  /** The sound has an element of its own; this lets it out where the browser held it back. */
  async bindAudioElement(): Promise<void> {
    await this.call.play();
  }

  startLocalVideoTile(): number {
    void this.call.camera(true);
    return LOCAL_TILE;
  }

  stopLocalVideoTile(): void {
    void this.call.camera(false);
  }

  bindVideoElement(tileId: number, element: HTMLVideoElement): void {
    this.elements.set(tileId, element);
    element.srcObject = this.streamOf(tileId);
  }

  unbindVideoElement(tileId: number): void {
    const element = this.elements.get(tileId);
    if (element) element.srcObject = null;
    this.elements.delete(tileId);
  }

  private streamOf(tileId: number): MediaStream | null {
    const view = this.call.current();
    return tileId === LOCAL_TILE ? view.localVideo : view.remoteVideo;
  }

  private tell(act: (observer: AudioVideoObserver) => void): void {
    for (const observer of [...this.observers]) act(observer);
  }

  private changed(): void {
    const before = this.shown;
    const view = (this.shown = this.call.current());
    if (view.state !== before.state) {
      if (view.state === "connecting") this.tell((one) => one.audioVideoDidStartConnecting?.(false));
      if (view.state === "reconnecting") this.tell((one) => one.audioVideoDidStartConnecting?.(true));
      if (view.state === "connected") this.tell((one) => one.audioVideoDidStart?.());
      if (view.state === "ended" || view.state === "failed") this.tell((one) => one.audioVideoDidStop?.({ state: view.state }));
    }
    this.tile(LOCAL_TILE, before.localVideo, view.localVideo);
    this.tile(REMOTE_TILE, before.remoteVideo, view.remoteVideo);
  }

  private tile(tileId: number, before: MediaStream | null, now: MediaStream | null): void {
    if (before === now) return;
    const element = this.elements.get(tileId);
    if (element) element.srcObject = now;
    if (now) this.tell((one) => one.videoTileDidUpdate?.({ tileId, localTile: tileId === LOCAL_TILE, active: true, boundVideoStream: now }));
    else this.tell((one) => one.videoTileWasRemoved?.(tileId));
  }
}

/** A session made of what `StartWebRTCContact` answered. `video`: pictures may go both ways. */
export class DefaultMeetingSession {
  readonly audioVideo: AudioVideo;

  constructor(readonly configuration: MeetingSessionConfiguration, options: { video?: boolean } = {}) {
    const started = { ConnectionData: { Attendee: configuration.attendee } };
    this.audioVideo = new AudioVideo(joinCall(started, configuration.origin, { video: options.video ?? true }));
  }
}
