import { describe, expect, it } from "vitest";
import { inOrder, reconciled, reconciledEdges, steady, type CanvasEdge, type CanvasNode } from "../../src/designer/canvas/nodes";
import { nearest } from "../../src/designer/canvas/useKeys";
import { blocksOf } from "../../src/designer/model/blocks";
import type { FlowDocument } from "../../src/designer/model/document";
import { connect, move, rename } from "../../src/designer/model/edits";
import { CATALOGUE } from "./catalogue";
import { action, flow } from "./flow";

const document = flow(
  action("a", "Compare", {}, { Conditions: [{ NextAction: "c", Condition: { Operator: "Equals", Operands: ["1"] } }], Errors: [{ ErrorType: "NoMatchingCondition", NextAction: "b" }] }),
  action("b", "MessageParticipant", {}, { NextAction: "d" }),
  action("c", "MessageParticipant", {}, { NextAction: "a" }),
  action("d", "DisconnectParticipant"),
  action("alone", "DisconnectParticipant"),
);

describe("what is drawn again", () => {
  const drawn = (of: FlowDocument, before = new Map()) => steady(before, blocksOf(of, CATALOGUE));
  it("keeps the blocks that an edit does not touch", () => {
    const before = drawn(document);
    const moved = drawn(move(document, CATALOGUE, { b: { x: 1, y: 2 } }), before);
    expect([...moved].filter(([id, block]) => block !== before.get(id)).map(([id]) => id)).toEqual(["b"]);
    const joined = drawn(connect(document, CATALOGUE, "c", "next", "d"), before);
    expect([...joined].filter(([id, block]) => block !== before.get(id)).map(([id]) => id)).toEqual(["c"]);
    const renamed = drawn(rename(document, "d", "The end").document, before);
    expect([...renamed].filter(([id, block]) => block !== before.get(id)).map(([id]) => id)).toEqual(["b", "The end"]);
  });
  const node = (id: string, x: number, hit = false): CanvasNode => ({ id, type: "entry", position: { x, y: 0 }, data: { connected: hit, readOnly: false } });
  it("keeps nodes with what was measured, and edges", () => {
    const before = [{ ...node("a", 0), measured: { width: 5, height: 6 } }, node("b", 0)];
    const after = reconciled(before, [node("b", 0), node("a", 9), node("c", 0)], before);
    expect(after[0]).toBe(before[1]);
    expect(after[1]).toMatchObject({ position: { x: 9, y: 0 }, measured: { width: 5, height: 6 } });
    expect(after[1]!.data).toBe(before[0]!.data);
    const edge = (target: string): CanvasEdge => ({ id: "a|next", type: "flow", source: "a", target, data: { outcomeKey: "next", mark: undefined, readOnly: false } });
    const old = edge("b");
    expect(reconciledEdges(new Map([[old.id, old]]), [edge("b")])[0]).toBe(old);
    expect(reconciledEdges(new Map([[old.id, old]]), [edge("c")])[0]).not.toBe(old);
  });
  it("leaves a node where it is being moved to, whatever else changes about it", () => {
    const moving = [node("a", 30)];
    expect(reconciled(moving, [node("a", 0, true)], [node("a", 0)])[0]).toMatchObject({ position: { x: 30, y: 0 }, data: { connected: true } });
    expect(reconciled(moving, [node("a", 5)], [node("a", 0)])[0]).toMatchObject({ position: { x: 5, y: 0 } });
  });
});

describe("the way through the canvas by keys", () => {
  it("follows the flow from its beginning, then what nothing leads to", () => {
    expect(inOrder(blocksOf(document, CATALOGUE), "a").map((block) => block.id)).toEqual(["a", "c", "b", "d", "alone"]);
    expect(inOrder(blocksOf(document, CATALOGUE), null).map((block) => block.id)).toHaveLength(5);
  });
  it("goes to the block that lies next in a direction", () => {
    const at = (x: number, y: number) => ({ x, y, width: 200, height: 100 });
    const places = new Map([["left", at(0, 0)], ["right", at(300, 20)], ["far", at(700, 0)], ["below", at(20, 200)], ["aside", at(320, 900)]]);
    const right = { x: 1, y: 0 };
    expect(nearest("left", places, right)).toBe("right");
    expect(nearest("right", places, right)).toBe("far");
    expect(nearest("right", places, { x: -1, y: 0 })).toBe("left");
    expect(nearest("left", places, { x: 0, y: 1 })).toBe("below");
    expect(nearest("far", places, right)).toBeNull();
    expect(nearest(null, places, right)).toBe("left");
  });
});
