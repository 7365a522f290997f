/** Why there is no microphone or camera, told apart so that the person can be told what helps (DESK-178). */
export type MediaFault = "denied" | "dismissed" | "system" | "missing" | "busy" | "insecure" | "blocked" | "unknown";

/** Error types of the public softphone library, for logs and embedding pages. */
export const SOFTPHONE_ERRORS: Record<MediaFault, string> = {
  denied: "microphone_not_shared",
  dismissed: "microphone_not_shared",
  system: "microphone_not_shared",
  missing: "microphone_not_shared",
  busy: "microphone_not_shared",
  insecure: "unsupported_browser",
  blocked: "unsupported_browser",
  unknown: "webrtc_error",
};

async function permission(name: "microphone" | "camera"): Promise<PermissionState | null> {
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return null; // Firefox before 132 does not tell
  }
}

/** What stands in the way before anything was tried; null when nothing does. */
export function missingSupport(): MediaFault | null {
  if (!window.isSecureContext) return "insecure";
  if (typeof navigator.mediaDevices?.getUserMedia !== "function" || typeof RTCPeerConnection !== "function") return "blocked";
  return null;
}

/** The cause of a failed `getUserMedia`. */
export async function faultOf(error: unknown, name: "microphone" | "camera" = "microphone"): Promise<MediaFault> {
  const unsupported = missingSupport();
  if (unsupported) return unsupported;
  const kind = error instanceof DOMException ? error.name : "";
  if (kind === "NotFoundError" || kind === "OverconstrainedError") return "missing";
  if (kind === "NotReadableError" || kind === "AbortError") return "busy";
  if (kind === "NotAllowedError" || kind === "SecurityError") {
    if (/system/i.test((error as DOMException).message)) return "system";
    const state = await permission(name);
    return state === "prompt" ? "dismissed" : state === "granted" ? "system" : "denied";
  }
  return kind === "TypeError" || error instanceof TypeError ? "blocked" : "unknown";
}

/** Whether the browser would give the microphone without asking. */
export async function microphonePermission(): Promise<PermissionState | null> {
  return permission("microphone");
}
