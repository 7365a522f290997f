import { afterEach, describe, expect, test, vi } from "vitest";
import { addPeaks, readFormat, scan, secondsOf, type Peaks } from "../src/admin/recordings/wave";

/** A stereo file as the recorder writes it: `fmt ` of 18 bytes, `fact`, `data`. */
function wav(left: number[], right: number[], format = 1): ArrayBuffer {
  const octets = left.length * 4;
  const bytes = new ArrayBuffer(58 + octets);
  const view = new DataView(bytes);
  const name = (at: number, text: string): void => [...text].forEach((one, index) => view.setUint8(at + index, one.charCodeAt(0)));
  name(0, "RIFF");
  view.setUint32(4, 50 + octets, true);
  name(8, "WAVEfmt ");
  view.setUint32(16, 18, true);
  view.setUint16(20, format, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 32000, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 16, true);
  name(38, "fact");
  view.setUint32(42, 4, true);
  view.setUint32(46, left.length, true);
  name(50, "data");
  view.setUint32(54, octets, true);
  left.forEach((value, moment) => {
    view.setInt16(58 + moment * 4, value * 32767, true);
    view.setInt16(60 + moment * 4, right[moment]! * 32767, true);
  });
  return bytes;
}

const quiet = (moments: number): number[] => Array.from({ length: moments }, () => 0);

describe("a recording's header", () => {
  test("tells where the samples are and how long they last", () => {
    const format = readFormat(wav(quiet(16000), quiet(16000)));
    expect(format).toEqual({ channels: 2, rate: 8000, width: 4, start: 58, octets: 64000 });
    expect(secondsOf(format)).toBe(2);
  });
  test("other files are refused", () => {
    expect(() => readFormat(new ArrayBuffer(100))).toThrow("not a WAV file");
    expect(() => readFormat(wav([], [], 7))).toThrow("not 16-bit PCM");
  });
});

test("each side has peaks of its own", () => {
  const left = quiet(100).map((_, moment) => (moment < 50 ? 0.5 : 0));
  const right = quiet(100).map((_, moment) => (moment < 50 ? 0 : -0.25));
  const file = wav(left, right);
  const peaks: Peaks = [new Float32Array(2), new Float32Array(2)];
  addPeaks(peaks, readFormat(file), file.slice(58), 0);
  expect(peaks.map((lane) => [...lane].map((one) => Math.round(one * 100) / 100))).toEqual([[0.5, 0], [0, 0.25]]);
});

describe("reading in ranges", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("goes through a long file piece by piece", async () => {
    const moments = 700_000;
    const left = quiet(moments);
    left[moments - 1] = 0.9;
    const file = wav(left, quiet(moments));
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (_: string, init: { headers: { Range: string } }) => {
      asked.push(init.headers.Range);
      const [first, last] = init.headers.Range.slice(6).split("-").map(Number);
      return new Response(file.slice(first, last! + 1), { status: 206 });
    });
    let newest: Peaks = [];
    await scan("/file", 10, () => {}, (peaks) => (newest = peaks), new AbortController().signal);
    expect(asked.length).toBe(1 + Math.ceil((moments * 4) / (1 << 20)));
    expect(asked[1]).toBe(`bytes=58-${58 + (1 << 20) - 1}`);
    expect(newest[0]![9]).toBeCloseTo(0.9, 3);
    expect(newest[0]![0]).toBe(0);
  });
});
