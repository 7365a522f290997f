import { describe, expect, it } from "vitest";
import type { Trunk, TrunkRule } from "../src/api/switchroom";
import { tryNumber, usable } from "../src/admin/numberRules";
import { healthOf } from "../src/admin/trunkHealth";

const rules: TrunkRule[] = [
  { Direction: "INBOUND", Match: "0(\\d+)", Replace: "+44\\1" },
  { Direction: "OUTBOUND", Match: "\\+44(\\d+)", Replace: "0\\1" },
  { Direction: "OUTBOUND", Match: "\\+(\\d)(\\d+)", Replace: "00\\g<1>\\2" },
  { Direction: "OUTBOUND", Match: "9|99(\\d+)", Replace: "\\1" },
];

describe("number rules", () => {
  it("take the first rule of the direction that fits the whole number", () => {
    expect(tryNumber(rules, "INBOUND", "02079460123")).toEqual({ number: "+442079460123", rule: 0 });
    expect(tryNumber(rules, "OUTBOUND", "+442079460123")).toEqual({ number: "02079460123", rule: 1 });
    expect(tryNumber(rules, "OUTBOUND", "+12025550143")).toEqual({ number: "0012025550143", rule: 2 });
    expect(tryNumber(rules, "OUTBOUND", "99123")).toEqual({ number: "123", rule: 3 });
    expect(tryNumber(rules, "INBOUND", "+02079460123")).toEqual({ number: "+02079460123", rule: -1 });
  });

  it("are told apart from what makes no sense", () => {
    expect(rules.map(usable)).toEqual([true, true, true, true]);
    expect(usable({ Direction: "INBOUND", Match: "(" })).toBe(false);
    expect(usable({ Direction: "INBOUND", Match: "0(.*)", Replace: "\\2" })).toBe(false);
    expect(tryNumber([{ Direction: "INBOUND", Match: "(" }], "INBOUND", "1")).toEqual({ number: "1", rule: -1 });
  });
});

describe("health of a trunk", () => {
  const of = (trunk: Trunk): string => healthOf(trunk).health;
  it("is that of all media processes together", () => {
    expect(of({ Enabled: false, States: [{ Registered: true }] })).toBe("off");
    expect(of({ States: [] })).toBe("waiting");
    expect(of({ States: [{}] })).toBe("ready");
    expect(of({ States: [{ Registered: true }, {}] })).toBe("registered");
    expect(of({ States: [{ Registered: false, Reachable: true }] })).toBe("unregistered");
    expect(of({ States: [{ Reachable: false }, { Reachable: true }] })).toBe("reachable");
    expect(of({ States: [{ Registered: true, Reachable: false }] })).toBe("unreachable");
  });

  it("counts calls, and shows the slowest ping and the newest error", () => {
    const States = [
      { Calls: 2, Reachable: true, RoundTripMilliseconds: 3, Error: "old", ErrorTimestamp: 1 },
      { Calls: 1, Reachable: true, RoundTripMilliseconds: 12, Error: "new", ErrorTimestamp: 2 },
    ];
    expect(healthOf({ States })).toEqual({ health: "reachable", calls: 3, roundTrip: 12, error: "new", errorAt: 2 });
  });
});
