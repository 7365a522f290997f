import { describe, expect, it } from "vitest";
import type { AgentSnapshot } from "../src/api/switchroom";
import { logSnapshot, logText } from "../src/shared/voice/agentLog";

const status = { StatusId: "s", Name: "Available", Type: "ROUTABLE" as const };

function desk(AutoAccept: boolean): AgentSnapshot {
  return {
    UserId: "u", Status: status, StatusStart: 0, Statuses: [status], Channels: [], SnapshotTimestamp: 0, SnapshotVersion: 1,
    Phone: { Type: "SOFT_PHONE", AutoAccept },
    Contacts: [{ ContactId: `c-${AutoAccept}`, Channel: "VOICE", State: "INCOMING", StateStart: 0 }],
  };
}

describe("the log an agent downloads", () => {
  it("ROUT-71: tells whether calls are accepted by themselves", () => {
    logSnapshot(desk(true));
    expect(logText()).toContain('"type":"agent","initial":false,"softphoneMediaInfo":{"callType":"audio_only","autoAccept":true');
    logSnapshot(desk(false));
    expect(logText()).toContain('"autoAccept":false');
  });

  it("has one JSON object a line, each once", () => {
    const before = logText();
    logSnapshot(desk(false));
    expect(logText()).toBe(before);
    for (const line of before.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ level: "INFO", text: "Snapshot" });
  });
});
