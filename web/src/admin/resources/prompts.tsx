import { connect, switchroom } from "../../api";
import type { Prompt } from "../../api/connect";
import { SoundEditor } from "../audio/SoundEditor";
import { PromptsPage } from "../pages/PromptsPage";
import { changed, contains, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface PromptDraft extends Draft {
  Name: string;
  Description: string;
  /** A new sound. */
  Sound: Blob | null;
  /** Where the present one is. */
  Url?: string;
}

/** Hand a sound to the service; what it gives back names it as an S3 address would. */
async function upload(instanceId: string, sound: Blob): Promise<string> {
  const place = await switchroom("StartPromptUpload", { InstanceId: instanceId });
  const answer = await fetch(place.UploadUrl!, { method: "PUT", body: sound, headers: { "Content-Type": "audio/wav" } });
  if (!answer.ok) throw new Error(await answer.text());
  return place.S3Uri!;
}

export const prompts: Resource<Prompt, PromptDraft> = {
  key: "prompts",
  kind: "prompt",
  title: "prompts.title",
  one: "prompts.add",
  permission: "Prompts",
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchPrompts", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 25 });
    return { items: page.Prompts ?? [], nextToken: page.NextToken };
  },
  id: (one) => one.PromptId!,
  name: (one) => one.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (one) => one.Name },
    { id: "description", header: "field.description", cell: (one) => one.Description },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 127 },
    { name: "Description", label: "field.description", kind: "textarea", most: 250 },
    {
      name: "Sound", label: "prompts.sound", kind: "custom", required: true, needed: (draft) => !draft.Url && !draft.Sound,
      render: ({ draft, change, disabled, problem }) => <SoundEditor url={draft.Url} disabled={disabled} problem={problem} onChange={(Sound) => change({ Sound })} />,
    },
  ],
  blank: () => ({ Name: "", Description: "", Sound: null, Tags: {} }),
  load: async ({ instanceId }, id) => {
    const at = { InstanceId: instanceId, PromptId: id };
    const [{ Prompt: one }, file] = await Promise.all([connect("DescribePrompt", at), connect("GetPromptFile", at)]);
    return { Name: one!.Name!, Description: one!.Description ?? "", Sound: null, Url: file.PromptPresignedUrl, Tags: one!.Tags ?? {}, Arn: one!.PromptARN };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const S3Uri = await upload(instanceId, draft.Sound!);
    const made = await connect("CreatePrompt", { InstanceId: instanceId, Name: draft.Name, Description: optional(draft.Description), S3Uri, Tags: tagsOrNone(draft.Tags) });
    return made.PromptId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    const S3Uri = draft.Sound ? await upload(instanceId, draft.Sound) : undefined;
    if (!S3Uri && !changed(before, draft, "Name", "Description")) return;
    await connect("UpdatePrompt", { InstanceId: instanceId, PromptId: id, Name: draft.Name, Description: optional(draft.Description), S3Uri });
  },
  remove: ({ instanceId }, id) => connect("DeletePrompt", { InstanceId: instanceId, PromptId: id }),
  listPage: () => <PromptsPage />,
};
