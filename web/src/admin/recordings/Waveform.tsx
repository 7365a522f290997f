import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { useI18n } from "../../i18n";
import type { Peaks } from "./wave";

const STEP = 10;

interface Props {
  peaks: Peaks | null;
  position: number;
  length: number;
  label: string;
  onSeek: (seconds: number) => void;
  onToggle: () => void;
}

/** Both sides of a call over time: the customer's above, the agent's below. Click, drag or use the keys to go somewhere. */
export function Waveform({ peaks, position, length, label, onSeek, onToggle }: Props): ReactNode {
  const { duration } = useI18n();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    observer.observe(canvas.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (width) draw(canvas.current!, peaks, length ? position / length : 0);
  }, [peaks, position, length, width]);

  const seek = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    onSeek(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * length);
  };
  const keys = (event: KeyboardEvent): void => {
    const targets: Record<string, number> = {
      ArrowLeft: position - STEP, ArrowDown: position - STEP, ArrowRight: position + STEP, ArrowUp: position + STEP, Home: 0, End: length,
    };
    const target = targets[event.key];
    if (target !== undefined) onSeek(Math.min(length, Math.max(0, target)));
    else if (event.key === " " || event.key === "k") onToggle();
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="recording-wave"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(length)}
      aria-valuenow={Math.round(position)}
      aria-valuetext={`${duration(position)} / ${duration(length)}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => event.buttons & 1 && seek(event)}
      onKeyDown={keys}
    >
      <canvas ref={canvas} />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, peaks: Peaks | null, played: number): void {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth, clientHeight } = canvas;
  canvas.width = Math.round(clientWidth * ratio);
  canvas.height = Math.round(clientHeight * ratio);
  const context = canvas.getContext("2d")!;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const colours = [style.getPropertyValue("--wave-left"), style.getPropertyValue("--wave-right")];
  const lane = clientHeight / 2;
  const edge = played * clientWidth;
  peaks?.forEach((values, channel) => {
    const middle = lane * channel + lane / 2;
    context.fillStyle = colours[channel]!;
    for (let x = 0; x < clientWidth; x += 2) {
      const from = Math.floor((x * values.length) / clientWidth);
      const to = Math.max(from + 1, Math.floor(((x + 2) * values.length) / clientWidth));
      const loud = Math.max(0.01, ...values.subarray(from, to));
      const height = Math.sqrt(loud) * (lane - 6);
      context.globalAlpha = x < edge ? 1 : 0.4;
      context.fillRect(x, middle - height / 2, 1.5, height);
    }
  });
  context.globalAlpha = 1;
  context.fillStyle = style.getPropertyValue("--sw-line");
  context.fillRect(0, lane, clientWidth, 1);
  context.fillStyle = style.color;
  context.fillRect(Math.min(edge, clientWidth - 2), 0, 2, clientHeight);
}
