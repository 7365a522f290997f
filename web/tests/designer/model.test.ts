import { describe, expect, it } from "vitest";
import { blocksOf } from "../../src/designer/model/blocks";
import { copy, cut, paste } from "../../src/designer/model/clipboard";
import { emptyDocument, metadataOf, parseDocument, type FlowDocument } from "../../src/designer/model/document";
import { remove } from "../../src/designer/model/edits";
import { amend, historyOf, HISTORY_DEPTH, record, redo, redoables, undo, undoables } from "../../src/designer/model/history";
import { arrange, placed, sizeOf } from "../../src/designer/model/layout";
import { freeName, nameFault } from "../../src/designer/model/names";
import { addNote, attachNote, changeNote, mayAddNote, NOTE_LENGTH, notesOf, noteLength, searchNotes } from "../../src/designer/model/notes";
import { search } from "../../src/designer/model/search";
import { CATALOGUE } from "./catalogue";
import { action, flow, frozen } from "./flow";

const AT = { x: 0, y: 0 };

describe("history", () => {
  it("FLOW-39: takes back and does again the last hundred actions, listed by label", () => {
    let history = historyOf(0);
    for (let at = 1; at <= 120; at += 1) history = record(history, `step ${at}`, at);
    expect(history.past).toHaveLength(HISTORY_DEPTH);
    expect(undoables(history).slice(0, 2)).toEqual(["step 120", "step 119"]);
    history = undo(history, 3);
    expect(history.present).toBe(117);
    expect(redoables(history)).toEqual(["step 118", "step 119", "step 120"]);
    expect(redo(history).present).toBe(118);
    expect(undo(history, 1000).present).toBe(20);
    expect(record(history, "other", 5).future).toEqual([]);
    expect(record(history, "nothing", history.present)).toBe(history);
    expect(undoables(amend(history, 7))).toEqual(undoables(history));
  });
});

describe("names", () => {
  it("FLOW-38: refuses forbidden characters and words, more than 50 characters, and names that are taken", () => {
    for (const character of "%:(\\/)=$,;[]{}") expect(nameFault(`a${character}b`)).toBe("characters");
    for (const word of ["__proto__", "constructor", "__defineGetter__", "__defineSetter__", "toString", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "valueOf"]) {
      expect(nameFault(word)).toBe("word");
    }
    expect(nameFault("x".repeat(51))).toBe("long");
    expect(nameFault("Welcome", new Set(["Welcome"]))).toBe("taken");
    expect([nameFault("いらっしゃいませ 2"), nameFault(""), nameFault("😀".repeat(50))]).toEqual([null, null, null]);
  });
  it("finds the next free name", () => {
    expect(freeName("Menu", new Set())).toBe("Menu");
    expect(freeName("Menu", new Set(["Menu", "Menu 2"]))).toBe("Menu 3");
    expect(freeName("Menu 2", new Set(["Menu 2"]))).toBe("Menu 3");
    expect(freeName("x".repeat(50), new Set(["x".repeat(50)]))).toHaveLength(50);
  });
});

describe("notes", () => {
  it("FLOW-40: hold a thousand characters of any script", () => {
    const { document, id } = addNote(frozen(emptyDocument()), AT, undefined, "😀".repeat(NOTE_LENGTH + 5));
    expect(noteLength(notesOf(document)[0]!.content)).toBe(NOTE_LENGTH);
    expect(notesOf(changeNote(document, id!, { content: "短い", isFolded: true }))[0]).toMatchObject({ content: "短い", isFolded: true });
  });
  it("FLOW-40: five to a block and a hundred to a flow", () => {
    let document: FlowDocument = flow(action("a", "MessageParticipant"));
    for (let at = 0; at < 5; at += 1) document = addNote(document, AT, "a").document;
    expect(mayAddNote(document, "a")).toBe(false);
    expect(addNote(document, AT, "a").id).toBeNull();
    for (let at = 5; at < 100; at += 1) document = addNote(document, AT).document;
    expect(notesOf(document)).toHaveLength(100);
    expect(addNote(document, AT).document).toBe(document);
    const free = notesOf(document)[99]!.id;
    expect(attachNote(document, free, "a")).toBe(document);
    const released = attachNote(document, notesOf(document)[0]!.id, null);
    expect(notesOf(attachNote(released, free, "a"))[99]!.actionId).toBe("a");
  });
  it("FLOW-40: are found by their words, and gone and back with their block", () => {
    const document = addNote(addNote(flow(action("a", "MessageParticipant")), AT, "a", "Ask for the Name").document, AT, undefined, "later").document;
    expect(searchNotes(document, "name ASK").map((note) => note.content)).toEqual(["Ask for the Name"]);
    const history = record(historyOf(document), "delete", remove(document, CATALOGUE, new Set(["a"])));
    expect(notesOf(history.present)).toHaveLength(1);
    expect(notesOf(undo(history).present)).toHaveLength(2);
  });
});

