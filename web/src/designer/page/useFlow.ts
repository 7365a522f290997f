import { useCallback, useEffect, useState } from "react";
import { switchroom } from "../../api";
import type { FlowVersion } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";
import { emptyDocument } from "../model/document";
import { readBoth, type Held, type Shelf } from "./shelf";

export interface Loaded {
  /** What is worked on: the draft, else what runs. */
  working: Held;
  /** What runs; null where it was never published. */
  live: Held | null;
  versions: FlowVersion[];
}

/** A flow that does not exist yet. */
function unmade(type: string): Loaded {
  const working: Held = { id: "", arn: "", name: "", description: "", type, archived: false, draft: true, content: JSON.stringify(emptyDocument()) };
  return { working, live: null, versions: [] };
}

/** Reads a flow or module with its versions; an empty id is a new one of `type`. */
export function useFlow(shelf: Shelf, id: string, type: string): { loaded: Loaded | null; problem: string; reread: (id: string) => Promise<Loaded> } {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [loaded, setLoaded] = useState<Loaded | null>(() => (id ? null : unmade(type)));
  const [problem, setProblem] = useState("");
  const reread = useCallback(
    async (which: string): Promise<Loaded> => {
      const [both, answer] = await Promise.all([readBoth(shelf, instanceId, which), switchroom("ListFlowVersions", { InstanceId: instanceId, FlowId: which })]);
      const now = { ...both, versions: answer.Versions };
      setLoaded(now);
      return now;
    },
    [shelf, instanceId],
  );
  useEffect(() => {
    if (id) reread(id).catch((error: unknown) => setProblem(errorText(error, t)));
  }, [id, reread]);
  return { loaded, problem, reread };
}
