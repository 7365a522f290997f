let context: AudioContext | null = null;

/** False while the browser holds sound back until the person touches the page. */
export function soundAllowed(): boolean {
  context ??= new AudioContext();
  return context.state === "running";
}

export async function allowSound(): Promise<boolean> {
  context ??= new AudioContext();
  await context.resume().catch(() => {});
  return context.state === "running";
}

function tone(at: number, frequency: number, seconds: number, volume: number): void {
  const oscillator = context!.createOscillator();
  const gain = context!.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + seconds);
  oscillator.connect(gain).connect(context!.destination);
  oscillator.start(at);
  oscillator.stop(at + seconds);
}

/** Two rising tones for an offered contact. */
export function ring(): void {
  if (!soundAllowed()) return;
  const now = context!.currentTime;
  tone(now, 660, 0.35, 0.25);
  tone(now + 0.2, 880, 0.5, 0.25);
}

/** One soft tone for a message in a chat that is not in front. */
export function ping(): void {
  if (soundAllowed()) tone(context!.currentTime, 1040, 0.2, 0.12);
}
