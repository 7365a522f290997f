export const RESTRICTABLE = ["User", "SecurityProfile", "RoutingProfile", "Queue"] as const;

/** The limits that a security profile sets its holders. */
export interface Limits {
  AllowedAccessControlTags: Record<string, string>;
  TagRestrictedResources: string[];
  HierarchyRestrictedResources: string[];
  AllowedAccessControlHierarchyGroupId?: string;
}

export const NO_LIMITS: Limits = { AllowedAccessControlTags: {}, TagRestrictedResources: [], HierarchyRestrictedResources: [] };

/** What seeing the records of a type needs. */
export const VIEW: Record<(typeof RESTRICTABLE)[number], string> = { User: "Users.View", SecurityProfile: "SecurityProfiles.View", RoutingProfile: "RoutingPolicies.View", Queue: "Queues.View" };

/** Modules whose lists know no tags, with the permissions to withhold (USER-52). */
const MODULES = {
  contactSearch: ["ContactSearch.View"],
  dashboards: ["AccessMetrics", "AccessMetrics.Dashboards.Access"],
  flows: ["ContactFlows.View", "ContactFlowModules.View"],
  forecasting: ["Forecasting.View"],
  changes: ["AccessMetrics", "HistoricalChanges.View"],
  hours: ["HoursOfOperation.View"],
  timeCard: ["AgentTimeCard.View"],
  campaigns: ["Campaigns.View"],
  prompts: ["Prompts.View"],
  quickConnects: ["TransferDestinations.View"],
  rules: ["Rules.View"],
  reports: ["MetricsReports.View"],
  scheduling: ["Scheduling.View"],
} as const;

export type ModuleName = keyof typeof MODULES;

/** Restricted types that the permissions do not even let the holder see (USER-51). */
export function unviewable(limits: Limits, permissions: string[]): string[] {
  return RESTRICTABLE.filter((type) => limits.TagRestrictedResources.includes(type) && !permissions.includes(VIEW[type]));
}

/** Types left free although others are restricted (USER-51). */
export function unrestrictedTypes(limits: Limits): string[] {
  return RESTRICTABLE.filter((type) => !limits.TagRestrictedResources.includes(type));
}

/** Modules that the permissions open and tags do not limit, with what to take away. */
export function unrestrictedModules(permissions: string[]): { module: ModuleName; withhold: string[] }[] {
  return (Object.keys(MODULES) as ModuleName[])
    .map((module) => ({ module, withhold: MODULES[module].filter((one) => permissions.includes(one)) }))
    .filter((one) => one.withhold.length);
}

/** Whether tags stand without resources or resources without tags; such a profile cannot be saved. */
export function incomplete(limits: Limits): boolean {
  return limits.TagRestrictedResources.length > 0 !== Object.keys(limits.AllowedAccessControlTags).length > 0;
}
