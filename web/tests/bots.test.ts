import { describe, expect, it } from "vitest";
import { choicesOf } from "../src/admin/bots/TestPane";
import {
  cleaned, linesOf, longLines, moveBy, newIntent, newLocale, parse, promptLines, slotsOf, valuesText, withLines, withPromptLines, withSlots, withValuesText, type Intent, type Prompt,
} from "../src/admin/bots/definition";

describe("a bot's definition", () => {
  it("keeps what no field shows", () => {
    const text = JSON.stringify({ bot: { name: "A", roleArn: "x" }, locales: { en_US: { locale: { identifier: "en_US" }, intents: [], slotTypes: [], customVocabulary: { a: 1 } } }, more: 1 });
    expect(JSON.stringify(cleaned(parse(text)))).toBe(text);
  });

  it("can be begun with nothing", () => {
    expect(parse("{}")).toEqual({ bot: {}, locales: {} });
    expect(parse('{"locales":{"en_US":{}}}').locales.en_US).toEqual({ locale: {}, intents: [], slotTypes: [] });
    expect(newLocale("ja_JP").locale.voiceSettings?.voiceId).toBe("Kazuha");
  });

  it("has an utterance a line; empty lines go when it is stored", () => {
    const intent = withLines(newIntent("Book"), "Book a room\n\n  I need a room ");
    expect(linesOf(intent)).toBe("Book a room\n\n  I need a room ");
    const locale = { ...newLocale("en_US"), intents: [intent] };
    expect(cleaned({ bot: {}, locales: { en_US: locale } }).locales.en_US!.intents[0]!.sampleUtterances).toEqual([{ utterance: "Book a room" }, { utterance: "I need a room" }]);
    expect(longLines(`ok\n${"x".repeat(251)}\n${"y".repeat(250)}`)).toEqual([2]);
  });

  it("asks for slots by priority", () => {
    const intent: Intent = { name: "A", slots: [{ name: "Late" }, { name: "Early" }, { name: "Last" }], slotPriorities: [{ priority: 2, slotName: "Late" }, { priority: 1, slotName: "Early" }] };
    expect(slotsOf(intent).map((slot) => slot.name)).toEqual(["Early", "Late", "Last"]);
    const moved = withSlots(intent, moveBy(slotsOf(intent), 2, -1));
    expect(moved.slotPriorities).toEqual([{ priority: 1, slotName: "Early" }, { priority: 2, slotName: "Last" }, { priority: 3, slotName: "Late" }]);
    expect(moveBy([1, 2], 0, -1)).toEqual([1, 2]);
  });

  it("says messages with variations, one line each", () => {
    const prompt: Prompt = {
      maxRetries: 3,
      messageSelectionStrategy: "Random",
      messageGroupsList: [
        { message: { plainTextMessage: { value: "One" }, ssmlMessage: null }, variations: [{ plainTextMessage: { value: "Uno" } }] },
        { message: { customPayload: { value: "{}" } }, variations: null },
      ],
    };
    const lines = promptLines(prompt);
    expect(lines.map((line) => [line.kind, line.text, line.variation])).toEqual([["plainTextMessage", "One", false], ["plainTextMessage", "Uno", true], ["customPayload", "{}", false]]);
    const again = withPromptLines(prompt, lines);
    expect([again.maxRetries, again.messageSelectionStrategy]).toEqual([3, "Random"]);
    expect(promptLines(again)).toEqual(lines);
    expect(promptLines(null)).toEqual([]);
  });

  it("lists values with synonyms", () => {
    const type = withValuesText({ name: "Sizes" }, "small\nlarge: big one, huge\n大: 大きいの、特大\n");
    expect(type.slotTypeValues?.map((one) => [one.sampleValue.value, one.synonyms?.length])).toEqual([["small", 0], ["large", 2], ["大", 2]]);
    expect(valuesText(type)).toBe("small\nlarge: big one, huge\n大: 大きいの, 特大");
  });
});

describe("the test pane", () => {
  it("offers what an interactive template offers", () => {
    const picker = { templateType: "ListPicker", version: "1.0", data: { content: { title: "Which?", elements: [{ title: "A" }, { title: "B" }, {}] } } };
    expect(choicesOf(JSON.stringify(picker))).toEqual({ title: "Which?", elements: ["A", "B"] });
    expect(choicesOf("plain")).toBeNull();
    expect(choicesOf("{}")).toBeNull();
  });
});
