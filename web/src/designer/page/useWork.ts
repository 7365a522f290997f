import { useCallback, useMemo, useState } from "react";
import { pretty } from "../../admin/flowText";
import { emptyDocument, parseDocument } from "../model/document";
import { useDesigner, type Designer } from "../model/store";
import type { Held } from "./shelf";

export interface Details {
  name: string;
  description: string;
}

/** What is being worked on: the drawn document, or text that is no flow (yet), and how the flow is called. */
export interface Work {
  designer: Designer;
  /** Text of the JSON view that cannot be drawn; null otherwise. */
  raw: string | null;
  setRaw: (text: string | null) => void;
  details: Details;
  setDetails: (details: Details) => void;
  renamed: boolean;
  dirty: boolean;
  /** What would be saved. */
  content: string;
  /** What is there now was saved, as this text and under this name. */
  settle: (held: Details, stored: string) => void;
}

export function useWork(start: Held): Work {
  const initial = useMemo(() => parseDocument(start.content), []);
  const designer = useDesigner(initial ?? emptyDocument());
  const [raw, setRaw] = useState<string | null>(initial ? null : pretty(start.content));
  const [savedRaw, setSavedRaw] = useState(raw);
  const [savedContent, setSavedContent] = useState(start.content);
  const [details, setDetails] = useState<Details>({ name: start.name, description: start.description });
  const [savedDetails, setSavedDetails] = useState(details);
  const renamed = details.name !== savedDetails.name || details.description !== savedDetails.description;
  const changed = raw !== savedRaw || (raw === null && designer.dirty);
  const content = useMemo(() => (changed ? (raw ?? JSON.stringify(designer.document)) : savedContent), [changed, raw, designer.document, savedContent]);
  const settle = useCallback(
    (held: Details, stored: string): void => {
      designer.markSaved();
      setSavedRaw(raw);
      setSavedContent(stored);
      setDetails(held);
      setSavedDetails(held);
    },
    [designer.markSaved, raw],
  );
  return { designer, raw, setRaw, details, setDetails, renamed, dirty: renamed || changed, content, settle };
}
