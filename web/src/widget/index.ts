import { switchroom } from "../api";
import { WIDGET_TYPES } from "../shared/interactive";
import { CallWidget, type CallWidgetOptions } from "./callWidget";
import { browserLanguage } from "./texts";
import { ChatWidget, type WidgetOptions } from "./widget";

/** Put the chat button on the page. Without `start` the chat is begun through the test chat of the contact centre. */
export function mount(options: Partial<WidgetOptions> = {}): ChatWidget {
  const origin = options.origin ?? "";
  return new ChatWidget({
    language: browserLanguage(),
    start: () => switchroom("StartTestChat", { SupportedMessagingContentTypes: WIDGET_TYPES }, origin),
    ...options,
  });
}

/** Put the call button on the page. Without `start` calls are begun as test calls of the contact centre. */
export function mountCalls(options: Partial<CallWidgetOptions> = {}): CallWidget {
  const origin = options.origin ?? "";
  return new CallWidget({
    language: browserLanguage(),
    start: (Video) => switchroom("StartTestCall", { Video }, origin),
    ...options,
  });
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement && script.dataset["mount"] !== undefined) {
  const { origin: at } = new URL(script.src);
  const origin = at === location.origin ? "" : at;
  const { title, calls } = script.dataset;
  const begin = (): void => {
    mount({ origin, title });
    if (calls !== undefined) mountCalls({ origin, video: calls === "video" });
  };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
}
