import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { peaks, type Clip, lengthOf } from "./clip";

const STEP = 0.1;
const LEAST = 0.05;
const HEIGHT = 96;

export interface Selection {
  from: number;
  to: number;
}

interface Props {
  clip: Clip;
  label: string;
  /** The part between the two handles, in seconds; without `onSelect` there are no handles. */
  selection?: Selection;
  onSelect?: (selection: Selection) => void;
  startLabel?: string;
  endLabel?: string;
  /** Where it is being played, in seconds. */
  position?: number | null;
}

/** A picture of a sound, with handles that choose a part of it; they take the arrow keys as well. */
export function Waveform({ clip, label, selection, onSelect, startLabel = "", endLabel = "", position = null }: Props): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const length = lengthOf(clip) || 1;
  const chosen = selection ?? { from: 0, to: length };
  const share = (seconds: number): string => `${(100 * seconds) / length}%`;

  useEffect(() => {
    const draw = (): void => {
      if (canvas.current) paint(canvas.current, clip.samples);
    };
    draw();
    const watcher = new ResizeObserver(draw);
    if (frame.current) watcher.observe(frame.current);
    return () => watcher.disconnect();
  }, [clip]);

  const move = (end: keyof Selection, seconds: number): void => {
    const to = Math.max(0, Math.min(length, seconds));
    onSelect?.(end === "from" ? { from: Math.min(to, chosen.to - LEAST), to: chosen.to } : { from: chosen.from, to: Math.max(to, chosen.from + LEAST) });
  };
  const handle = (end: keyof Selection, name: string): ReactNode => (
    <div
      role="slider"
      tabIndex={0}
      className="waveform-handle"
      style={{ insetInlineStart: share(chosen[end]) }}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={Number(length.toFixed(2))}
      aria-valuenow={Number(chosen[end].toFixed(2))}
      aria-valuetext={`${chosen[end].toFixed(2)} s`}
      onKeyDown={(event: KeyboardEvent) => {
        const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
        if (event.key === "Home") move(end, 0);
        else if (event.key === "End") move(end, length);
        else if (steps) move(end, chosen[end] + steps * STEP);
        else return;
        event.preventDefault();
      }}
      onPointerDown={(event: PointerEvent) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event: PointerEvent) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId) || !frame.current) return;
        const { left, width } = frame.current.getBoundingClientRect();
        move(end, ((event.clientX - left) / width) * length);
      }}
    />
  );

  return (
    <div ref={frame} className="waveform" role="group" aria-label={label}>
      <canvas ref={canvas} height={HEIGHT} aria-hidden="true" />
      {onSelect && (
        <>
          <div className="waveform-outside" style={{ insetInlineStart: 0, width: share(chosen.from) }} />
          <div className="waveform-outside" style={{ insetInlineStart: share(chosen.to), insetInlineEnd: 0 }} />
          {handle("from", startLabel)}
          {handle("to", endLabel)}
        </>
      )}
      {position !== null && <div className="waveform-position" style={{ insetInlineStart: share(position) }} />}
    </div>
  );
}

function paint(canvas: HTMLCanvasElement, samples: Float32Array): void {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.parentElement?.clientWidth ?? 0;
  canvas.width = width * ratio;
  canvas.height = HEIGHT * ratio;
  const context = canvas.getContext("2d");
  if (!context || !width) return;
  context.fillStyle = getComputedStyle(canvas).color;
  const found = peaks(samples, Math.max(1, Math.floor(width / 3)));
  found.forEach((peak, at) => {
    const tall = Math.max(1, Math.min(1, peak) * HEIGHT) * ratio;
    context.fillRect(at * 3 * ratio, (canvas.height - tall) / 2, 2 * ratio, tall);
  });
}
