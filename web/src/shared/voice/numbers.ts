import { AsYouType, getCountries, getCountryCallingCode, parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/min";

export type { CountryCode };

const STORED = "switchroom-dial-country";
/** Keys of a telephone and the letters on them (ITU-T E.161). */
export const KEYS: readonly { key: string; letters: string }[] = [
  { key: "1", letters: "" },
  { key: "2", letters: "ABC" },
  { key: "3", letters: "DEF" },
  { key: "4", letters: "GHI" },
  { key: "5", letters: "JKL" },
  { key: "6", letters: "MNO" },
  { key: "7", letters: "PQRS" },
  { key: "8", letters: "TUV" },
  { key: "9", letters: "WXYZ" },
  { key: "*", letters: "" },
  { key: "0", letters: "+" },
  { key: "#", letters: "" },
];

/** Letters replaced by the keys that carry them: 1-800-EXAMPLE is 1-800-3926753 (DESK-48). */
export function lettersToDigits(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => KEYS.find((one) => one.letters.includes(letter.toUpperCase()))?.key ?? letter);
}

/** What a person typed as an E.164 number, or null if it is none. */
export function toE164(typed: string, country?: CountryCode): string | null {
  const text = lettersToDigits(typed.trim());
  if (!text) return null;
  const number = parsePhoneNumberFromString(text, country);
  if (number?.isPossible()) return number.number;
  // Numbers of a test network have no country; they are dialled as they stand.
  const bare = text.replace(/[\s().-]/g, "");
  return /^\+[1-9]\d{4,14}$/.test(bare) ? bare : null;
}

/** A number as its country writes it: +81 3-1234-5678. Anything else is shown as it is. */
export function showNumber(number: string | undefined): string {
  if (!number) return "";
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

/** A number while it is typed: grouped as its country does, letters left alone. */
export function typingNumber(typed: string, country?: CountryCode): string {
  return /[a-z*#]/i.test(typed) ? typed : new AsYouType(country).input(typed);
}

/** The country a typed number with its country code belongs to. */
export function countryOf(typed: string): CountryCode | undefined {
  const typing = new AsYouType();
  typing.input(lettersToDigits(typed));
  return typing.getCountry();
}

export interface Country {
  code: CountryCode;
  name: string;
  calling: string;
  flag: string;
}

const known = new Set<string>(getCountries());

/** The countries of a list of lower-case ISO codes, by name in `language`. */
export function countries(codes: readonly string[], language: string): Country[] {
  const names = new Intl.DisplayNames([language], { type: "region" });
  return codes
    .map((code) => code.toUpperCase())
    .filter((code): code is CountryCode => known.has(code))
    .map((code) => ({ code, name: names.of(code) ?? code, calling: `+${getCountryCallingCode(code)}`, flag: flag(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, language));
}

function flag(code: string): string {
  return String.fromCodePoint(...[...code].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65));
}

/** The country chosen for the last call, if it may still be called; else the country of the caller id (DESK-47). */
export function startCountry(codes: readonly string[], callerId?: string): CountryCode | undefined {
  const allowed = countries(codes, "en").map((one) => one.code);
  const remembered = localStorage.getItem(STORED);
  const own = callerId ? countryOf(callerId) : undefined;
  return allowed.find((code) => code === remembered) ?? allowed.find((code) => code === own) ?? allowed.find((code) => code === "US") ?? allowed[0];
}

export function rememberCountry(code: CountryCode): void {
  localStorage.setItem(STORED, code);
}
