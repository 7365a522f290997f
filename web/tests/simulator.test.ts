import { describe, expect, it } from "vitest";
import { direction, inWords, shown, ticksOf, toCsv, worth, type Writer } from "../src/admin/simulator/figures";
import {
  addVariant, change, clockAt, differences, effective, formOf, freeName, inParts, lengthOf, moreAgents, moreContacts, otherHandling, read, removeVariant, renameVariant, stepsOf,
  withKind, withMean, workAndPeople,
} from "../src/admin/simulator/scenario";
import type { SimulationReport } from "../src/api/switchroom";
import { translate } from "../src/i18n";

const TEXT = `# What we did last week
name: Today
start: "08:00"
hours: 4
interval: 30  # minutes
queues:
  Sales:
    arrivals: {per_hour: [60, 120]}  # the campaign
    handle: {lognormal: {mean: 240, deviation: 180}}
    patience: {exponential: 120}
    needs: {"Language:English": 3}
  E-mail v2.0:
    channel: CHAT
    arrivals: {at: [10, 20.5, 30]}
    handle: 300
profiles:
  Everybody: {queues: {Sales: 1, E-mail v2.0: {priority: 2, delay: 20}}, cross: [CHAT]}
staff:
  - {profile: Everybody, count: 15, shift: "08:00-12:00", breaks: ["10:00-10:30"], answer: {uniform: [1, 4]}}
  # students
  - {profile: Everybody, count: 2}
variants:
  two more: {staff: [{profile: Everybody, count: 17}]}
`;
const writer: Writer = { language: "en", t: (key, values) => translate("en", key, values) };

describe("a scenario as a form", () => {
  const form = formOf(effective(read(TEXT).value));

  it("shows what the YAML says, with what is usual where it says nothing", () => {
    expect(form).toMatchObject({ name: "Today", start: "08:00", hours: 4, interval: 30, replications: 5, serviceLevel: 20 });
    expect(form.queues[0]).toMatchObject({ name: "Sales", channel: "VOICE", perHour: [60, 120], perDay: 360, wrap: 0, limit: null });
    expect(form.queues[1]).toMatchObject({ perHour: null, recorded: 3, perDay: 3, patience: null });
    expect(form.staff).toMatchObject([{ count: 15, breaks: ["10:00-10:30"], miss: 0 }, { count: 2, shift: "" }]);
    expect(form.places).toEqual([
      { profile: "Everybody", queue: "Sales", priority: 1, delay: 0, whole: false },
      { profile: "Everybody", queue: "E-mail v2.0", priority: 2, delay: 20, whole: true },
    ]);
  });
  it("keeps comments, order and what it does not know when something changes", () => {
    const changed = change(TEXT, undefined, ["staff", 0, "count"], 16);
    expect(changed).toBe(TEXT.replace("count: 15", "count: 16").replace("interval: 30  #", "interval: 30 #").replace("]}  # the", "]} # the"));
    expect(change(changed, undefined, ["queues", "Sales", "arrivals", "per_hour"], [70, 130])).toContain("arrivals: {per_hour: [70, 130]} # the campaign");
    expect(read(change(TEXT, undefined, ["queues", "Sales", "patience"], undefined)).value).not.toHaveProperty("queues.Sales.patience");
    expect(change("", undefined, ["queues", "A", "handle"], { exponential: 60 })).toBe("queues:\n  A:\n    handle: {exponential: 60}\n");
  });
  it("writes what the server takes: no references, texts of several lines as such", () => {
    const staff = { profile: "Everybody", count: 2, breaks: ["10:00-10:15"] };
    expect(change(TEXT, undefined, ["staff"], [staff, staff])).toContain('staff:\n  - {profile: Everybody, count: 2, breaks: [10:00-10:15]}\n  - {profile: Everybody, count: 2, breaks: [10:00-10:15]}\n');
    expect(change("", "later", ["start"], "09:30")).toContain('start: "09:30"');
    const csv = change(TEXT, undefined, ["queues", "Sales", "arrivals"], { csv: "InitiationTimestamp\n2026-01-05T08:00:00Z\n" });
    expect(csv).toContain("csv: |\n");
    expect(formOf(effective(read(csv).value)).queues[0]).toMatchObject({ perHour: null, perDay: 0 });
  });
  it("says where the YAML is broken", () => {
    const broken = read("queues:\n  Sales: {handle: [1, 2\nstaff: []\n");
    expect(broken.faults[0]!.row).toBeGreaterThan(0);
    expect(formOf(effective(broken.value)).queues).toEqual([]);
    expect(formOf(effective(read("queues: [1]\nstaff: x\nprofiles: 3").value))).toMatchObject({ queues: [], staff: [], places: [] });
  });
  it("finds the place of a problem", () => {
    const source = read(TEXT);
    const path = stepsOf("queues.E-mail v2.0.arrivals", source.value);
    expect(path).toEqual(["queues", "E-mail v2.0", "arrivals"]);
    expect(source.rowOf(path)).toBe(13);
    expect(stepsOf("staff.1.count", source.value)).toEqual(["staff", 1, "count"]);
    expect(stepsOf("staff[1].shift", source.value)).toEqual(["staff", 1, "shift"]);
    expect(stepsOf("", source.value)).toEqual([]);
  });
  it("tells people and work by interval", () => {
    const { work, people } = workAndPeople(form);
    expect(people).toEqual([17, 17, 17, 17, 2, 17, 17, 17]);
    expect(work[0]).toBeCloseTo((60 * 240) / 3600 + (0.75 * 300) / 3600);
    expect(clockAt("22:30", 120)).toBe("00:30");
    expect(inParts([60, 120], 4)).toEqual([60, 60, 120, 120]);
    expect(inParts([60, 120, 180, 60], 2)).toEqual([90, 120]);
  });
});

