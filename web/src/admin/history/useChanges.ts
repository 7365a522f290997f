import { useEffect, useRef, useState } from "react";
import type { DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import { switchroom } from "../../api";
import type { Change } from "../../api/switchroom";
import { useSession } from "../../shared/session";
import { searchRange } from "../timeRange";

export interface ChangeFilter {
  kind?: string;
  id?: string;
  /** Name of the person or key that made the change. */
  by: string;
  range: DateRangePickerProps.Value | null;
}

export interface Changes {
  /** Newest first; null while they load. */
  changes: Change[] | null;
  /** What went wrong, if anything. */
  error: unknown;
  /** Reads more of them, if there are. */
  more?: () => void;
}

const TYPING_MS = 300;

/** The changes that a filter finds, read again whenever it changes. */
export function useChanges(filter: ChangeFilter, size: number): Changes {
  const { instanceId } = useSession();
  const [changes, setChanges] = useState<Change[] | null>(null);
  const [next, setNext] = useState<string>();
  const [error, setError] = useState<unknown>();
  const latest = useRef(0);
  const { kind, id, by, range } = filter;

  const load = async (token?: string): Promise<void> => {
    const turn = ++latest.current;
    const between = range ? searchRange(range) : null;
    try {
      const answer = await switchroom("ListChanges", {
        InstanceId: instanceId, ResourceType: kind || undefined, ResourceId: id || undefined, ByName: by.trim() || undefined,
        Since: between?.start, Until: between?.end, NextToken: token, MaxResults: size,
      });
      if (turn !== latest.current) return;
      setChanges((now) => [...(token ? (now ?? []) : []), ...answer.Changes]);
      setNext(answer.NextToken);
      setError(undefined);
    } catch (problem) {
      if (turn !== latest.current) return;
      setChanges([]);
      setError(problem);
    }
  };
  useEffect(() => {
    const timer = setTimeout(() => void load(), by ? TYPING_MS : 0);
    return () => clearTimeout(timer);
  }, [kind, id, by, JSON.stringify(range), instanceId]);
  return { changes, error, more: next ? () => void load(next) : undefined };
}
