import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { useI18n } from "../../i18n";
import { ticksOf } from "./figures";
import { clockAt, round } from "./scenario";
import { useWidth } from "./useWidth";

interface Props {
  label: string;
  rates: number[];
  start: string;
  hours: number;
  colour: number;
  onChange: (rates: number[]) => void;
}

const HEIGHT = 150;
const EDGE = { top: 14, bottom: 22, left: 34 };

/** Contacts an hour over the day: each bar is pulled with the mouse, or moved with the arrow keys. */
export function ArrivalsChart({ label, rates, start, hours, colour, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const [place, width] = useWidth(420);
  const pulled = useRef<number | null>(null);
  const scale = useRef(0);
  if (pulled.current === null) scale.current = ticksOf(Math.max(...rates, 4) * 1.25, 3).at(-1)!;
  const top = scale.current;
  const height = HEIGHT - EDGE.top - EDGE.bottom;
  const step = Math.max(width - EDGE.left, 40) / rates.length;
  const every = Math.max(1, Math.ceil(46 / step));
  const minutes = (hours * 60) / rates.length;
  const set = (at: number, rate: number): void => onChange(rates.map((one, index) => (index === at ? Math.max(0, rate) : one)));
  const pull = (event: PointerEvent): void => {
    if (pulled.current === null) return;
    const from = event.currentTarget.getBoundingClientRect();
    const rate = Math.max(0, (1 - (event.clientY - from.top - EDGE.top) / height) * top);
    set(pulled.current, rate < 10 ? round(rate * 2, 0) / 2 : Math.round(rate));
  };
  const press = (event: KeyboardEvent, at: number): void => {
    const by = ({ ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 } as Record<string, number>)[event.key];
    if (!by) return;
    event.preventDefault();
    set(at, round(rates[at]! + by, 1));
  };
  return (
    <div ref={place} className="sim-arrivals" role="group" aria-label={label}>
      <svg
        width={width} height={HEIGHT}
        onPointerMove={pull} onPointerUp={() => (pulled.current = null)} onLostPointerCapture={() => (pulled.current = null)}
      >
        {ticksOf(top, 3).map((tick) => {
          const y = EDGE.top + height - (tick / top) * height;
          return (
            <g key={tick} aria-hidden="true">
              <line className="sim-grid" x1={EDGE.left} x2={width} y1={y} y2={y} />
              <text className="sim-axis" x={EDGE.left - 6} y={y + 4} textAnchor="end">{tick}</text>
            </g>
          );
        })}
        {rates.map((rate, at) => {
          const tall = Math.max((Math.min(rate, top) / top) * height, 2);
          const x = EDGE.left + at * step;
          const clock = clockAt(start, at * minutes);
          return (
            <g
              key={at} className={`sim-bar sim-colour-${colour}`} tabIndex={0} role="slider" aria-orientation="vertical"
              aria-label={t("sim.perHourAt", { time: clock })} aria-valuemin={0} aria-valuemax={Math.max(top, rate)} aria-valuenow={rate}
              onKeyDown={(event) => press(event, at)}
              onPointerDown={(event) => {
                pulled.current = at;
                event.currentTarget.ownerSVGElement?.setPointerCapture(event.pointerId);
              }}
            >
              <rect className="sim-bar-room" x={x} y={EDGE.top} width={step} height={height} />
              <rect className="sim-bar-face" x={x + step * 0.1} y={EDGE.top + height - tall} width={step * 0.8} height={tall} rx={2} />
              {step > 24 && <text className="sim-bar-value" x={x + step / 2} y={EDGE.top + height - tall - 4} textAnchor="middle">{rate}</text>}
              {at % every === 0 && <text className="sim-axis" x={x + 2} y={HEIGHT - 6}>{clock}</text>}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
