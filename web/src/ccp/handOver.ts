import { setBearer } from "../api/client";

const STORED = "switchroom-ccp-session";
const GIVEN = "switchroom::session";
const TAKEN = "switchroom::session_taken";
const AGAIN_MS = 400;

/** The name the public embedding library gives to its sign-in window. */
export const LIBRARY_POPUP = "connect::loginPopup";
export const OUR_POPUP = "switchroom-sign-in";

/** The token this frame was given earlier, if the browser lets it keep anything. */
export function storedToken(): string {
  return sessionStorage.getItem(STORED) ?? "";
}

/** Use a session's own token from now on, and after a reload; "" forgets it. */
export function keepToken(token: string): void {
  setBearer(token);
  if (token) sessionStorage.setItem(STORED, token);
  else sessionStorage.removeItem(STORED);
}

/** Whether this page is a window that was opened for somebody to sign in. */
export function isSignInWindow(): boolean {
  return window.opener !== null && window.parent === window && (window.name === LIBRARY_POPUP || window.name === OUR_POPUP);
}

/** In a frame: be told of the token that a sign-in window of ours got. Returns a function that stops it. */
export function awaitToken(taken: (token: string) => void): () => void {
  const receive = (message: MessageEvent<{ event?: string; token?: string } | undefined>): void => {
    if (message.origin !== location.origin || message.data?.event !== GIVEN || !message.data.token) return;
    message.source?.postMessage({ event: TAKEN }, { targetOrigin: location.origin });
    taken(message.data.token);
  };
  window.addEventListener("message", receive);
  return () => window.removeEventListener("message", receive);
}

/**
 * In a sign-in window: hand the token to our panel, be it the opener or a frame of it. Addressed to our own origin, so the
 * browser delivers it to our own pages alone. Goes on until a panel took it, because the opener may be reloading its frame.
 */
export function handOver(token: string, taken: () => void): () => void {
  const offer = (): void => {
    const opener = window.opener as Window | null;
    if (!opener || opener.closed) return;
    for (const target of [opener, ...framesOf(opener)]) target.postMessage({ event: GIVEN, token }, location.origin);
  };
  const receive = (message: MessageEvent<{ event?: string } | undefined>): void => {
    if (message.origin !== location.origin || message.data?.event !== TAKEN) return;
    stop();
    taken();
  };
  const timer = setInterval(offer, AGAIN_MS);
  const stop = (): void => {
    clearInterval(timer);
    window.removeEventListener("message", receive);
  };
  window.addEventListener("message", receive);
  offer();
  return stop;
}

function framesOf(opener: Window): Window[] {
  return Array.from({ length: opener.length }, (_, at) => opener[at]!);
}

/** Whether the embedding page and ours are one site for cookies, as far as names tell. */
export function isSameSite(origin: string, own: string): boolean {
  const [theirs, ours] = [new URL(origin), new URL(own)];
  if (theirs.protocol !== ours.protocol) return false;
  if (theirs.hostname === ours.hostname) return true;
  if (/^[\d.]+$|^\[/.test(ours.hostname) || /^[\d.]+$|^\[/.test(theirs.hostname)) return false;
  const site = (host: string): string => host.split(".").slice(-2).join(".");
  return ours.hostname.includes(".") && site(theirs.hostname) === site(ours.hostname);
}

/** Where to go after signing in: a path of ours given as `destination`, or null. */
export function destinationOf(search: string): string | null {
  const wanted = new URLSearchParams(search).get("destination");
  if (!wanted?.startsWith("/") || /^\/[/\\]/.test(wanted)) return null;
  const found = new URL(wanted, location.origin);
  return found.origin === location.origin ? found.pathname + found.search + found.hash : null;
}
