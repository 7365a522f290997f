import type { AnyResource } from "../resource";
import { agentStatuses } from "./agentStatuses";
import { bots } from "./bots";
import { flows, modules } from "./flows";
import { hierarchyGroups } from "./hierarchyGroups";
import { hours } from "./hours";
import { phoneNumbers } from "./phoneNumbers";
import { prompts } from "./prompts";
import { queues } from "./queues";
import { quickConnects } from "./quickConnects";
import { routingProfiles } from "./routingProfiles";
import { securityProfiles } from "./securityProfiles";
import { taskTemplates } from "./taskTemplates";
import { trunks } from "./trunks";
import { users } from "./users";

export const resources: AnyResource[] = [
  queues, hours, routingProfiles, quickConnects, taskTemplates, flows, modules, bots, prompts, phoneNumbers, trunks, users, agentStatuses, securityProfiles, hierarchyGroups,
];
