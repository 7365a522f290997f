import { describe, expect, it } from "vitest";
import { buildRequest } from "../src/api/client";
import { routes } from "../src/api/connect";
import { routes as participantRoutes } from "../src/api/connectparticipant";

describe("requests from the service model", () => {
  it("puts members into path, query and body", () => {
    const list = buildRequest(routes.ListQueues, { InstanceId: "a/b", QueueTypes: ["STANDARD", "AGENT"], MaxResults: 5 });
    expect(list.url).toBe("/queues-summary/a%2Fb?queueTypes=STANDARD&queueTypes=AGENT&maxResults=5");
    expect(list.init.body).toBeUndefined();
    const create = buildRequest(routes.CreateQueue, { InstanceId: "i", Name: "Q", HoursOfOperationId: "h" });
    expect(create.init.method).toBe("PUT");
    expect(JSON.parse(String(create.init.body))).toEqual({ Name: "Q", HoursOfOperationId: "h" });
  });

  it("puts the participant's token into its header", () => {
    const { init } = buildRequest(participantRoutes.CreateParticipantConnection, { Type: [], ParticipantToken: "t" });
    expect((init.headers as Record<string, string>)["X-Amz-Bearer"]).toBe("t");
  });
});
