import { ServiceError } from "../api/client";
import { isTextKey, type I18n } from "../i18n";

/** What to tell a person about an error: its meaning in their language, then what the service said. */
export function errorText(error: unknown, t: I18n["t"]): string {
  if (!(error instanceof ServiceError)) return error instanceof Error ? error.message : String(error);
  const key = `error.${error.code}`;
  const meaning = isTextKey(key) ? t(key) : t("error.other", { code: error.code });
  return error.message && error.message !== error.code && error.code !== "ConnectionError" ? `${meaning} ${error.message}` : meaning;
}
