import { useCallback, useEffect, useRef, useState } from "react";
import { connect } from "../../api";
import type { UserSearchSummary } from "../../api/connect";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { searchOf, type Query } from "./filter";

const PART = 500;
const TYPING_MS = 150;

export interface UserList {
  users: UserSearchSummary[];
  loading: boolean;
  refresh: () => void;
}

/** Every user that a filter finds. The first ones show at once, the others as they come. */
export function useUserList(query: Query): UserList {
  const { instanceId } = useSession();
  const notices = useNotices();
  const [users, setUsers] = useState<UserSearchSummary[]>([]);
  const [loading, setLoading] = useState(true);
  const latest = useRef(0);

  const load = useCallback(async () => {
    const turn = ++latest.current;
    const found: UserSearchSummary[] = [];
    let NextToken: string | undefined;
    setLoading(true);
    try {
      do {
        const page = await connect("SearchUsers", { InstanceId: instanceId, ...searchOf(query), NextToken, MaxResults: PART });
        if (turn !== latest.current) return;
        found.push(...(page.Users ?? []));
        setUsers([...found]);
        NextToken = page.NextToken;
      } while (NextToken);
    } catch (error) {
      if (turn === latest.current) notices.failure(error);
    } finally {
      if (turn === latest.current) setLoading(false);
    }
  }, [instanceId, query]);

  useEffect(() => {
    const timer = setTimeout(() => void load(), TYPING_MS);
    return () => clearTimeout(timer);
  }, [load]);
  return { users, loading, refresh: () => void load() };
}
