/** Reading WAV recordings piece by piece: what the header says, and how loud each side is over time. */

export interface WaveFormat {
  channels: number;
  rate: number;
  /** Bytes of one moment, all channels. */
  width: number;
  /** Where the samples begin, and how many bytes they are. */
  start: number;
  octets: number;
}

/** The loudest sample, 0..1, of each of many equal spans, by channel. */
export type Peaks = Float32Array[];

const HEADER_BYTES = 4096;
const PIECE = 1 << 20;

/** The format of 16-bit PCM from the beginning of a file; an Error says what else it is. */
export function readFormat(head: ArrayBuffer): WaveFormat {
  const view = new DataView(head);
  const name = (at: number): string => String.fromCharCode(...new Uint8Array(head, at, 4));
  if (view.byteLength < 12 || name(0) !== "RIFF" || name(8) !== "WAVE") throw new Error("not a WAV file");
  let format: Omit<WaveFormat, "start" | "octets"> | undefined;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    if (name(at) === "fmt ") {
      if (view.getUint16(at + 8, true) !== 1 || view.getUint16(at + 22, true) !== 16) throw new Error("not 16-bit PCM");
      format = { channels: view.getUint16(at + 10, true), rate: view.getUint32(at + 12, true), width: view.getUint16(at + 20, true) };
    }
    if (name(at) === "data") {
      if (!format) break;
      return { ...format, start: at + 8, octets: size - (size % format.width) };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error("no samples");
}

export function secondsOf(format: WaveFormat): number {
  return format.octets / format.width / format.rate;
}

/** Adds samples that begin `offset` bytes behind the first one to the peaks. */
export function addPeaks(peaks: Peaks, format: WaveFormat, samples: ArrayBuffer, offset: number): void {
  const values = new Int16Array(samples, 0, Math.floor(samples.byteLength / 2));
  const moments = format.octets / format.width;
  const spans = peaks[0]!.length;
  for (let at = 0, moment = offset / format.width; at + format.channels <= values.length; at += format.channels, moment++) {
    const span = Math.min(spans - 1, Math.floor((moment * spans) / moments));
    for (let channel = 0; channel < peaks.length; channel++) {
      const loud = Math.abs(values[at + Math.min(channel, format.channels - 1)]!) / 32768;
      const lane = peaks[channel]!;
      if (loud > lane[span]!) lane[span] = loud;
    }
  }
}

/** Reads a recording in ranges, so that an hour of it is never in memory at once; `onPeaks` hears of each piece. */
export async function scan(url: string, spans: number, onFormat: (format: WaveFormat) => void, onPeaks: (peaks: Peaks) => void, signal: AbortSignal): Promise<void> {
  const range = async (first: number, last: number): Promise<ArrayBuffer> => {
    const response = await fetch(url, { headers: { Range: `bytes=${first}-${last}` }, signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.arrayBuffer();
  };
  const format = readFormat(await range(0, HEADER_BYTES - 1));
  onFormat(format);
  const peaks: Peaks = [new Float32Array(spans), new Float32Array(spans)];
  const piece = PIECE - (PIECE % format.width);
  for (let offset = 0; offset < format.octets; offset += piece) {
    const bytes = await range(format.start + offset, format.start + Math.min(offset + piece, format.octets) - 1);
    addPeaks(peaks, format, bytes, offset);
    onPeaks(peaks);
  }
}
