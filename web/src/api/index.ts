import { send } from "./client";
import { routes as connectRoutes, type ConnectOperations } from "./connect";
import { routes as participantRoutes, type ConnectparticipantOperations } from "./connectparticipant";
import { routes as switchroomRoutes, type SwitchroomOperations } from "./switchroom";

export function connect<Name extends keyof ConnectOperations>(
  name: Name,
  input: ConnectOperations[Name][0],
): Promise<ConnectOperations[Name][1]> {
  return send(connectRoutes[name], input);
}

export function participant<Name extends keyof ConnectparticipantOperations>(
  name: Name,
  input: ConnectparticipantOperations[Name][0],
  origin = "",
): Promise<ConnectparticipantOperations[Name][1]> {
  return send(participantRoutes[name], input, origin);
}

export function switchroom<Name extends keyof SwitchroomOperations>(
  name: Name,
  input: SwitchroomOperations[Name][0],
  origin = "",
): Promise<SwitchroomOperations[Name][1]> {
  return send(switchroomRoutes[name], input, origin);
}

export { ServiceError } from "./client";
