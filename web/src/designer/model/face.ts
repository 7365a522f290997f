import type { FlowField } from "../../api/switchroom";
import type { Block } from "./blocks";
import { holds } from "./catalogue";
import { isRecord } from "./document";
import { isReference, textOf, valueAt } from "./paths";

/** How the face of a block says things in the reader's language. */
export interface FaceWords {
  /** `8` and `SECONDS`: "8 seconds". */
  amount: (value: string, unit: string) => string;
  /** "and 2 more". */
  more: (count: number) => string;
  /** The name of a resource by ARN or id, where it is known. */
  nameOf: (reference: string) => string | undefined;
}

const LINES = 2;

/** What a block is set to do, in a line or two: the queue, the text, "+8 seconds". */
export function faceOf(block: Block, words: FaceWords): string[] {
  const { variant, main } = block;
  if (!variant) return [];
  const lines: string[] = [];
  for (const field of variant.Fields) {
    if (lines.length === LINES) break;
    if (!holds(field.When, main.Parameters)) continue;
    const text = textOfField(field, main.Parameters, block, words);
    if (text) lines.push(text);
  }
  return lines;
}

function textOfField(field: FlowField, parameters: Record<string, unknown>, block: Block, words: FaceWords): string {
  const value = valueAt(parameters, field.Path);
  if (value === undefined || value === null || value === "") return "";
  if (isReference(value)) return value;
  switch (field.Kind) {
    case "PROMPT":
      return isRecord(value) ? promptText(value, field.Path, block, words) : textOf(value);
    case "MESSAGES":
      return Array.isArray(value) ? listed(value.filter(isRecord).map((one) => promptText(one, "", block, words)), words) : "";
    case "RESOURCE":
      return resourceText(textOf(value), field.Path, block, words);
    case "FLAG":
      return textOf(value).toLowerCase() === "true" ? field.Label : "";
    case "CHOICE":
      return choiceText(field, textOf(value));
    case "CHOICES":
      return Array.isArray(value) ? value.map((one) => choiceText(field, textOf(one))).join(", ") : choiceText(field, textOf(value));
    case "NUMBER":
      return field.Unit ? words.amount(signed(field, textOf(value)), field.Unit) : `${field.Label}: ${textOf(value)}`;
    case "DURATION":
      return durationText(field, textOf(value), words);
    case "NAMES":
      return Array.isArray(value) ? listed(value.map(textOf), words) : textOf(value);
    case "PAIRS":
      return isRecord(value) ? listed(Object.entries(value).map(([key, one]) => `${key} = ${pairText(one)}`), words) : "";
    case "TEXT":
    case "LONG_TEXT":
    case "SSML":
    case "PHONE":
    case "REFERENCE":
    case "KEYS":
    case "TIME":
      return textOf(value);
    default:
      return "";
  }
}

const LARGER: Record<string, [number, string]> = { SECONDS: [60, "MINUTES"], MINUTES: [60, "HOURS"], HOURS: [24, "DAYS"] };

/** A time in the largest unit in which it is whole. */
function durationText(field: FlowField, value: string, words: FaceWords): string {
  let [amount, unit] = [Number(value), field.Unit ?? "SECONDS"];
  for (let larger = LARGER[unit]; larger && amount !== 0 && amount % larger[0] === 0; larger = LARGER[unit]) [amount, unit] = [amount / larger[0], larger[1]];
  return words.amount(signed(field, Number.isFinite(amount) ? String(amount) : value), unit);
}

function signed(field: FlowField, value: string): string {
  return (field.Low ?? 0) < 0 && Number(value) > 0 ? `+${value}` : value;
}

function choiceText(field: FlowField, value: string): string {
  return field.Choices?.find((choice) => choice.Value.toLowerCase() === value.toLowerCase())?.Label ?? value;
}

/** Values of flow attributes are wrapped in a record. */
function pairText(value: unknown): string {
  return isRecord(value) && "Value" in value ? textOf(value["Value"]) : textOf(value);
}

function listed(texts: string[], words: FaceWords): string {
  const shown = texts.filter(Boolean);
  return shown.length > 1 ? `${shown[0]} ${words.more(shown.length - 1)}` : (shown[0] ?? "");
}

function promptText(prompt: Record<string, unknown>, path: string, block: Block, words: FaceWords): string {
  if (prompt["PromptId"]) return resourceText(textOf(prompt["PromptId"]), path ? `${path}.PromptId` : "PromptId", block, words);
  if (prompt["Text"]) return textOf(prompt["Text"]);
  if (prompt["SSML"]) return textOf(prompt["SSML"]).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  const uri = valueAt(prompt, "Media.Uri");
  return uri ? (textOf(uri).split("/").pop() ?? "") : "";
}

function resourceText(reference: string, path: string, block: Block, words: FaceWords): string {
  const stored = valueAt(block.metadata.parameters, `${path}.displayName`);
  return words.nameOf(reference) ?? (typeof stored === "string" && stored ? stored : (reference.split("/").pop() ?? reference));
}
