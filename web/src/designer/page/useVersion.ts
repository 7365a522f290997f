import { useCallback, useState } from "react";
import type { FlowVersion } from "../../api/switchroom";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { parseDocument, type FlowDocument } from "../model/document";
import type { Held, Shelf } from "./shelf";

/** A version that is looked at instead of what is worked on. */
export interface ShownVersion {
  number: number;
  entry: FlowVersion | undefined;
  held: Held;
  content: string;
  /** Null where it cannot be drawn. */
  document: FlowDocument | null;
}

export interface VersionView {
  /** Null: what is worked on. */
  shown: ShownVersion | null;
  open: (number: number, versions: readonly FlowVersion[]) => void;
  close: () => void;
}

/** Earlier versions, opened to be read (FLOW-46). */
export function useVersion(shelf: Shelf, id: string): VersionView {
  const { instanceId } = useSession();
  const notices = useNotices();
  const [shown, setShown] = useState<ShownVersion | null>(null);
  const open = useCallback(
    (number: number, versions: readonly FlowVersion[]): void => {
      shelf.describe(instanceId, `${id}:${number}`).then(
        (held) => setShown({ number, entry: versions.find((one) => one.Version === number), held, content: held.content, document: parseDocument(held.content) }),
        (error: unknown) => notices.failure(error),
      );
    },
    [shelf, instanceId, id],
  );
  return { shown, open, close: useCallback(() => setShown(null), []) };
}
