export const callStyle = `
.bubble.call { bottom: 30px; right: 100px; width: 48px; height: 48px; border-radius: 24px; }
.bubble.call svg { width: 22px; height: 22px; }
.bubble.call.busy { background: #1d8102; }
.panel.call.beside { right: 410px; }
@media (max-width: 480px) { .panel.call.beside { right: 0; } }
.stage { flex: 1; display: grid; place-content: center; justify-items: center; gap: 12px; padding: 16px; text-align: center; position: relative; overflow: hidden; }
.stage p { margin: 0; max-width: 300px; }
.state { font-weight: 600; }
.time { font-variant-numeric: tabular-nums; color: var(--dim); }
.quality { font-size: 12px; color: var(--dim); }
.quality::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 4px; background: #1d8102; }
.quality.fair::before { background: #f6c343; } .quality.poor::before, .quality.silent::before { background: #d13212; }
.problem { color: #d13212; font-size: 13px; }
.starts { display: grid; gap: 10px; }
.primary.second { background: none; color: var(--accent); border: 1px solid var(--accent); }
.remote { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; background: #000; }
.own { position: absolute; right: 12px; bottom: 12px; width: 96px; height: 72px; object-fit: cover; border-radius: 8px; background: #000; transform: scaleX(-1); border: 1px solid #fff; }
.seen .info { position: absolute; left: 12px; top: 12px; padding: 4px 10px; border-radius: 10px; background: rgb(0 0 0 / .6); color: #fff; display: flex; gap: 8px; }
.seen .info .time, .seen .info .quality { color: #fff; }
.info { display: grid; gap: 6px; justify-items: center; }
.keys { display: grid; grid-template-columns: repeat(3, 56px); gap: 8px; justify-content: center; padding: 8px; border-top: 1px solid var(--line); }
.keys button { height: 40px; border-radius: 10px; background: var(--soft); font-size: 16px; font-weight: 600; }
.devices { display: grid; gap: 4px; padding: 8px 16px; border-top: 1px solid var(--line); font-size: 13px; }
.devices select { font: inherit; width: 100%; padding: 6px; border-radius: 8px; border: 1px solid var(--line); background: var(--surface); color: inherit; }
.tools { display: flex; justify-content: center; gap: 12px; padding: 12px; border-top: 1px solid var(--line); }
.tools button { width: 44px; height: 44px; border-radius: 22px; background: var(--soft); display: grid; place-items: center; }
.tools button[aria-pressed="true"] { background: var(--accent); color: #fff; }
.tools .leave { background: #d13212; color: #fff; }
.tools svg { width: 20px; height: 20px; }
`;

const icon = (path: string): string =>
  `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;
const PHONE = "M6 3h3l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z";

export const callIcons = {
  phone: icon(`<path d="${PHONE}"/>`),
  leave: icon(`<g transform="rotate(135 12 12)"><path d="${PHONE}"/></g>`),
  microphone: icon('<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>'),
  keypad: icon('<path d="M6 5h.01M12 5h.01M18 5h.01M6 11h.01M12 11h.01M18 11h.01M6 17h.01M12 17h.01M18 17h.01" stroke-width="3"/>'),
  camera: icon('<rect x="3" y="6" width="12" height="12" rx="2"/><path d="M15 11l6-4v10l-6-4"/>'),
  settings: icon('<path d="M4 7h10M18 7h2M4 17h2M10 17h10"/><circle cx="16" cy="7" r="2"/><circle cx="8" cy="17" r="2"/>'),
};
