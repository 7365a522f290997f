import { Event } from "./protocol";

/**
 * Older versions of the embedding library load `/request-storage-access` first and ask it for the browser's permission to
 * use cookies. The panel needs none, so the answer is yes and the panel follows (DESK-157).
 */
export function answerStorageRequests(): void {
  if (!location.pathname.endsWith("/request-storage-access")) return;
  window.addEventListener("message", (message: MessageEvent<{ event?: string; data?: { landat?: string } } | undefined>) => {
    if (message.source !== window.parent || message.data?.event !== Event.STORAGE_REQUEST) return;
    const page = message.source as Window;
    for (const event of [Event.STORAGE_INIT, Event.STORAGE_GRANTED]) page.postMessage({ event, data: { hasAccess: true } }, message.origin);
    location.replace("/ccp-v2/");
  });
}