describe("a variant", () => {
  it("says only what is different", () => {
    const more = change(TEXT, "two more", ["queues", "Sales", "handle"], withMean({ lognormal: { mean: 240, deviation: 180 } }, 200));
    expect(differences(read(more).value, "two more").map((one) => [one.path.join("."), one.after])).toEqual([
      ["queues.Sales.handle", { lognormal: { mean: 200, deviation: 150 } }], ["staff.0.count", 17], ["staff.0.shift", undefined], ["staff.0.breaks", undefined],
      ["staff.0.answer", undefined], ["staff.1", undefined],
    ]);
    const back = change(more, "two more", ["queues", "Sales", "handle"], { lognormal: { mean: 240, deviation: 180 } });
    expect(read(back).value["variants"]).toEqual({ "two more": { staff: [{ profile: "Everybody", count: 17 }] } });
  });
  it("is made by copying, with whole lists, and leaves the scenario alone", () => {
    const source = read(addVariant(TEXT, "Plan B"));
    const changed = read(change(source.text, "Plan B", ["staff", 1, "count"], 4));
    expect(effective(changed.value, "Plan B")["staff"]).toMatchObject([{ count: 15, answer: { uniform: [1, 4] } }, { count: 4 }]);
    expect(effective(changed.value)["staff"]).toMatchObject([{ count: 15 }, { count: 2 }]);
    expect(changed.text).toContain("# students");
    expect(read(change(changed.text, "Plan B", ["staff", 1, "count"], 2)).value["variants"]).toMatchObject({ "Plan B": {} });
    expect(read(renameVariant(source.text, "Plan B", "Plan C")).variants).toEqual(["two more", "Plan C"]);
    expect(renameVariant(source.text, "Plan B", "two more")).toBe(source.text);
    expect(removeVariant(TEXT, "two more")).not.toContain("variants");
    expect(freeName("two more", source.variants)).toBe("two more 2");
  });
  it("may say another kind of time", () => {
    const other = read(change(TEXT, "two more", ["queues", "Sales", "handle"], { exponential: 200 }));
    expect(effective(other.value, "two more")).toMatchObject({ queues: { Sales: { handle: { exponential: 200 } } } });
    expect(formOf(effective(other.value, "two more")).queues[0]!.handle).toEqual({ exponential: 200 });
  });
  it("comes ready made", () => {
    const { value } = read(TEXT);
    expect(moreAgents(value, 2)["staff"]).toMatchObject([{ count: 17, shift: "08:00-12:00" }, { count: 2 }]);
    expect(moreContacts(value, 1.1)).toEqual({ queues: { Sales: { arrivals: { per_hour: [66, 132] } } } });
    expect(otherHandling(value, 0.9)).toEqual({ queues: { Sales: { handle: { lognormal: { mean: 216, deviation: 162 } } }, "E-mail v2.0": { handle: 270 } } });
  });
});

