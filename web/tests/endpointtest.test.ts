import { describe, expect, it } from "vitest";
import { readOptions } from "../src/endpointtest/options";
import { fileOf, median, readFile, unevenness, verdictOf, type CheckResult } from "../src/endpointtest/results";

const result = (outcome: CheckResult["outcome"]): CheckResult => ({ id: "site", outcome, finding: "latency.good" });

describe("the endpoint test", () => {
  it("DESK-168: honours what its address asks for", () => {
    expect(readOptions("?lng=ja&autoRun=true&connectInstanceId=https://a.example&regions=us-east-1,%20eu-west-2,")).toEqual({
      language: "ja",
      autoRun: true,
      instance: "https://a.example",
      regions: ["us-east-1", "eu-west-2"],
    });
    expect(readOptions("?lng=fr&autoRun=yes&connectInstanceId=javascript:alert(1)")).toEqual({ language: "en", autoRun: false, regions: [] });
    expect(readOptions("")).toEqual({ autoRun: false, regions: [] });
  });

  it("is as good as its worst check", () => {
    expect(verdictOf([result("pass"), result("skipped")])).toBe("pass");
    expect(verdictOf([result("pass"), result("warn")])).toBe("warn");
    expect(verdictOf([result("warn"), result("fail"), result("pass")])).toBe("fail");
    expect(verdictOf([result("skipped")])).toBe("skipped");
  });

  it("DESK-167: reads what it wrote, and nothing else", () => {
    const file = fileOf([result("pass")], { startedAt: "2026-01-02T03:04:05Z", finishedAt: "2026-01-02T03:04:15Z", page: "https://a.example", browser: "Chrome" });
    expect(readFile(JSON.stringify(file))).toEqual(file);
    for (const text of ["", "{}", '{"schema":"switchroom-endpoint-test/1","results":[{"id":"else"}]}']) expect(() => readFile(text)).toThrow();
  });

  it("takes the middle of a series and its unevenness", () => {
    expect(median([30, 10, 20])).toBe(20);
    expect(unevenness([10, 20, 10])).toBe(10);
  });
});
