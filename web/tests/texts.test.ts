import { describe, expect, it } from "vitest";
import { formatDuration } from "../src/i18n/format";
import en from "../src/i18n/en.json";
import ja from "../src/i18n/ja.json";
import { callTexts } from "../src/widget/callTexts";
import { texts as widget } from "../src/widget/texts";
import { texts as testChat } from "../src/testchat/texts";

const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

const flat = (texts: (typeof callTexts)["en"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]): [string, string][] =>
      typeof text === "string" ? [[key, text]] : Object.entries(text).map(([inner, one]) => [`${key}.${inner}`, one]),
    ),
  );

describe("texts", () => {
  it.each([
    ["pages", en, ja],
    ["widget", widget.en, widget.ja],
    ["calls of the widget", flat(callTexts.en), flat(callTexts.ja)],
    ["test chat", testChat.en, testChat.ja],
  ])("of the %s are complete in both languages, with the same places", (_, first: Record<string, string>, second: Record<string, string>) => {
    expect(Object.keys(second).sort()).toEqual(Object.keys(first).sort());
    for (const [key, text] of Object.entries(first)) expect([key, places(second[key]!)]).toEqual([key, places(text)]);
  });

  it("shows durations as clocks do", () => {
    expect([0, 65, 3723, -4].map(formatDuration)).toEqual(["0:00", "1:05", "1:02:03", "0:00"]);
  });
});
