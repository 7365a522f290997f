import { addressesOf } from "../shared/voice/link";
import { judge } from "../shared/voice/quality";
import { pause, round, type CheckResult } from "./results";

const TONE_HZ = 700;
const CONNECT_MS = 10_000;
const MEASURE_MS = 6000;
const RESUME_MS = 500;
const SETTLE_MS = 1500;
const TONE_DB = -70;
const LOSS_WARN = 0.01;
const LOSS_FAIL = 0.05;
const JITTER_WARN_MS = 30;

interface Counters {
  received: number;
  lost: number;
  jitterMs: number;
  lostUp: number;
  jitterUpMs: number;
  roundTripMs: number;
  bufferMs: number;
  path: string;
}

/**
 * Sends a tone to a leg of the media plane that says it back, and measures both ways (DESK-166). It needs no microphone.
 * Raises what `exchange` raises.
 */
export async function testMedia(exchange: (offer: string) => Promise<string>): Promise<CheckResult> {
  const context = new AudioContext();
  const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  try {
    await Promise.race([context.resume(), pause(RESUME_MS)]); // held back until a click unless the page listens
    const analyser = listen(context, connection);
    send(context, connection);
    await connection.setLocalDescription();
    await gathered(connection);
    await connection.setRemoteDescription({ type: "answer", sdp: await exchange(connection.localDescription!.sdp) });
    if (!(await connected(connection))) return { id: "media", target: addressesOf(connection), outcome: "fail", finding: "media.blocked", detail: `${connection.iceConnectionState}, ${connection.connectionState}` };
    await pause(SETTLE_MS);
    const before = await counters(connection);
    await pause(MEASURE_MS);
    return resultOf(before, await counters(connection), toneHeard(context, analyser));
  } finally {
    connection.close();
    await context.close();
  }
}

function resultOf(before: Counters, after: Counters, heard: boolean): CheckResult {
  const received = after.received - before.received;
  const lost = Math.max(0, after.lost - before.lost);
  const down = received + lost > 0 ? lost / (received + lost) : 1;
  const quality = judge({ received, lost, jitter: after.jitterMs / 1000, roundTrip: after.roundTripMs / 1000, bufferDelay: after.bufferMs / 1000 });
  const worst = Math.max(down, after.lostUp);
  const jittery = Math.max(after.jitterMs, after.jitterUpMs) > JITTER_WARN_MS;
  const outcome = received === 0 || worst > LOSS_FAIL ? "fail" : !heard || worst > LOSS_WARN || jittery ? "warn" : "pass";
  return {
    id: "media",
    target: after.path,
    outcome,
    finding: received === 0 ? "media.silent" : outcome === "pass" ? "media.good" : worst > LOSS_WARN ? "media.loss" : jittery ? "media.jitter" : "media.noEcho",
    latencyMs: round(after.roundTripMs),
    figures: {
      lossDown: down,
      lossUp: after.lostUp,
      jitterDownMs: round(after.jitterMs),
      jitterUpMs: round(after.jitterUpMs),
      score: round(quality.score),
    },
  };
}

function send(context: AudioContext, connection: RTCPeerConnection): void {
  const out = context.createMediaStreamDestination();
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = TONE_HZ;
  gain.gain.value = 0.3;
  oscillator.connect(gain).connect(out);
  oscillator.start();
  connection.addTrack(out.stream.getAudioTracks()[0]!, out.stream);
}

function listen(context: AudioContext, connection: RTCPeerConnection): AnalyserNode {
  const analyser = context.createAnalyser();
  analyser.fftSize = 4096;
  connection.ontrack = (event) => {
    const stream = new MediaStream([event.track]);
    // Chromium hands sound to the graph only while an element plays it.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    void element.play().catch(() => {});
    context.createMediaStreamSource(stream).connect(analyser);
  };
  return analyser;
}

function toneHeard(context: AudioContext, analyser: AnalyserNode): boolean {
  if (context.state !== "running") return true; // held back by the browser; the counters tell enough
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const at = Math.round((TONE_HZ * analyser.fftSize) / context.sampleRate);
  return Math.max(...bins.slice(at - 2, at + 3)) > TONE_DB;
}

async function counters(connection: RTCPeerConnection): Promise<Counters> {
  const found: Counters = { received: 0, lost: 0, jitterMs: 0, lostUp: 0, jitterUpMs: 0, roundTripMs: 0, bufferMs: 0, path: "" };
  const report = (await connection.getStats()) as unknown as Map<string, Record<string, unknown>>;
  const number = (stat: Record<string, unknown>, name: string): number => (typeof stat[name] === "number" ? (stat[name] as number) : 0);
  for (const stat of report.values()) {
    if (stat["type"] === "inbound-rtp") {
      found.received = number(stat, "packetsReceived");
      found.lost = number(stat, "packetsLost");
      found.jitterMs = number(stat, "jitter") * 1000;
      found.bufferMs = (number(stat, "jitterBufferDelay") / Math.max(1, number(stat, "jitterBufferEmittedCount"))) * 1000;
    } else if (stat["type"] === "remote-inbound-rtp") {
      found.lostUp = Math.max(0, number(stat, "fractionLost"));
      found.jitterUpMs = number(stat, "jitter") * 1000;
    } else if (stat["type"] === "candidate-pair" && stat["nominated"] === true) {
      found.roundTripMs = number(stat, "currentRoundTripTime") * 1000;
      const remote = report.get(String(stat["remoteCandidateId"]));
      if (remote) found.path = `${String(remote["protocol"] ?? "udp").toUpperCase()} ${String(remote["address"] ?? "")}:${String(remote["port"] ?? "")}`;
    }
  }
  return found;
}

async function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === "complete") return;
  await Promise.race([pause(SETTLE_MS), new Promise<void>((resolve) => connection.addEventListener("icegatheringstatechange", () => connection.iceGatheringState === "complete" && resolve()))]);
}

async function connected(connection: RTCPeerConnection): Promise<boolean> {
  const until = performance.now() + CONNECT_MS;
  while (performance.now() < until) {
    if (connection.connectionState === "connected") return true;
    if (connection.connectionState === "failed") return false;
    await pause(100);
  }
  return false;
}