describe("clipboard", () => {
  const voice = action("voice", "UpdateContactTextToSpeechVoice", { TextToSpeechVoice: "Mizuki" }, { NextAction: "language" });
  const language = action("language", "UpdateContactData", { LanguageCode: "ja-JP" }, { NextAction: "Menu" });
  const menu = action("Menu", "GetParticipantInput", { StoreInput: "False", Odd: [1] }, {
    Conditions: [{ NextAction: "voice", Condition: { Operator: "Equals", Operands: ["1"] } }, { NextAction: "end", Condition: { Operator: "Equals", Operands: ["2"] } }],
    Errors: [{ ErrorType: "NoMatchingError", NextAction: "end" }],
  });
  const end = action("end", "DisconnectParticipant");
  const source = frozen(addNote(flow(voice, language, menu, end), { x: 5, y: 6 }, "Menu", "note").document);

  it("FLOW-41: carries settings, layout, notes and the connections inside the selection", () => {
    const text = copy(source, CATALOGUE, new Set(["voice", "Menu"]));
    const pasted = paste(frozen(emptyDocument()), CATALOGUE, "CONTACT_FLOW", text)!;
    const blocks = blocksOf(pasted.document, CATALOGUE);
    expect(blocks.map((block) => block.type?.Key)).toEqual(["set-voice", "get-customer-input"]);
    expect(blocks[1]!.main.Parameters).toEqual({ StoreInput: "False", Odd: [1] });
    expect(blocks.map((block) => block.position)).toEqual([{ x: 200, y: 40 }, { x: 600, y: 40 }]);
    expect(blocks[0]!.outcomes[0]!.target).toBe(blocks[1]!.id);
    expect(blocks[1]!.outcomes.map((outcome) => outcome.target)).toEqual([blocks[0]!.id, null, null, null, null]);
    expect(notesOf(pasted.document)).toMatchObject([{ content: "note", actionId: blocks[1]!.id, position: { x: 5, y: 6 } }]);
    expect(pasted.document.StartAction).toBe(blocks[0]!.id);
    expect(pasted.ids).toEqual(new Set([...blocks.map((block) => block.id), notesOf(pasted.document)[0]!.id]));
  });
  it("FLOW-41: gives fresh identifiers within a flow, beside the originals", () => {
    const pasted = paste(source, CATALOGUE, "CONTACT_FLOW", copy(source, CATALOGUE, new Set(["Menu"])))!;
    expect(pasted.document.Actions.map((one) => one.Identifier)).toEqual(["voice", "language", "Menu", "end", "Menu 2"]);
    expect(metadataOf(pasted.document, "Menu 2").position).toEqual({ x: 640, y: 80 });
    expect(pasted.document.StartAction).toBe("voice");
    const twice = paste(pasted.document, CATALOGUE, "CONTACT_FLOW", copy(source, CATALOGUE, new Set(["Menu"])), { x: 10, y: 20 })!;
    expect(metadataOf(twice.document, "Menu 3").position).toEqual({ x: 605, y: 54 });
  });
  it("FLOW-41: cuts", () => {
    const { document, text } = cut(source, CATALOGUE, new Set(["voice"]));
    expect(document.Actions.map((one) => one.Identifier)).toEqual(["Menu", "end"]);
    expect(parseDocument(text)!.Actions).toHaveLength(2);
    expect(copy(source, CATALOGUE, new Set())).toBe("");
  });
  it("FLOW-41: does nothing with damaged JSON, several values or an old format", () => {
    const text = copy(source, CATALOGUE, new Set(["Menu"]));
    for (const bad of [text.slice(0, -3), `${text}${text}`, `[${text}]`, "", "hello", '{"modules":[{"id":"x","type":"PlayPrompt"}]}']) {
      expect(paste(source, CATALOGUE, "CONTACT_FLOW", bad), bad).toBeNull();
    }
  });
  it("leaves out what may not stand in the type of flow, and connections to nothing", () => {
    const pasted = paste(emptyDocument(), CATALOGUE, "CUSTOMER_HOLD", copy(source, CATALOGUE, new Set(["voice", "Menu"])))!;
    expect(pasted.refused).toEqual(["Menu"]);
    expect(blocksOf(pasted.document, CATALOGUE).map((block) => [block.type?.Key, block.outcomes[0]!.target])).toEqual([["set-voice", null]]);
    const stray = JSON.stringify({ ...flow(action("x", "MessageParticipant", {}, { NextAction: "nowhere" })), StartAction: "nowhere" });
    expect(paste(emptyDocument(), CATALOGUE, "CONTACT_FLOW", stray)!.document).toMatchObject({ StartAction: "", Actions: [{ Transitions: {} }] });
  });
});

