import { describe, expect, it } from "vitest";
import { parseAttributes } from "../src/testchat/attributes";

describe("test attributes (BASE-121)", () => {
  it("takes quoted pairs with and without braces", () => {
    expect(parseAttributes('"a": "1", "b": "2"')).toEqual({ a: "1", b: "2" });
    expect(parseAttributes('{"a": "1"}')).toEqual({ a: "1" });
    expect(parseAttributes("  ")).toEqual({});
  });
  it("refuses what is not quoted", () => {
    for (const bad of ["a: 1", '"a": 1', '"a"', "[1]", '"a": {"b": "c"}']) expect(parseAttributes(bad)).toBeNull();
  });
});
