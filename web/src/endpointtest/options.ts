import type { Language } from "../i18n";

/** What the address of the page asks for (DESK-168). */
export interface Options {
  language?: Language;
  autoRun: boolean;
  /** Address of an instance whose latency is measured too. */
  instance?: string;
  /** Codes or addresses of sites. */
  regions: string[];
}

/** Reads `lng`, `autoRun`, `connectInstanceId` and `regions`; what makes no sense is left out. */
export function readOptions(search: string): Options {
  const given = new URLSearchParams(search);
  const language = given.get("lng");
  const instance = given.get("connectInstanceId") ?? "";
  return {
    // Languages of other editions of this page that we have no texts for fall back to English.
    ...(language ? { language: language === "ja" ? "ja" : "en" } : {}),
    autoRun: given.get("autoRun") === "true",
    ...(isAddress(instance) ? { instance } : {}),
    regions: (given.get("regions") ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean)
      .slice(0, 30),
  };
}

export function isAddress(text: string): boolean {
  try {
    return new URL(text).protocol === "https:";
  } catch {
    return false;
  }
}
