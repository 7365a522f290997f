/** Sound in memory: one channel of samples between -1 and 1. */
export interface Clip {
  samples: Float32Array;
  /** Samples a second. */
  rate: number;
}

/** Enough for a telephone, which carries half of it. */
export const CLIP_RATE = 16_000;

export function lengthOf(clip: Clip): number {
  return clip.samples.length / clip.rate;
}

/** The sound of any file the browser can play. Rejects for one it cannot. */
export async function decode(data: ArrayBuffer): Promise<Clip> {
  const context = new OfflineAudioContext(1, 1, CLIP_RATE);
  const decoded = await context.decodeAudioData(data);
  return { samples: mixed(Array.from({ length: decoded.numberOfChannels }, (_, at) => decoded.getChannelData(at))), rate: decoded.sampleRate };
}

/** Several channels as one. */
export function mixed(channels: Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels;
  if (channels.length < 2) return first;
  return first.map((_, at) => channels.reduce((sum, channel) => sum + channel[at]!, 0) / channels.length);
}

/** The part between two moments, in seconds. */
export function cropped(clip: Clip, from: number, to: number): Clip {
  return { ...clip, samples: clip.samples.slice(Math.round(from * clip.rate), Math.round(to * clip.rate)) };
}

/** A WAV file of 16 bits. */
export function toWav(clip: Clip): Blob {
  const bytes = new ArrayBuffer(44 + 2 * clip.samples.length);
  const view = new DataView(bytes);
  const text = (at: number, word: string): void => [...word].forEach((letter, place) => view.setUint8(at + place, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, bytes.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, clip.rate, true);
  view.setUint32(28, 2 * clip.rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * clip.samples.length, true);
  clip.samples.forEach((sample, at) => view.setInt16(44 + 2 * at, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true));
  return new Blob([bytes], { type: "audio/wav" });
}

/** The loudest sample in each of `count` equal parts. */
export function peaks(samples: Float32Array, count: number): number[] {
  const step = samples.length / count;
  return Array.from({ length: count }, (_, part) => {
    let most = 0;
    for (let at = Math.floor(part * step); at < Math.floor((part + 1) * step); at++) most = Math.max(most, Math.abs(samples[at]!));
    return most;
  });
}

/** Plays the part between two moments; returns what stops it. `onEnd` is called once, when it has ended or was stopped. */
export function playClip(clip: Clip, from: number, to: number, onProgress: (at: number) => void, onEnd: () => void): () => void {
  const context = new AudioContext();
  const buffer = context.createBuffer(1, Math.max(1, clip.samples.length), clip.rate);
  buffer.getChannelData(0).set(clip.samples);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  const began = context.currentTime;
  const timer = setInterval(() => onProgress(Math.min(to, from + context.currentTime - began)), 50);
  source.onended = () => {
    clearInterval(timer);
    void context.close();
    onEnd();
  };
  source.start(0, from, Math.max(0, to - from));
  return () => source.stop();
}
