/** How the members of an operation's input travel: method, path template, query names, header names. */
export type Route = [string, string, Record<string, string>, Record<string, string>];

/** An error answered by the service, or "ConnectionError" when there was no answer. */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly body: Record<string, unknown> = {},
  ) {
    super(message || code);
    this.name = code;
  }
}

const CSRF_KEY = "switchroom-csrf";
let csrf = readCsrf();
let onSignedOut: () => void = () => {};

function readCsrf(): string {
  try {
    return localStorage.getItem(CSRF_KEY) ?? "";
  } catch {
    return "";
  }
}

export function setCsrfToken(token: string): void {
  csrf = token;
  try {
    localStorage.setItem(CSRF_KEY, token);
  } catch {
    /* private mode: the token lives as long as the page */
  }
}

export function getCsrfToken(): string {
  return csrf;
}

let bearer = "";

/** For a page that gets no cookies, such as a panel in a frame of another site: the session's own token. */
export function setBearer(token: string): void {
  bearer = token;
}

export function getBearer(): string {
  return bearer;
}

/** Sub-protocols of a socket to our server: they carry the token where there is no cookie. */
export function socketProtocols(): string[] {
  return bearer ? [`switchroom.bearer.${bearer}`] : [];
}

// Another page of this browser may have signed in anew.
globalThis.addEventListener?.("storage", (event) => {
  if (event instanceof StorageEvent && event.key === CSRF_KEY) csrf = event.newValue ?? "";
});

/** Called whenever the session turns out to be gone. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export function buildRequest(route: Route, input: object): { url: string; init: RequestInit } {
  const [method, template, query, headers] = route;
  const rest: Record<string, unknown> = { ...input };
  const sent: Record<string, string> = {};
  const path = template.replace(/\{(\w+)\+?\}/g, (whole, member: string) => {
    const value = rest[member];
    delete rest[member];
    return whole.endsWith("+}") ? String(value) : encodeURIComponent(String(value));
  });
  const parameters = new URLSearchParams();
  for (const [member, name] of Object.entries(query)) {
    const value = rest[member];
    delete rest[member];
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) parameters.append(name, String(one));
    }
  }
  for (const [member, name] of Object.entries(headers)) {
    if (rest[member] !== undefined) sent[name] = String(rest[member]);
    delete rest[member];
  }
  const init: RequestInit = { method, headers: sent, credentials: "same-origin" };
  if (method !== "GET" && method !== "DELETE") {
    sent["Content-Type"] = "application/json";
    init.body = JSON.stringify(rest);
  }
  const search = parameters.toString();
  return { url: search ? `${path}${path.includes("?") ? "&" : "?"}${search}` : path, init };
}

export async function send<Output>(route: Route, input: object, origin = ""): Promise<Output> {
  const { url, init } = buildRequest(route, input);
  const headers = init.headers as Record<string, string>;
  if (!origin && bearer && !("X-Amz-Bearer" in headers)) headers["Authorization"] = `Bearer ${bearer}`;
  else if (!origin) headers["X-Switchroom-CSRF"] = csrf;
  let response: Response;
  try {
    response = await fetch(origin + url, init);
  } catch (error) {
    throw new ServiceError("ConnectionError", error instanceof Error ? error.message : String(error), 0);
  }
  const text = await response.text();
  let body: Record<string, unknown> = {};
  try {
    body = text ? (JSON.parse(text) as Record<string, unknown>) : {};
  } catch {
    body = { message: text.slice(0, 200) };
  }
  if (response.ok) return body as Output;
  const type = response.headers.get("x-amzn-errortype") ?? String(body["__type"] ?? body["Code"] ?? response.status);
  const code = type.split(":")[0]!.split("#").pop()!;
  const message = String(body["message"] ?? body["Message"] ?? "");
  const gone = response.status === 401 || code === "UnrecognizedClientException" || code === "MissingAuthenticationTokenException" || code === "ExpiredTokenException";
  if (gone && !init.headers!.hasOwnProperty("X-Amz-Bearer")) onSignedOut();
  throw new ServiceError(code, message, response.status, body);
}
