import { I18nProvider as CloudscapeTexts } from "@cloudscape-design/components/i18n";
import cloudscapeEn from "@cloudscape-design/components/i18n/messages/all.en";
import cloudscapeJa from "@cloudscape-design/components/i18n/messages/all.ja";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import en from "./en.json";
import ja from "./ja.json";
import { formatDuration } from "./format";

export type Language = "en" | "ja";
export type TextKey = keyof typeof en;
type Values = Record<string, string | number>;

const texts: Record<Language, Record<TextKey, string>> = { en, ja };
const STORED = "switchroom-language";

export function isTextKey(key: string): key is TextKey {
  return key in en;
}

export function translate(language: Language, key: TextKey, values: Values = {}): string {
  return texts[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

function startLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "en" || stored === "ja") return stored;
  return navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en";
}

export interface I18n {
  language: Language;
  setLanguage: (language: Language) => void;
  t: (key: TextKey, values?: Values) => string;
  /** Text for a code such as a channel or a state; the code itself where there is none. */
  code: (group: string, value: string | undefined) => string;
  dateTime: (epochSeconds: number | undefined) => string;
  time: (epochSeconds: number | undefined) => string;
  number: (value: number) => string;
  duration: (seconds: number) => string;
}

const Context = createContext<I18n | null>(null);

export function useI18n(): I18n {
  const value = useContext(Context);
  if (!value) throw new Error("no I18nRoot above");
  return value;
}

export function I18nRoot({ children }: { children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(startLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(STORED, language);
  }, [language]);
  const value = useMemo<I18n>(() => {
    const full = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
    const clock = new Intl.DateTimeFormat(language, { timeStyle: "short" });
    const numbers = new Intl.NumberFormat(language);
    return {
      language,
      setLanguage,
      t: (key, values) => translate(language, key, values),
      code: (group, name) => {
        const key = `${group}.${name ?? ""}`;
        return isTextKey(key) ? translate(language, key) : (name ?? "");
      },
      dateTime: (at) => (at === undefined ? "–" : full.format(at * 1000)),
      time: (at) => (at === undefined ? "" : clock.format(at * 1000)),
      number: (one) => numbers.format(one),
      duration: formatDuration,
    };
  }, [language]);
  const messages = language === "ja" ? [cloudscapeJa] : [cloudscapeEn];
  return (
    <Context.Provider value={value}>
      <CloudscapeTexts locale={language} messages={messages}>
        {children}
      </CloudscapeTexts>
    </Context.Provider>
  );
}
