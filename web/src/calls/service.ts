import { participant, switchroom } from "../api";
import { WebCall, type CallOptions } from "./webCall";

/** What `StartWebRTCContact` answers, as far as a client needs it. */
export interface StartedCall {
  ContactId: string;
  ParticipantId: string;
  ParticipantToken: string;
  ConnectionData: { Attendee?: { AttendeeId?: string; JoinToken?: string } };
}

/** A call that was started through the service. `origin`: of the contact centre; empty for the page's own. */
export function joinCall(started: Pick<StartedCall, "ConnectionData">, origin = "", options: Partial<CallOptions> = {}): WebCall {
  const ConnectionToken = started.ConnectionData.Attendee?.JoinToken ?? "";
  return new WebCall({
    exchange: async (Offer) => (await switchroom("JoinWebCall", { ConnectionToken, Offer }, origin)).Answer,
    press: (Content) => participant("SendMessage", { ConnectionToken, ContentType: "audio/dtmf", Content }, origin),
    leave: () => participant("DisconnectParticipant", { ConnectionToken }, origin),
    ...options,
  });
}
