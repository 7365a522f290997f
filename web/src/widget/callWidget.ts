import { joinCall, type StartedCall } from "../calls/service";
import type { CallView, WebCall } from "../calls/webCall";
import { listDevices, outputsCanBeChosen } from "../shared/voice/devices";
import { escapeHtml } from "../shared/markdown";
import { callIcons, callStyle } from "./callStyle";
import { callTexts } from "./callTexts";
import { icons, style } from "./style";
import { fill, type WidgetLanguage } from "./texts";

export interface CallWidgetOptions {
  /** Starts a call, usually through the site's own back end (`StartWebRTCContact`). */
  start: (video: boolean) => Promise<StartedCall>;
  language: WidgetLanguage;
  /** Offer video calls besides. */
  video?: boolean;
  title?: string;
  /** Origin of the contact centre; empty for the page's own. */
  origin?: string;
  /** Name of the session storage entry that lets a call go on after the page is loaded again. */
  storageKey?: string;
}

interface Kept {
  call: Pick<StartedCall, "ConnectionData">;
  video: boolean;
  at: number;
}

const KEYS = "123456789*0#";
const KEEP_MS = 60_000;

/** The customer's telephone: a floating button and a panel, inside a shadow root of its own (CHAT-02, CHAT-03, CHAT-05). */
export class CallWidget {
  private readonly root: ShadowRoot;
  private readonly host = document.createElement("div");
  private readonly text: (typeof callTexts)["en"];
  private call: WebCall | null = null;
  private withVideo = false;
  private problem = "";
  private keepable: Kept | null = null;
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(private options: CallWidgetOptions) {
    this.text = callTexts[options.language];
    this.root = this.host.attachShadow({ mode: "open" });
    this.host.id = "switchroom-call";
    document.body.append(this.host);
    this.build();
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("click", () => this.place());
    const kept = this.kept();
    if (kept) {
      this.toggle(true);
      this.join(kept.call, kept.video, true);
    }
  }

  private part<Kind extends HTMLElement>(selector: string): Kind {
    return this.root.querySelector<Kind>(selector)!;
  }

  private build(): void {
    const t = this.text;
    const title = escapeHtml(this.options.title ?? t.title);
    const keys = [...KEYS].map((key) => `<button data-key="${key}">${key}</button>`).join("");
    this.root.innerHTML = `<style>${style}${callStyle}</style>
      <div class="panel call" role="dialog" aria-label="${title}" hidden>
        <header><h2>${title}</h2><button class="minimise" aria-label="${t.minimise}">${icons.minimise}</button></header>
        <div class="stage"><video class="remote" aria-label="${t.other}" autoplay playsinline muted hidden></video>
          <div class="info"><p class="state" role="status"></p><span class="time"></span><span class="quality" hidden></span></div>
          <p class="problem" role="alert"></p>
          <div class="starts"><p class="intro">${t.intro}</p><button class="primary voice">${t.voice}</button>
            <button class="primary second video"${this.options.video ? "" : " hidden"}>${t.video}</button>
            <button class="primary retry" hidden>${t.retry}</button></div>
          <button class="primary sound" hidden>${t.sound}</button>
          <video class="own" aria-label="${t.own}" autoplay playsinline muted hidden></video></div>
        <div class="keys" role="group" aria-label="${t.keypad}" hidden>${keys}</div>
        <div class="devices" hidden><label>${t.microphone}<select class="inputs"></select></label>
          <label class="outputs-label">${t.speaker}<select class="outputs"></select></label></div>
        <div class="tools" hidden>
          <button class="mute" aria-pressed="false" aria-label="${t.mute}">${callIcons.microphone}</button>
          <button class="camera" aria-pressed="false" aria-label="${t.cameraOn}">${callIcons.camera}</button>
          <button class="pad" aria-pressed="false" aria-label="${t.keypad}">${callIcons.keypad}</button>
          <button class="choose" aria-pressed="false" aria-label="${t.settings}">${callIcons.settings}</button>
          <button class="leave" aria-label="${t.hangUp}">${callIcons.leave}</button></div>
      </div>
      <button class="bubble call" aria-label="${t.open}" aria-expanded="false">${callIcons.phone}</button>`;
    this.wire();
    this.draw();
  }

  private wire(): void {
    const on = (selector: string, act: () => unknown): void => {
      this.part(selector).onclick = () => void act();
    };
    on(".bubble", () => this.toggle(Boolean(this.part(".panel").hidden)));
    on(".minimise", () => this.toggle(false));
    on(".voice", () => this.start(false));
    on(".video:not(video)", () => this.start(true));
    on(".retry", () => this.call?.start());
    on(".sound", () => this.call?.play());
    on(".leave", () => this.call?.end());
    on(".mute", () => this.call?.mute(!this.call.current().muted));
    on(".camera", () => this.call?.camera(!this.call.current().cameraOn));
    on(".pad", () => this.fold(".pad", ".keys"));
    on(".choose", () => {
      if (this.fold(".choose", ".devices")) void this.listDevices();
    });
    this.part(".keys").onclick = (event) => {
      const key = (event.target as HTMLElement).dataset["key"];
      if (key) void this.call?.press(key).catch(() => {});
    };
    this.part<HTMLSelectElement>(".inputs").onchange = (event) => void this.call?.chooseMicrophone((event.target as HTMLSelectElement).value).catch(() => {});
    this.part<HTMLSelectElement>(".outputs").onchange = (event) => void this.call?.chooseSpeaker((event.target as HTMLSelectElement).value);
    this.part(".panel").onkeydown = (event) => {
      if (event.key === "Escape") this.toggle(false);
    };
  }

