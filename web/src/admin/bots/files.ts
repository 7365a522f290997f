import { switchroom } from "../../api";
import { downloadFrom } from "../../shared/download";

/** A file as the service takes it. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}

/** Save a bot as an archive that Lex V2 imports. */
export async function exportBot(InstanceId: string, BotId: string, Version?: string): Promise<void> {
  const { FileName, File } = await switchroom("ExportBot", { InstanceId, BotId, Version });
  const bytes = Uint8Array.from(atob(File), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  downloadFrom(url, FileName);
  URL.revokeObjectURL(url);
}
