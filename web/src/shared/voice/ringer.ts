type SinkContext = AudioContext & { setSinkId?: (id: string) => Promise<void> };

const EVERY_MS = 3000;
let context: SinkContext | null = null;
let sink = "";

function open(): SinkContext {
  context ??= new AudioContext();
  return context;
}

/** False while the browser holds sound back until the person touches the page (DESK-177). */
export function soundAllowed(): boolean {
  return open().state === "running";
}

export async function allowSound(): Promise<boolean> {
  await open()
    .resume()
    .catch(() => {});
  return soundAllowed();
}

/** Let everything that rings come out of this device; "" is the system's default (DESK-80). */
export async function chooseRinger(id: string): Promise<void> {
  if (id === sink) return;
  try {
    await open().setSinkId?.(id);
    sink = id;
  } catch {
    await open().setSinkId?.("").catch(() => {}); // the device is gone
    sink = "";
  }
}

function tone(at: number, frequency: number, seconds: number, volume: number): void {
  const now = open();
  const oscillator = now.createOscillator();
  const gain = now.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume, at + 0.02);
  gain.gain.setValueAtTime(volume, at + seconds - 0.05);
  gain.gain.linearRampToValueAtTime(0, at + seconds);
  oscillator.connect(gain).connect(now.destination);
  oscillator.start(at);
  oscillator.stop(at + seconds);
}

/** A telephone's warble of a second. */
export function ringOnce(): void {
  if (!soundAllowed()) return;
  const start = open().currentTime;
  for (let beat = 0; beat < 12; beat += 1) tone(start + beat * 0.09, beat % 2 ? 1046 : 880, 0.085, 0.16);
}

/** Two rising tones for an offered chat or task. */
export function chimeOnce(): void {
  if (!soundAllowed()) return;
  const now = open().currentTime;
  tone(now, 660, 0.35, 0.2);
  tone(now + 0.2, 880, 0.5, 0.2);
}

/** One soft tone for a message in a chat that is not in front. */
export function ping(): void {
  if (soundAllowed()) tone(open().currentTime, 1040, 0.2, 0.1);
}

/** Rings until the returned function is called. */
export function startRinging(once: () => void = ringOnce): () => void {
  once();
  const timer = setInterval(once, EVERY_MS);
  return () => clearInterval(timer);
}
