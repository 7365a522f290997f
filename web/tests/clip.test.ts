import { describe, expect, it } from "vitest";
import { searchOf } from "../src/admin/pages/PromptsPage";
import { cropped, lengthOf, mixed, peaks, toWav, type Clip } from "../src/shared/clip";

const ramp: Clip = { samples: Float32Array.from({ length: 100 }, (_, at) => at / 100), rate: 10 };

describe("clips", () => {
  it("are cut by seconds", () => {
    const part = cropped(ramp, 2, 5);
    expect(lengthOf(part)).toBe(3);
    expect(part.samples[0]).toBeCloseTo(0.2);
  });

  it("become WAV files of 16 bits", async () => {
    const file = toWav({ samples: Float32Array.from([0, 1, -1, 2, 0.5]), rate: 16_000 });
    const view = new DataView(await file.arrayBuffer());
    const word = (at: number): string => String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
    expect([word(0), word(8), word(12), word(36)]).toEqual(["RIFF", "WAVE", "fmt ", "data"]);
    expect([view.getUint32(4, true), view.getUint32(40, true), view.byteLength]).toEqual([46, 10, 54]);
    expect([view.getUint16(20, true), view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)]).toEqual([1, 1, 16_000, 16]);
    expect([0, 1, 2, 3, 4].map((at) => view.getInt16(44 + 2 * at, true))).toEqual([0, 32_767, -32_767, 32_767, 16_384]);
    expect(file.type).toBe("audio/wav");
  });

  it("show their loudest samples", () => {
    expect(peaks(Float32Array.from([0, 0.5, -0.9, 0.1]), 2)).toEqual([0.5, expect.closeTo(0.9)]);
    expect(peaks(new Float32Array(0), 3)).toEqual([0, 0, 0]);
  });

  it("have one channel", () => {
    expect([...mixed([Float32Array.from([1, 0]), Float32Array.from([0, 0])])]).toEqual([0.5, 0]);
    expect(mixed([])).toHaveLength(0);
  });
});

describe("the filter of prompts", () => {
  it("asks for names, descriptions and tags at once", () => {
    const tokens = [
      { value: "hello", operator: ":" },
      { propertyKey: "description", value: "night", operator: ":" },
      { propertyKey: "tag", value: "team=a=b", operator: ":" },
      { propertyKey: "tag", value: "old", operator: ":" },
    ];
    expect(searchOf({ tokens, operation: "and" })).toEqual({
      SearchCriteria: {
        AndConditions: [
          { StringCondition: { FieldName: "name", Value: "hello", ComparisonType: "CONTAINS" } },
          { StringCondition: { FieldName: "description", Value: "night", ComparisonType: "CONTAINS" } },
        ],
      },
      SearchFilter: { TagFilter: { AndConditions: [{ TagKey: "team", TagValue: "a=b" }, { TagKey: "old" }] } },
    });
    expect(searchOf({ tokens: [], operation: "and" })).toEqual({ SearchCriteria: undefined, SearchFilter: undefined });
  });
});
