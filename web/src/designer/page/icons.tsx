import type { ReactNode } from "react";

const icon = (...paths: string[]): ReactNode => (
  <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
    {paths.map((d) => <path key={d} d={d} />)}
  </svg>
);

export const icons = {
  cut: icon("M5.2 10.3 13 2", "M10.8 10.3 3 2", "M2 12.2a1.9 1.9 0 1 0 3.8 0 1.9 1.9 0 1 0-3.8 0", "M10.2 12.2a1.9 1.9 0 1 0 3.8 0 1.9 1.9 0 1 0-3.8 0"),
  paste: icon("M5.5 3H3v11h10V3h-2.5", "M5.5 1.8h5v2.6h-5z"),
  note: icon("M2 2h12v8l-4 4H2z", "M14 10h-4v4"),
  notes: icon("M4 2h10v8l-3 3", "M2 4.5h9.5V14H2z", "M4.5 8h4.5", "M4.5 11h4.5"),
  arrange: icon("M1.5 6h4v4h-4z", "M10.5 1.5h4v4h-4z", "M10.5 10.5h4v4h-4z", "M5.5 8H8V3.5h2.5", "M8 8v4.5h2.5"),
  history: icon("M2 8a6 6 0 1 0 2-4.5L2 5.5", "M2 2v3.5h3.5", "M8 5v3.4l2.4 1.4"),
  keyboard: icon("M1.5 4h13v8.5h-13z", "M4 7h.5", "M7 7h.5", "M10 7h.5", "M5 10h6"),
  problems: icon("M8 2 14.5 14h-13z", "M8 6.5v3.5", "M8 11.8v.4"),
  entry: icon("M2 8h8", "M7 4.5 10.5 8 7 11.5", "M13.5 2v12"),
};
