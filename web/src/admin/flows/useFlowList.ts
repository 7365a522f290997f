import { useCallback, useEffect, useState } from "react";
import type { Held, Shelf } from "../../designer/page/shelf";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

const TYPING_MS = 250;

export interface FlowList {
  /** Null while the first page is read. */
  items: Held[] | null;
  search: string;
  setSearch: (text: string) => void;
  /** Pages seen so far, and whether there is one more. */
  page: number;
  more: boolean;
  goToPage: (page: number) => void;
  reload: () => void;
}

/** The active or archived flows or modules, page by page, by what their names contain. */
export function useFlowList(shelf: Shelf, archived: boolean): FlowList {
  const { instanceId } = useSession();
  const notices = useNotices();
  const [items, setItems] = useState<Held[] | null>(null);
  const [search, setSearch] = useState("");
  const [tokens, setTokens] = useState<(string | undefined)[]>([undefined]);
  const [next, setNext] = useState<string>();

  const load = useCallback(
    async (text: string, at: (string | undefined)[]) => {
      try {
        const page = await shelf.search(instanceId, { text: text.trim(), archived, next: at.at(-1) });
        setItems(page.items);
        setNext(page.next);
        setTokens(at);
      } catch (error) {
        setItems([]);
        notices.failure(error);
      }
    },
    [shelf, archived, instanceId],
  );
  useEffect(() => {
    const timer = setTimeout(() => void load(search, [undefined]), search ? TYPING_MS : 0);
    return () => clearTimeout(timer);
  }, [search, load]);

  return {
    items,
    search,
    setSearch,
    page: tokens.length,
    more: next !== undefined,
    goToPage: (page) => void load(search, page > tokens.length ? [...tokens, next] : tokens.slice(0, page)),
    reload: () => void load(search, tokens),
  };
}
