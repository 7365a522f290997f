/** What a block may be called (FLOW-38). */

export const NAME_LENGTH = 50;
export const FORBIDDEN_CHARACTERS = "% : ( \\ / ) = $ , ; [ ] { }";
const CHARACTERS = new Set(FORBIDDEN_CHARACTERS.split(" "));
const WORDS = [
  "__proto__",
  "constructor",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
  "toString",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "toLocaleString",
  "valueOf",
];

export type NameFault = "characters" | "word" | "long" | "taken";

/** What is wrong with a name; null for one that can be given, and for none at all. */
export function nameFault(name: string, taken: ReadonlySet<string> = new Set()): NameFault | null {
  if ([...name].length > NAME_LENGTH) return "long";
  if ([...name].some((character) => CHARACTERS.has(character))) return "characters";
  if (WORDS.includes(name.trim())) return "word";
  return taken.has(name) ? "taken" : null;
}

/** The name itself, or the name with the first number behind it that is free. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const base = name.replace(/ \d+$/, "");
  for (let number = 2; ; number += 1) {
    const tail = ` ${number}`;
    const tried = [...base].slice(0, NAME_LENGTH - tail.length).join("") + tail;
    if (!taken.has(tried)) return tried;
  }
}