describe("lengths of time", () => {
  it("have a mean, and keep their kind with another", () => {
    expect(lengthOf({ uniform: [10, 30] })).toEqual({ kind: "uniform", mean: 20, deviation: null });
    expect(lengthOf(null)).toBeNull();
    expect(withMean({ samples: [10, 30] }, 40)).toEqual({ samples: [20, 60] });
    expect(withMean(null, 90)).toEqual({ exponential: 90 });
    expect(withMean(60, 90)).toBe(90);
    expect(withKind({ exponential: 100 }, "gamma")).toEqual({ gamma: { mean: 100, deviation: 75 } });
    expect(withKind({ lognormal: { mean: 240, deviation: 180 } }, "constant")).toBe(240);
  });
});

describe("figures", () => {
  it("are written as people read them", () => {
    expect(shown("service_level", 0.9321, writer)).toBe("93.2 %");
    expect(shown("answer_time", 12.34, writer)).toBe("12.3 s");
    expect(shown("answer_time", 245, writer)).toBe("4:05");
    expect(shown("queued", 1240.4, writer)).toBe("1,240");
    expect(shown("abandonment", undefined, writer)).toBe("–");
    expect(ticksOf(1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(ticksOf(37)).toEqual([0, 10, 20, 30, 40]);
  });
  it("say what a variant changes, and whether that is sure", () => {
    expect(inWords("service_level", { Mean: 0.061, Low: 0.049, High: 0.073 }, writer)).toBe("Service level rises by 6.1 points (4.9 to 7.3)");
    expect(inWords("answer_time", { Mean: -8, Low: -9.5, High: -6.5 }, writer)).toBe("Average speed of answer falls by 8.0 s (6.5 s to 9.5 s)");
    expect(inWords("abandonment", { Mean: 0.001, Low: -0.002, High: 0.004 }, writer)).toBe("Abandonment: no sure change (−0.2 to 0.4)");
    expect(inWords("abandonment", { Mean: 0, Low: 0, High: 0 }, writer)).toBe("Abandonment stays the same");
    expect(inWords("queue_length", { Mean: 0.4 }, writer)).toContain("rises by 0.40; more replications");
    expect([direction({ Mean: 1, Low: 0.5, High: 2 }), worth("answer_time", { Mean: 1, Low: 0.5, High: 2 }), worth("queued", { Mean: 1, Low: 0.5, High: 2 })]).toEqual([1, -1, 0]);
  });
  it("go to a file, interval by interval", () => {
    const report: SimulationReport = {
      Name: "=Today", Start: "08:00", IntervalMinutes: 30, Replications: 2, ServiceLevelSeconds: 20, All: { service_level: { Mean: 0.5, Low: 0.4, High: 0.6 } },
      Queues: [{ Name: "Sales", Total: {}, Intervals: [{ queued: { Mean: 10 } }, { queued: { Mean: -1.5 } }] }],
      Profiles: [{ Name: "Everybody", Total: { occupancy: { Mean: 0.8 } }, Intervals: [] }],
    };
    const rows = toCsv([report]).trim().split("\r\n").map((row) => row.split(","));
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      ["scenario", "queue", "routing_profile", "interval"], ["'=Today", "", "", ""], ["'=Today", "Sales", "", ""], ["'=Today", "Sales", "", "08:00"], ["'=Today", "Sales", "", "08:30"],
      ["'=Today", "", "Everybody", ""],
    ]);
    expect(rows[1]!.slice(4, 7)).toEqual(["0.5", "0.4", "0.6"]);
    expect(rows[4]![rows[0]!.indexOf("queued")]).toBe("-1.5");
  });
});
