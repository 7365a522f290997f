const RATE = 16_000;
const NOTES = [523.25, 659.25, 783.99];
const NOTE_SECONDS = 0.35;

function wave(): Blob {
  const length = Math.floor(NOTES.length * NOTE_SECONDS * RATE);
  const view = new DataView(new ArrayBuffer(44 + length * 2));
  const text = (at: number, value: string): void => [...value].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + length * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, length * 2, true);
  for (let index = 0; index < length; index += 1) {
    const seconds = index / RATE;
    const inNote = (seconds % NOTE_SECONDS) / NOTE_SECONDS;
    const value = Math.sin(2 * Math.PI * NOTES[Math.floor(seconds / NOTE_SECONDS)]! * seconds) * Math.sin(Math.PI * inNote);
    view.setInt16(44 + index * 2, value * 12_000, true);
  }
  return new Blob([view.buffer], { type: "audio/wav" });
}

/** Three rising notes out of a speaker; false if the browser would not play them. */
export async function playTestTone(speaker: string): Promise<boolean> {
  const url = URL.createObjectURL(wave());
  const audio = new Audio(url) as HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };
  try {
    await audio.setSinkId?.(speaker).catch(() => {});
    await audio.play();
    await new Promise((resolve) => (audio.onended = resolve));
    return true;
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(url);
  }
}
