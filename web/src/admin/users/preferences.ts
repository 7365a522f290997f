import { useState } from "react";
import type { TableProps } from "@cloudscape-design/components/table";

export const SIZES = [25, 50, 100];
const STORED = "switchroom-users-page";

export interface Preferences {
  pageSize: number;
  /** Columns in the order of the table; a browser that chose none shows all as they are declared. */
  columns: TableProps.ColumnDisplayProperties[];
}

/** The kept preferences, put right for the columns that there are: unknown ones go, new ones are shown. */
export function mended(kept: unknown, columns: string[]): Preferences {
  const { pageSize, columns: display } = (typeof kept === "object" && kept ? kept : {}) as Partial<Preferences>;
  const known = (Array.isArray(display) ? display : []).filter((one) => columns.includes(one?.id));
  const added = columns.filter((id) => !known.some((one) => one.id === id));
  return {
    pageSize: SIZES.includes(pageSize!) ? pageSize! : SIZES[0]!,
    columns: [...known.map(({ id, visible }) => ({ id, visible: visible !== false })), ...added.map((id) => ({ id, visible: true }))],
  };
}

function stored(): unknown {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "null");
  } catch {
    return null;
  }
}

/** How this browser shows the list of users (USER-66). */
export function useUserPreferences(columns: string[]): [Preferences, (next: Partial<Preferences>) => void] {
  const [kept, setKept] = useState(stored);
  const preferences = mended(kept, columns);
  const change = (part: Partial<Preferences>): void => {
    const next = { ...preferences, ...part };
    localStorage.setItem(STORED, JSON.stringify(next));
    setKept(next);
  };
  return [preferences, change];
}
