import { connect } from "../../api";
import type { ListPhoneNumbersSummary } from "../../api/connect";
import { NumberPicker } from "../editors/NumberPicker";
import { changed, optional, tagsOrNone, type Draft, type Resource } from "../resource";


interface PhoneNumberDraft extends Draft {
  PhoneNumber: string;
  Description: string;
  Country: string;
  Type: string;
  ContactFlowId?: string;
}

export const phoneNumbers: Resource<ListPhoneNumbersSummary, PhoneNumberDraft> = {
  key: "phone-numbers",
  kind: "phone-number",
  title: "phoneNumbers.title",
  one: "phoneNumbers.add",
  permission: "PhoneNumbers",
  deletePermission: "PhoneNumbers.Release",
  list: async ({ instanceId }, { search, nextToken }) => {
    const PhoneNumberPrefix = search ? `+${search.replace(/\D/g, "")}` : undefined;
    const page = await connect("ListPhoneNumbersV2", { InstanceId: instanceId, PhoneNumberPrefix, NextToken: nextToken, MaxResults: 25 });
    return { items: page.ListPhoneNumbersSummaryList ?? [], nextToken: page.NextToken };
  },
  id: (one) => one.PhoneNumberId!,
  name: (one) => one.PhoneNumber!,
  columns: [
    { id: "number", header: "field.phoneNumber", cell: (one) => one.PhoneNumber },
    { id: "type", header: "field.type", cell: (one) => one.PhoneNumberType, codes: "phoneNumberType" },
    { id: "country", header: "phoneNumbers.country", cell: (one) => one.PhoneNumberCountryCode },
    { id: "description", header: "field.description", cell: (one) => one.PhoneNumberDescription },
  ],
  fields: [
    {
      name: "PhoneNumber", label: "field.phoneNumber", kind: "custom", required: true,
      render: ({ draft, change, isNew }) => <NumberPicker number={draft.PhoneNumber} country={draft.Country} type={draft.Type} isNew={isNew} onChange={change} />,
    },
    { name: "Description", label: "field.description", kind: "textarea", most: 500 },
    { name: "ContactFlowId", label: "phoneNumbers.flow", help: "phoneNumbers.flowHelp", kind: "reference", source: "flows" },
  ],
  blank: () => ({ PhoneNumber: "", Description: "", Country: "US", Type: "DID", Tags: {} }),
  load: async ({ instanceId }, id) => {
    const { ClaimedPhoneNumberSummary: one } = await connect("DescribePhoneNumber", { PhoneNumberId: id });
    return {
      PhoneNumber: one!.PhoneNumber!, Description: one!.PhoneNumberDescription ?? "", Country: one!.PhoneNumberCountryCode ?? "",
      Type: one!.PhoneNumberType ?? "", ContactFlowId: await flowOf(instanceId, id), Tags: one!.Tags ?? {}, Arn: one!.PhoneNumberArn,
    };
  },
  nameOf: (draft) => draft.PhoneNumber,
  create: async ({ instanceId }, draft) => {
    const made = await connect("ClaimPhoneNumber", {
      InstanceId: instanceId, PhoneNumber: draft.PhoneNumber, PhoneNumberDescription: optional(draft.Description), Tags: tagsOrNone(draft.Tags), ClientToken: crypto.randomUUID(),
    });
    if (draft.ContactFlowId) await connect("AssociatePhoneNumberContactFlow", { InstanceId: instanceId, PhoneNumberId: made.PhoneNumberId!, ContactFlowId: draft.ContactFlowId });
    return made.PhoneNumberId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    if (changed(before, draft, "Description")) await connect("UpdatePhoneNumberMetadata", { PhoneNumberId: id, PhoneNumberDescription: draft.Description, ClientToken: crypto.randomUUID() });
    if (!changed(before, draft, "ContactFlowId")) return;
    const at = { InstanceId: instanceId, PhoneNumberId: id };
    if (draft.ContactFlowId) await connect("AssociatePhoneNumberContactFlow", { ...at, ContactFlowId: draft.ContactFlowId });
    else await connect("DisassociatePhoneNumberContactFlow", at);
  },
  remove: (_, id) => connect("ReleasePhoneNumber", { PhoneNumberId: id, ClientToken: crypto.randomUUID() }),
};

/** The flow a number leads to; the public describe operation does not say it, the association list does. */
async function flowOf(instanceId: string, id: string): Promise<string | undefined> {
  const page = await connect("BatchGetFlowAssociation", { InstanceId: instanceId, ResourceIds: [id], ResourceType: "VOICE_PHONE_NUMBER" }).catch(() => null);
  return page?.FlowAssociationSummaryList?.[0]?.FlowId?.split("/").pop();
}

