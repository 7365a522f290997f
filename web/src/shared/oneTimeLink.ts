/** A link that a mail or the operator hands out; it works once. */
export interface OneTimeLink {
  kind: "password-reset" | "emergency";
  token: string;
}

/** The one-time link by which the page was opened, if it was. */
export function oneTimeLink(): OneTimeLink | null {
  const [, kind, token] = /^#\/(password-reset|emergency)\/([^/]+)$/.exec(location.hash) ?? [];
  return kind && token ? { kind: kind as OneTimeLink["kind"], token: decodeURIComponent(token) } : null;
}

/** Takes the link out of the address and out of the history of the browser. */
export function forgetLink(): void {
  history.replaceState(null, "", `${location.pathname}${location.search}`);
}
