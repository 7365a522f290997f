import { connect } from "../../api";
import type { HoursOfOperation, HoursOfOperationConfig } from "../../api/connect";
import { HoursTable } from "../editors/HoursTable";
import { contains, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface HoursDraft extends Draft {
  Name: string;
  Description: string;
  TimeZone?: string;
  Config: HoursOfOperationConfig[];
}

const WEEKDAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"] as const;

export const hours: Resource<HoursOfOperation, HoursDraft> = {
  key: "hours",
  kind: "hours-of-operation",
  title: "hours.title",
  one: "hours.add",
  permission: "HoursOfOperation",
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchHoursOfOperations", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 25 });
    return { items: page.HoursOfOperations ?? [], nextToken: page.NextToken };
  },
  id: (one) => one.HoursOfOperationId!,
  name: (one) => one.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (one) => one.Name },
    { id: "description", header: "field.description", cell: (one) => one.Description },
    { id: "zone", header: "hours.timeZone", cell: (one) => one.TimeZone },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 127 },
    { name: "Description", label: "field.description", kind: "textarea", most: 250 },
    { name: "TimeZone", label: "hours.timeZone", kind: "reference", source: "timeZones", required: true },
    { name: "Config", label: "hours.week", kind: "custom", render: ({ draft, change, disabled }) => <HoursTable value={draft.Config} disabled={disabled} onChange={(Config) => change({ Config })} /> },
  ],
  blank: () => ({
    Name: "", Description: "", TimeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, Tags: {},
    Config: WEEKDAYS.map((Day) => ({ Day, StartTime: { Hours: 9, Minutes: 0 }, EndTime: { Hours: 17, Minutes: 0 } })),
  }),
  load: async ({ instanceId }, id) => {
    const { HoursOfOperation: one } = await connect("DescribeHoursOfOperation", { InstanceId: instanceId, HoursOfOperationId: id });
    return { Name: one!.Name!, Description: one!.Description ?? "", TimeZone: one!.TimeZone, Config: one!.Config ?? [], Tags: one!.Tags ?? {}, Arn: one!.HoursOfOperationArn };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateHoursOfOperation", {
      InstanceId: instanceId, Name: draft.Name, Description: optional(draft.Description), TimeZone: draft.TimeZone!, Config: draft.Config, Tags: tagsOrNone(draft.Tags),
    });
    return made.HoursOfOperationId;
  },
  update: async ({ instanceId }, id, draft) => {
    await connect("UpdateHoursOfOperation", { InstanceId: instanceId, HoursOfOperationId: id, Name: draft.Name, Description: draft.Description, TimeZone: draft.TimeZone, Config: draft.Config });
  },
  remove: ({ instanceId }, id) => connect("DeleteHoursOfOperation", { InstanceId: instanceId, HoursOfOperationId: id }),
};
