import { describe, expect, it } from "vitest";
import { readable } from "../src/admin/audio/SpeechPreview";

describe("a text that is listened to", () => {
  it("says the names of references, whose values nobody knows yet", () => {
    expect(readable("Hello $.Attributes.name, you have $.External.order_count orders.")).toBe("Hello name, you have order_count orders.");
    expect(readable("For $.External['first name'] and $['Attributes']['LOB']: $5.00")).toBe("For first name and LOB: $5.00");
  });
});
