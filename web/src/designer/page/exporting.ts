import { switchroom } from "../../api";
import { downloadText } from "../../shared/download";
import type { Shelf } from "./shelf";

/** Saves the file of a flow or module, called like the flow, without an extension (FLOW-52). */
export async function exportFlow(shelf: Shelf, instanceId: string, id: string): Promise<void> {
  const which = shelf.kind === "flow" ? { ContactFlowId: id } : { ContactFlowModuleId: id };
  const { FileName, Content } = await switchroom("ExportFlow", { InstanceId: instanceId, ...which });
  downloadText(FileName, "application/octet-stream", Content); // browsers put .json behind the name of a JSON file
}