describe("layout", () => {
  const chain = Array.from({ length: 6 }, (_, at) => action(`b${at}`, "MessageParticipant", {}, at < 5 ? { NextAction: `b${at + 1}`, Errors: [{ ErrorType: "NoMatchingError", NextAction: "b5" }] } : {}));
  it("goes from left to right without overlaps, beginning at the entry point", () => {
    const document = arrange(frozen(flow(...chain)), CATALOGUE);
    const blocks = blocksOf(document, CATALOGUE);
    expect(blocks.map((block) => block.position.x)).toEqual([...blocks.map((block) => block.position.x)].sort((a, b) => a - b));
    expect(document.Metadata!.entryPointPosition).toEqual({ x: 40, y: 40 });
    expect(blocks[0]!.position.x).toBeGreaterThan(140);
    for (const one of blocks) {
      for (const other of blocks) {
        if (one === other) continue;
        const apart = Math.abs(one.position.x - other.position.x) >= 200 || (one.position.y < other.position.y ? one.position.y + sizeOf(one).height <= other.position.y : other.position.y + sizeOf(other).height <= one.position.y);
        expect(apart).toBe(true);
      }
    }
  });
  it("keeps the corner of a part, and the rest where it is", () => {
    const document = arrange(flow(...chain), CATALOGUE, new Set(["b3", "b4"]));
    expect(metadataOf(document, "b2").position).toEqual({ x: 600, y: 40 });
    expect(Math.min(metadataOf(document, "b3").position!.x, metadataOf(document, "b4").position!.x)).toBe(800);
  });
  it("finds places only for blocks that have none", () => {
    const document = flow(...chain);
    expect(placed(document, CATALOGUE)).toBe(document);
    delete document.Metadata!.ActionMetadata!["b5"];
    const settled = placed(document, CATALOGUE);
    expect(metadataOf(settled, "b0").position).toEqual({ x: 200, y: 40 });
    expect(metadataOf(settled, "b5").position!.y).toBeGreaterThan(100);
    const bare = placed({ ...document, Metadata: undefined }, CATALOGUE);
    expect(blocksOf(bare, CATALOGUE).every((block) => block.placed)).toBe(true);
  });
});

describe("search", () => {
  it("FLOW-42: finds blocks by name, type, setting and outcome, and notes", () => {
    const document = addNote(flow(action("Greeting", "MessageParticipant", { Text: "Welcome to the help desk" }), action("b", "CheckHoursOfOperation")), AT, undefined, "the desk is new").document;
    const found = (text: string): string[] => search(document, CATALOGUE, text).map((hit) => (hit.kind === "note" ? "note" : hit.id));
    expect(found("desk")).toEqual(["Greeting", "note"]);
    expect(found("out of hours")).toEqual(["b"]);
    expect(found("play PROMPT")).toEqual(["Greeting"]);
    expect(found("  ")).toEqual([]);
    expect(search(document, CATALOGUE, "help")[0]).toMatchObject({ title: "Greeting", excerpt: "Text: Welcome to the help desk" });
  });
});
