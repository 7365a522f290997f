import { useId, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import { useI18n } from "../../i18n";
import { given, ticksOf } from "./figures";
import { useWidth } from "./useWidth";

export interface Series {
  name: string;
  /** Which colour of the palette. */
  colour: number;
  values: (number | undefined)[];
  /** The confidence interval of each value. */
  low?: (number | undefined)[];
  high?: (number | undefined)[];
  /** Drawn as steps: a count that holds for the whole interval. */
  steps?: boolean;
}

interface Props {
  title: string;
  about?: string;
  series: Series[];
  /** What each place on the horizontal axis is called. */
  labels: string[];
  format: (value: number) => string;
  /** How the values of the axis are written, if otherwise. */
  axis?: (value: number) => string;
  /** The vertical axis is of time. */
  time?: boolean;
  /** Names the lines above the chart. */
  legend?: boolean;
  /** The end of the vertical axis, where it is known. */
  most?: number;
}

const HEIGHT = 220;
const EDGE = { top: 10, right: 12, bottom: 24, left: 52 };

/** Lines over the intervals of a day, each with its confidence band. The arrow keys walk through the intervals. */
export function IntervalChart({ title, about, series, labels, format, axis = format, time, legend, most }: Props): ReactNode {
  const { t } = useI18n();
  const [place, width] = useWidth(420);
  const [at, setAt] = useState<number | null>(null);
  const id = useId();
  const inner = { width: Math.max(width - EDGE.left - EDGE.right, 40), height: HEIGHT - EDGE.top - EDGE.bottom };
  const highest = most ?? Math.max(...series.flatMap((one) => [...one.values, ...(one.high ?? [])]).filter(given), 0);
  const ticks = ticksOf(highest, 4, time);
  const top = ticks.at(-1)!;
  const x = (index: number): number => EDGE.left + ((index + 0.5) / Math.max(labels.length, 1)) * inner.width;
  const y = (value: number): number => EDGE.top + inner.height - (Math.max(0, Math.min(value, top)) / top) * inner.height;
  const every = Math.max(1, Math.ceil((labels.length * 52) / inner.width));
  const move = (event: PointerEvent): void => {
    const inside = event.clientX - event.currentTarget.getBoundingClientRect().left - EDGE.left;
    setAt(Math.max(0, Math.min(labels.length - 1, Math.floor((inside / inner.width) * labels.length))));
  };
  const press = (event: KeyboardEvent): void => {
    const next = ({ ArrowRight: (at ?? -1) + 1, ArrowLeft: (at ?? labels.length) - 1, Home: 0, End: labels.length - 1 } as Record<string, number>)[event.key];
    if (event.key === "Escape") setAt(null);
    if (next === undefined) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(labels.length - 1, next)));
  };
  const said = (one: Series, index: number): string => {
    const [value, low, high] = [one.values[index], one.low?.[index], one.high?.[index]];
    if (!given(value)) return "–";
    return given(low) && given(high) ? t("sim.within", { value: format(value), low: format(low), high: format(high) }) : format(value);
  };
  return (
    <div className="sim-chart">
      <Box variant="h4" id={id}>{title}</Box>
      {about && <Box variant="small" color="text-body-secondary">{about}</Box>}
      {legend && (
        <div className="sim-key">
          {series.map((one) => <span key={one.name}><i className={`sim-swatch sim-colour-${one.colour}`} /> {one.name}</span>)}
        </div>
      )}
      <div
        ref={place} className="sim-chart-face" tabIndex={0} role="slider" aria-labelledby={id}
        aria-valuemin={0} aria-valuemax={Math.max(labels.length - 1, 0)} aria-valuenow={at ?? 0}
        aria-valuetext={at === null ? t("sim.walk") : `${labels[at]}: ${series.map((one) => `${one.name} ${said(one, at)}`).join(", ")}`}
        onPointerMove={move} onPointerLeave={() => setAt(null)} onKeyDown={press} onBlur={() => setAt(null)}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="sim-grid" x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} />
              <text className="sim-axis" x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end">{axis(tick)}</text>
            </g>
          ))}
          {labels.map((label, index) => index % every === 0 && <text key={index} className="sim-axis" x={x(index)} y={HEIGHT - 6} textAnchor="middle">{label}</text>)}
          {series.map((one) => <path key={`${one.name} band`} className={`sim-band sim-colour-${one.colour}`} d={band(one, x, y)} />)}
          {at !== null && <line className="sim-cursor" x1={x(at)} x2={x(at)} y1={EDGE.top} y2={EDGE.top + inner.height} />}
          {series.map((one) => <path key={one.name} className={`sim-line sim-colour-${one.colour}`} d={one.steps ? stepsOf(one, x, y) : lineOf(one, x, y)} />)}
          {series.flatMap((one) => one.values.map((value, index) => given(value) && (index === at || alone(one.values, index)) && <circle key={`${one.name} ${index}`} className={`sim-dot sim-colour-${one.colour}`} cx={x(index)} cy={y(value)} r={index === at ? 4.5 : 2.5} />))}
        </svg>
        {at !== null && (
          <div className={`sim-tip ${x(at) > width / 2 ? "sim-tip-left" : "sim-tip-right"}`} style={{ insetInlineStart: x(at) }}>
            <b>{labels[at]}</b>
            {series.map((one) => (
              <span key={one.name} className="sim-tip-row">
                <i className={`sim-swatch sim-colour-${one.colour}`} /> {one.name} <span className="tabular">{said(one, at)}</span>
              </span>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}

type Scale = (value: number) => number;

function alone(values: Series["values"], index: number): boolean {
  return !given(values[index - 1]) && !given(values[index + 1]);
}

function lineOf({ values }: Series, x: Scale, y: Scale): string {
  return values.map((value, index) => (given(value) ? `${given(values[index - 1]) ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}` : "")).join("");
}

function stepsOf({ values }: Series, x: Scale, y: Scale): string {
  const half = (x(1) - x(0)) / 2;
  return values.map((value, index) => (given(value) ? `${given(values[index - 1]) ? "L" : "M"}${(x(index) - half).toFixed(1)} ${y(value).toFixed(1)}H${(x(index) + half).toFixed(1)}` : "")).join("");
}

/** One closed shape for each run of intervals whose bounds are known. */
function band({ low = [], high = [] }: Series, x: Scale, y: Scale): string {
  const known = (index: number): boolean => given(low[index]) && given(high[index]);
  let path = "";
  for (let from = 0; from < low.length; from++) {
    if (!known(from)) continue;
    let to = from;
    while (known(to + 1)) to++;
    const run = Array.from({ length: to - from + 1 }, (_, step) => from + step);
    const upper = run.map((index) => `${x(index).toFixed(1)} ${y(high[index]!).toFixed(1)}`);
    const lower = run.reverse().map((index) => `${x(index).toFixed(1)} ${y(low[index]!).toFixed(1)}`);
    path += `M${[...upper, ...lower].join("L")}Z`;
    from = to;
  }
  return path;
}
