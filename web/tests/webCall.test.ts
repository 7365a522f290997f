import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ServiceError } from "../src/api/client";
import { WebCall, type CallView } from "../src/calls/webCall";

/** A browser without a network: connections gather at once and then do what the test says. */
class Connection extends EventTarget {
  static made: Connection[] = [];
  iceGatheringState = "complete";
  connectionState = "new";
  localDescription = { sdp: "v=0 offer" };
  onconnectionstatechange: () => void = () => {};
  ontrack: () => void = () => {};
  constructor() {
    super();
    Connection.made.push(this);
  }
  addTrack = (): object => ({ transport: null, replaceTrack: async () => {} });
  addTransceiver = (): object => ({ sender: { replaceTrack: async () => {} } });
  setLocalDescription = async (): Promise<void> => {};
  setRemoteDescription = async (): Promise<void> => {};
  getStats = async (): Promise<Map<string, object>> => new Map();
  close = (): void => {};
  becomes(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange();
  }
}

const track = { enabled: true, stop: () => {} };
const stream = { getAudioTracks: () => [track], getTracks: () => [track] };
let microphone: () => Promise<unknown>;

beforeEach(() => {
  vi.useFakeTimers();
  Connection.made = [];
  microphone = async () => stream;
  vi.stubGlobal("window", { isSecureContext: true });
  vi.stubGlobal("RTCPeerConnection", Connection);
  vi.stubGlobal("Audio", class { play = async (): Promise<void> => {}; srcObject = null; });
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => microphone() }, permissions: { query: async () => ({ state: "denied" }) } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function states(call: WebCall, act: () => unknown): Promise<CallView["state"][]> {
  const seen: CallView["state"][] = [];
  const stop = call.subscribe(() => {
    const { state } = call.current();
    if (seen.at(-1) !== state) seen.push(state);
  });
  await act();
  stop();
  return seen;
}

describe("a call of a web page", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "busy"],
  ])("names why there is no microphone: %s", async (name, fault) => {
    microphone = async () => Promise.reject(new DOMException("", name));
    const call = new WebCall({ exchange: async () => "" });
    await call.start();
    expect(call.current()).toMatchObject({ state: "failed", fault });
    microphone = async () => stream;
    await call.start();
    expect(call.current().fault).toBeNull();
    call.dispose();
  });

  it("comes up, and finds back after a loss with a new offer", async () => {
    const exchange = vi.fn(async () => "v=0 answer");
    const call = new WebCall({ exchange });
    expect(await states(call, async () => {
      await call.start();
      Connection.made[0]!.becomes("connected");
    })).toEqual(["connecting", "connected"]);
    expect(await states(call, async () => {
      Connection.made[0]!.becomes("failed");
      await vi.advanceTimersByTimeAsync(1000);
      Connection.made[1]!.becomes("connected");
    })).toEqual(["reconnecting", "connected"]);
    expect(exchange).toHaveBeenCalledTimes(2);
    call.dispose();
  });

  it("is over when the service knows it no more", async () => {
    const call = new WebCall({ exchange: async () => Promise.reject(new ServiceError("ResourceNotFoundException", "", 404)) });
    await call.start();
    expect(call.current().state).toBe("ended");
  });

  it("is given up a minute after the loss", async () => {
    const call = new WebCall({ exchange: async () => Promise.reject(new Error("offline")) });
    await call.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(call.current().state).toBe("connecting");
    await vi.advanceTimersByTimeAsync(35_000);
    expect(call.current()).toMatchObject({ state: "failed", trouble: "offline" });
    call.dispose();
  });

  it("stays silent while muted, also after finding back", async () => {
    const call = new WebCall({ exchange: async () => "" });
    await call.start();
    call.mute(true);
    track.enabled = true;
    Connection.made[0]!.becomes("failed");
    await vi.advanceTimersByTimeAsync(1000);
    expect([Connection.made.length, track.enabled]).toEqual([2, false]);
    call.mute(false);
    expect(track.enabled).toBe(true);
    call.dispose();
  });
});
