import { switchroom } from "../api";
import { ServiceError, setCsrfToken } from "../api/client";
import { openMicrophone, storedDevices } from "../shared/voice/devices";
import { faultOf, missingSupport } from "../shared/voice/faults";
import { LevelMeter } from "../shared/voice/levels";
import { playTestTone } from "../shared/voice/testTone";
import { testMedia } from "./mediaPath";
import { isAddress, type Options } from "./options";
import { median, pause, round, unevenness, type CheckResult } from "./results";

const SAMPLES = 6;
const NEAR_MS = 200;
const FAR_MS = 400;
const LISTEN_MS = 2500;
const AUDIBLE = 0.25;
const WITHIN_MS = 8000;
const FULL_RATE = 48_000;

export type Progress = (level: number | null) => void;

/** The checks in their order; each gives one result or several. */
export const RUNS: ((options: Options, progress: Progress) => Promise<CheckResult[]>)[] = [
  async () => [browser()],
  async (_, progress) => [await microphone(progress)],
  async () => [await speaker()],
  async () => [await latency("site", `${location.origin}/health`, location.host)],
  async (options) => (options.instance ? [await latency("instance", options.instance, new URL(options.instance).host)] : []),
  async (options) => Promise.all(options.regions.map(region)),
  async () => [await socket()],
  async () => [await media()],
];

/** An open microphone: while a page listens the browser lets it play sounds that nobody clicked for. */
let held: MediaStream | null = null;

/** Let go of what the checks have opened. */
export function release(): void {
  held?.getTracks().forEach((track) => track.stop());
  held = null;
}

function browser(): CheckResult {
  const fault = missingSupport();
  const version = /(Firefox|Edg|Chrome)\/(\d+)/.exec(navigator.userAgent);
  const target = version ? `${version[1] === "Edg" ? "Edge" : version[1]} ${version[2]}` : navigator.userAgent;
  if (fault) return { id: "browser", target, outcome: "fail", finding: fault === "insecure" ? "browser.insecure" : "browser.noWebRtc" };
  if (!version || /Mobile|Android|iPad|iPhone/.test(navigator.userAgent)) return { id: "browser", target, outcome: "warn", finding: "browser.unsupported" };
  return { id: "browser", target, outcome: "pass", finding: "browser.good" };
}

async function microphone(progress: Progress): Promise<CheckResult> {
  let stream: MediaStream;
  try {
    stream = await openMicrophone(storedDevices().microphone);
  } catch (error) {
    return { id: "microphone", outcome: "fail", finding: `microphone.${await faultOf(error)}`, detail: error instanceof Error ? error.message : "" };
  }
  held = stream.clone();
  let loudest = 0;
  const meter = new LevelMeter(stream, (level) => {
    loudest = Math.max(loudest, level);
    progress(level);
  });
  await pause(LISTEN_MS);
  const found: CheckResult = { id: "microphone", target: stream.getAudioTracks()[0]?.label ?? "", outcome: "pass", finding: "microphone.good", figures: { level: loudest, sampleRate: meter.sampleRate } };
  meter.close();
  progress(null);
  if (loudest < AUDIBLE) return { ...found, outcome: "warn", finding: "microphone.silent" };
  return found.figures!["sampleRate"]! < FULL_RATE ? { ...found, finding: "microphone.lowRate" } : found;
}

async function speaker(): Promise<CheckResult> {
  const played = await Promise.race([playTestTone(storedDevices().speaker), pause(WITHIN_MS).then(() => false)]);
  return played ? { id: "speaker", outcome: "pass", finding: "speaker.good" } : { id: "speaker", outcome: "warn", finding: "speaker.blocked" };
}

async function latency(id: "site" | "instance" | "regions", address: string, target: string): Promise<CheckResult> {
  const times: number[] = [];
  try {
    for (let index = 0; index <= SAMPLES; index += 1) {
      const started = performance.now();
      await fetch(address, { cache: "no-store", mode: "no-cors", credentials: "omit", signal: AbortSignal.timeout(WITHIN_MS) });
      if (index > 0) times.push(performance.now() - started); // the first one opens the connection
    }
  } catch (error) {
    return { id, target, outcome: "fail", finding: "latency.unreachable", detail: error instanceof Error ? error.message : "" };
  }
  const latencyMs = round(median(times));
  const outcome = latencyMs > FAR_MS ? "fail" : latencyMs > NEAR_MS ? "warn" : "pass";
  return { id, target, outcome, finding: outcome === "pass" ? "latency.good" : "latency.slow", latencyMs, figures: { jitterMs: round(unevenness(times)) } };
}

async function region(code: string): Promise<CheckResult> {
  if (isAddress(code)) return latency("regions", code, new URL(code).host);
  const own = await ownRegion();
  if (own === code) return latency("regions", `${location.origin}/health`, code);
  return { id: "regions", target: code, outcome: "skipped", finding: "regions.unknown" };
}

async function ownRegion(): Promise<string | null> {
  const session = await switchroom("GetSession", {}).catch(() => null);
  return session?.Instance.Arn?.split(":")[3] ?? null;
}

async function socket(): Promise<CheckResult> {
  const target = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;
  if (!(await signedIn())) return { id: "socket", target, outcome: "skipped", finding: "signIn" };
  const started = performance.now();
  const opened = await new Promise<boolean>((resolve) => {
    const attempt = new WebSocket(`${target}/switchroom/agent/ws`);
    const end = (open: boolean): void => {
      attempt.close();
      resolve(open);
    };
    attempt.onopen = () => end(true);
    attempt.onerror = () => end(false);
    setTimeout(() => end(false), WITHIN_MS);
  });
  return opened
    ? { id: "socket", target, outcome: "pass", finding: "socket.good", latencyMs: round(performance.now() - started) }
    : { id: "socket", target, outcome: "fail", finding: "socket.blocked" };
}

async function media(): Promise<CheckResult> {
  if (!(await signedIn())) return { id: "media", outcome: "skipped", finding: "signIn" };
  if (missingSupport()) return { id: "media", outcome: "skipped", finding: "browser.noWebRtc" };
  try {
    return await testMedia(async (Offer) => (await switchroom("JoinEchoTest", { Offer })).Answer);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const refused = error instanceof ServiceError && error.code === "AccessDeniedException";
    return { id: "media", outcome: refused ? "skipped" : "fail", finding: refused ? "media.notAllowed" : "media.noService", detail };
  }
}

async function signedIn(): Promise<boolean> {
  return switchroom("GetSession", {}).then(
    (session) => {
      setCsrfToken(session.CsrfToken);
      return true;
    },
    () => false,
  );
}
