import { switchroom } from "../api";
import { browserLanguage } from "./texts";
import { ChatWidget, type WidgetOptions } from "./widget";

/** Put the chat button on the page. Without `start` the chat is begun through the test chat of the contact centre. */
export function mount(options: Partial<WidgetOptions> = {}): ChatWidget {
  const origin = options.origin ?? "";
  return new ChatWidget({
    language: browserLanguage(),
    start: () => switchroom("StartTestChat", {}, origin),
    ...options,
  });
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement && script.dataset["mount"] !== undefined) {
  const origin = new URL(script.src).origin;
  const begin = (): unknown => mount({ origin: origin === location.origin ? "" : origin, title: script.dataset["title"] });
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
}
