/** A link that a mail, the operator or an identity provider hands out; it works once. */
export interface OneTimeLink {
  kind: "password-reset" | "sign-in";
  token: string;
}

/** The one-time link by which the page was opened, if it was. */
export function oneTimeLink(): OneTimeLink | null {
  const [, kind, token] = /^#\/(password-reset|emergency|federate)\/([^/]+)$/.exec(location.hash) ?? [];
  return kind && token ? { kind: kind === "password-reset" ? kind : "sign-in", token: decodeURIComponent(token) } : null;
}

/** Takes the link out of the address and out of the history of the browser. */
export function forgetLink(): void {
  history.replaceState(null, "", `${location.pathname}${location.search}`);
}
