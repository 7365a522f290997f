import { describe, expect, it } from "vitest";
import type { AgentCall, AgentContact, CallLeg } from "../src/api/switchroom";
import { isConsulting, partiesOf, phaseOf, wantsMedia } from "../src/shared/voice/call";
import { lettersToDigits, showNumber, toE164, typingNumber } from "../src/shared/voice/numbers";
import { between, judge } from "../src/shared/voice/quality";

const leg = (change: Partial<CallLeg>): CallLeg => ({ LegId: "l", Kind: "CUSTOMER", State: "connected", Since: 0, ...change });
const customer = leg({ LegId: "c", PhoneNumber: "+15550123" });
const own = leg({ LegId: "a", Kind: "AGENT", Own: true });
const other = leg({ LegId: "t", Kind: "THIRD_PARTY", Since: 5 });
const call = (change: Partial<AgentCall> = {}): AgentCall => ({ CallId: "1", OwnLegId: "a", OwnLegState: "connected", Legs: [own, customer], ...change });
const contact = (change: Partial<AgentContact>): AgentContact => ({ ContactId: "x", Channel: "VOICE", State: "CONNECTED", StateStart: 0, Direction: "INBOUND", Call: call(), ...change });

describe("a call on the desk", () => {
  it.each<[string, Partial<AgentContact>, string]>([
    ["is offered", { State: "INCOMING", OfferExpiresAt: 20 }, "offered"],
    ["is a callback that is offered", { State: "INCOMING", OfferExpiresAt: 20, Callback: true }, "callback"],
    ["was taken and waits for the microphone", { State: "CONNECTING", Call: call({ OwnLegState: "waiting" }) }, "joining"],
    ["plays the agent whisper", { State: "CONNECTING" }, "whisper"],
    ["calls the customer back", { State: "CONNECTING", Callback: true }, "calling"],
    ["is dialled", { State: "CONNECTING", Direction: "OUTBOUND" }, "calling"],
    ["talks", {}, "connected"],
    ["waits on hold", { Call: call({ Legs: [own, { ...customer, Held: true }] }) }, "held"],
    ["is a consultation while the customer waits", { State: "CONNECTED_ONHOLD", Call: call({ Legs: [own, { ...customer, Held: true }, other] }) }, "consult"],
    ["is listened to", { Monitoring: { Mode: "SILENT_MONITOR", Capabilities: ["SILENT_MONITOR"] } }, "monitoring"],
    ["is barged into", { Monitoring: { Mode: "BARGE", Capabilities: ["BARGE"] } }, "barged"],
    ["is over", { State: "ENDED" }, "acw"],
    ["was missed", { State: "MISSED" }, "missed"],
    ["failed", { State: "ERROR" }, "failed"],
  ])("%s", (_, change, phase) => expect(phaseOf(contact(change))).toBe(phase));

  it("DESK-65: shows the customer on top and oneself last", () => {
    expect(partiesOf(contact({ Call: call({ Legs: [own, other, customer] }) })).map((one) => one.LegId)).toEqual(["c", "t", "a"]);
  });

  it("DESK-56: is a consultation while one party waits and may be joined", () => {
    const held = { ...customer, Held: true };
    expect(isConsulting(contact({ Call: call({ Legs: [own, held, other], CanJoin: true }) }))).toBe(true);
    expect(isConsulting(contact({ Call: call({ Legs: [own, customer, other] }) }))).toBe(false);
  });

  it("wants the microphone only once it was taken", () => {
    expect(wantsMedia(contact({ State: "CONNECTING", OfferExpiresAt: 9 }))).toBe(false);
    expect(wantsMedia(contact({ State: "CONNECTING" }))).toBe(true);
    expect(wantsMedia(contact({ Call: call({ OwnLegId: undefined }) }))).toBe(false);
    expect(wantsMedia(contact({ State: "ENDED" }))).toBe(false);
  });
});

describe("phone numbers", () => {
  it("DESK-48: letters are the keys that carry them", () => {
    expect(lettersToDigits("1-800-EXAMPLE")).toBe("1-800-3926753");
    expect(toE164("1-800-FLOWERS", "US")).toBe("+18003569377");
  });

  it("are read as the chosen country writes them", () => {
    expect(toE164("03-1234-5678", "JP")).toBe("+81312345678");
    expect(toE164("020 7946 0018", "GB")).toBe("+442079460018");
    expect(toE164("+81 3 1234 5678", "US")).toBe("+81312345678");
  });

  it("DESK-77: what is no E.164 number is none", () => {
    for (const typed of ["", "12", "hello!", "+0123456", "+123456789012345678"]) expect([typed, toE164(typed, "US")]).toEqual([typed, null]);
  });

  it("of a test network are dialled as they stand", () => expect(toE164("+15550100", "US")).toBe("+15550100"));

  it("are shown grouped", () => {
    expect(showNumber("+81312345678")).toBe("+81 3 1234 5678");
    expect(showNumber("sip:100@pbx")).toBe("sip:100@pbx");
    expect(typingNumber("2015550123", "US")).toBe("(201) 555-0123");
    expect(typingNumber("1-800-EX", "US")).toBe("1-800-EX");
  });
});

describe("call quality", () => {
  it.each([
    [{ received: 500, lost: 0, jitter: 0.002, roundTrip: 0.02 }, "good"],
    [{ received: 480, lost: 25, jitter: 0.02, roundTrip: 0.15 }, "fair"],
    [{ received: 300, lost: 120, jitter: 0.06, roundTrip: 0.4 }, "poor"],
    [{ received: 0, lost: 0 }, "silent"],
  ])("of %j is %s", (figures, verdict) => expect(judge(figures).verdict).toBe(verdict));

  it("is judged by the newest interval, also after the counters began anew", () => {
    expect(between({ received: 100, lost: 5 }, { received: 200, lost: 5 })).toMatchObject({ received: 100, lost: 0 });
    expect(between({ received: 100, lost: 5 }, { received: 40, lost: 1 })).toMatchObject({ received: 40, lost: 1 });
  });
});
