import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";
import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { useI18n } from "../i18n";
import { errorText } from "./errors";

export interface Notices {
  items: FlashbarProps.MessageDefinition[];
  success: (content: string) => void;
  info: (content: string) => void;
  failure: (error: unknown) => void;
}

const SHOWN_MS = 6000;
const MOST = 4;
const Context = createContext<Notices | null>(null);

export function useNotices(): Notices {
  const value = useContext(Context);
  if (!value) throw new Error("no NoticesRoot above");
  return value;
}

export function NoticesRoot({ children }: { children: ReactNode }): ReactNode {
  const { t } = useI18n();
  const [items, setItems] = useState<FlashbarProps.MessageDefinition[]>([]);

  const add = useCallback((type: FlashbarProps.Type, content: string, stay: boolean) => {
    const id = crypto.randomUUID();
    const drop = (): void => setItems((now) => now.filter((one) => one.id !== id));
    const item: FlashbarProps.MessageDefinition = { id, type, content, dismissible: true, onDismiss: drop, ariaRole: type === "error" ? "alert" : "status" };
    setItems((now) => [...now.filter((one) => one.content !== content), item].slice(-MOST));
    if (!stay) setTimeout(drop, SHOWN_MS);
  }, []);

  const value = useMemo<Notices>(
    () => ({
      items,
      success: (content) => add("success", content, false),
      info: (content) => add("info", content, false),
      failure: (error) => add("error", errorText(error, t), true),
    }),
    [items, add, t],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function NoticeBar(): ReactNode {
  const { items } = useNotices();
  return <Flashbar items={items} />;
}