  private fold(button: string, area: string): boolean {
    const shown = Boolean(this.part(area).hidden);
    this.part(area).hidden = !shown;
    this.part(button).setAttribute("aria-pressed", String(shown));
    return shown;
  }

  private async listDevices(): Promise<void> {
    const options = (devices: MediaDeviceInfo[]): HTMLOptionElement[] => [
      new Option(this.text.standard, ""),
      ...devices.map((device) => new Option(device.label, device.deviceId)),
    ];
    this.part(".inputs").replaceChildren(...options(await listDevices("audioinput")));
    this.part(".outputs").replaceChildren(...options(await listDevices("audiooutput")));
    this.part(".outputs-label").hidden = !outputsCanBeChosen();
  }

  /** Open or close the panel; the call goes on meanwhile. */
  toggle(shown: boolean): void {
    this.part(".panel").hidden = !shown;
    this.part(".bubble").setAttribute("aria-expanded", String(shown));
    this.place();
    if (shown) this.part<HTMLElement>(this.busy() ? ".mute" : ".voice").focus();
  }

  /** Beside the chat's panel while that is open and there is room. */
  private place(): void {
    const chat = document.getElementById("switchroom-chat")?.shadowRoot?.querySelector<HTMLElement>(".panel");
    this.part(".panel").classList.toggle("beside", chat?.hidden === false && innerWidth >= 840);
  }

  /** The options of the next call. */
  change(options: Partial<CallWidgetOptions>): void {
    this.options = { ...this.options, ...options };
  }

  private busy(): boolean {
    return ["connecting", "connected", "reconnecting"].includes(this.call?.current().state ?? "");
  }

  private async start(video: boolean): Promise<void> {
    if (this.busy()) return;
    this.problem = "";
    try {
      this.join(await this.options.start(video), video, false);
    } catch (error) {
      this.problem = fill(this.text.startFailed, { reason: error instanceof Error ? error.message : String(error) });
      this.draw();
    }
  }

  private join(started: Pick<StartedCall, "ConnectionData">, video: boolean, again: boolean): void {
    this.call?.dispose();
    this.withVideo = video;
    const call = joinCall(started, this.options.origin ?? "", { video });
    this.call = call;
    this.keepable = { call: { ConnectionData: started.ConnectionData }, video, at: 0 };
    call.subscribe(() => this.draw());
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.drawTime(), 1000);
    void call.start(again);
    this.draw();
  }

  private get storage(): string {
    return this.options.storageKey ?? "switchroom-call";
  }

  /** The page goes away: remember the call for as long as the centre does. */
  private keep(): void {
    if (this.busy() && this.keepable) sessionStorage.setItem(this.storage, JSON.stringify({ ...this.keepable, at: Date.now() }));
  }

  private kept(): Kept | null {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.storage) ?? "null") as Kept | null;
      sessionStorage.removeItem(this.storage);
      return kept && Date.now() - kept.at < KEEP_MS ? kept : null;
    } catch {
      return null;
    }
  }

  private draw(): void {
    const t = this.text;
    const view = this.call?.current();
    const state = view?.state ?? "idle";
    const busy = this.busy();
    this.part(".bubble").classList.toggle("busy", busy);
    this.part(".state").textContent = t.state[state];
    this.part(".problem").textContent = this.problemOf(view);
    this.part(".starts").hidden = busy;
    this.part(".intro").hidden = state !== "idle";
    this.part(".voice").textContent = state === "ended" ? t.again : t.voice;
    this.part(".retry").hidden = !view?.fault;
    this.part(".voice").hidden = Boolean(view?.fault);
    this.part(".sound").hidden = !view?.soundBlocked;
    this.part(".tools").hidden = !busy;
    if (!busy) for (const area of [".keys", ".devices"]) this.part(area).hidden = true;
    this.part(".camera").hidden = !this.withVideo;
    this.press(".mute", view?.muted === true, view?.muted ? t.unmute : t.mute);
    this.press(".camera", view?.cameraOn === true, view?.cameraOn ? t.cameraOff : t.cameraOn);
    const quality = this.part(".quality");
    quality.hidden = !view?.quality;
    quality.className = `quality ${view?.quality?.verdict ?? ""}`;
    quality.textContent = view?.quality ? t.quality[view.quality.verdict] : "";
    this.show(".remote", view?.remoteVideo ?? null);
    this.show("video.own", view?.localVideo ?? null);
    this.part(".stage").classList.toggle("seen", Boolean(view?.remoteVideo));
    this.drawTime();
    if (state === "ended" || state === "failed") clearInterval(this.ticking);
  }

  private problemOf(view: CallView | undefined): string {
    if (view?.fault) return this.text.fault[view.fault];
    if (view?.cameraFault) return this.text.noCamera;
    return view?.state === "failed" ? view.trouble : this.problem;
  }

  private press(selector: string, pressed: boolean, label: string): void {
    this.part(selector).setAttribute("aria-pressed", String(pressed));
    this.part(selector).setAttribute("aria-label", label);
  }

  private show(selector: string, stream: MediaStream | null): void {
    const video = this.part<HTMLVideoElement>(selector);
    if (video.srcObject !== stream) video.srcObject = stream;
    video.hidden = !stream;
  }

  private drawTime(): void {
    const view = this.call?.current();
    const since = this.busy() ? view?.since : null;
    const seconds = since ? Math.floor((Date.now() - since) / 1000) : 0;
    this.part(".time").textContent = since ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
  }

  destroy(): void {
    clearInterval(this.ticking);
    this.call?.dispose();
    this.host.remove();
  }
}
