import interactiveStyle from "../shared/interactive.css?inline";

export const style = `
:host { all: initial; --accent: #0b6e99; --surface: #ffffff; --text: #16191f; --soft: #eef2f5; --line: #d5dbdf; --dim: #5f6b7a; }
@media (prefers-color-scheme: dark) {
  :host { --accent: #2f9fd0; --surface: #161d26; --text: #e9ebed; --soft: #26303c; --line: #3a4655; --dim: #9ba7b6; }
}
* { box-sizing: border-box; font-family: "Open Sans", system-ui, -apple-system, "Segoe UI", "Noto Sans JP", sans-serif; }
button { font: inherit; cursor: pointer; border: 0; background: none; color: inherit; }
button:focus-visible, textarea:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.bubble { position: fixed; right: 24px; bottom: 24px; width: 60px; height: 60px; border-radius: 30px; background: var(--accent);
  color: #fff; box-shadow: 0 4px 16px rgb(0 0 0 / .3); display: grid; place-items: center; z-index: 2147483000; }
.bubble svg { width: 28px; height: 28px; }
.badge { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
  background: #d13212; color: #fff; font-size: 12px; line-height: 22px; text-align: center; }
.panel { position: fixed; right: 24px; bottom: 100px; width: 370px; height: min(600px, calc(100vh - 124px)); background: var(--surface);
  color: var(--text); border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 8px 32px rgb(0 0 0 / .28); display: flex;
  flex-direction: column; overflow: hidden; font-size: 14px; line-height: 20px; z-index: 2147483001; }
@media (max-width: 480px) { .panel { inset: 0; width: auto; height: auto; border-radius: 0; } }
[hidden] { display: none !important; }
header { display: flex; align-items: center; gap: 4px; padding: 12px 8px 12px 16px; background: var(--accent); color: #fff; }
header h2 { flex: 1; margin: 0; font-size: 16px; font-weight: 600; }
header button { padding: 6px 8px; border-radius: 8px; }
header button:hover { background: rgb(255 255 255 / .18); }
header button:focus-visible { outline-color: #fff; }
.banner { padding: 6px 16px; background: #f6c343; color: #16191f; font-size: 13px; }
.log { flex: 1; overflow-y: auto; padding: 16px; display: flex; flex-direction: column; gap: 4px; }
.message { max-width: 82%; }
.message.own { align-self: flex-end; text-align: right; }
.who { font-size: 12px; color: var(--dim); margin: 8px 4px 2px; }
.body { display: inline-block; text-align: left; padding: 8px 12px; border-radius: 14px; background: var(--soft); overflow-wrap: anywhere; }
.own .body { background: var(--accent); color: #fff; }
.own .body a { color: #fff; }
.body p { margin: 0; } .body p + p { margin-top: 8px; } .body ul, .body ol { margin: 4px 0; padding-left: 20px; }
.body pre { margin: 0; white-space: pre-wrap; font-size: 12px; }
.body a { color: var(--accent); }
.meta { font-size: 11px; color: var(--dim); margin: 2px 4px; }
.meta button { color: #d13212; text-decoration: underline; padding: 0; }
.event { align-self: center; color: var(--dim); font-size: 12px; margin: 8px 0; text-align: center; }
.message.wide { max-width: 100%; width: 100%; }
.wide .body { display: block; --ic-accent: var(--accent); --ic-surface: var(--surface); --ic-line: var(--line); --ic-dim: var(--dim); --ic-card: var(--surface); }
.log button:focus-visible, .log a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.waiting { margin: 0; padding: 0 24px 40%; text-align: center; color: var(--dim); }
.typing { min-height: 20px; padding: 0 16px; font-size: 12px; color: var(--dim); }
form { display: flex; align-items: flex-end; gap: 4px; padding: 8px; border-top: 1px solid var(--line); }
textarea { flex: 1; resize: none; max-height: 120px; padding: 9px 12px; border: 1px solid var(--line); border-radius: 10px; font: inherit;
  background: var(--surface); color: inherit; }
form button { padding: 9px; border-radius: 10px; color: var(--accent); }
form button:disabled { opacity: .4; cursor: default; }
form svg, header svg { width: 20px; height: 20px; display: block; }
.centre { flex: 1; display: grid; place-content: center; gap: 16px; padding: 24px; text-align: center; }
.primary { background: var(--accent); color: #fff; border-radius: 10px; padding: 10px 18px; font-weight: 600; }
.over { padding: 12px 16px; text-align: center; border-top: 1px solid var(--line); display: grid; gap: 10px; justify-items: center; }
${interactiveStyle}`;

const icon = (path: string): string =>
  `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;

export const icons = {
  chat: icon('<path d="M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z"/>'),
  minimise: icon('<path d="M5 12h14"/>'),
  end: icon('<path d="M6 6l12 12M18 6L6 18"/>'),
  send: icon('<path d="M4 12l16-8-6 16-3-7z"/>'),
  attach: icon('<path d="M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.5 17a1.7 1.7 0 0 1-2.4-2.4L14 7.7"/>'),
};
