import { useRef, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";

interface Props<Item> {
  items: readonly Item[];
  onChange: (items: Item[]) => void;
  render: (item: Item, at: number, set: (item: Item) => void) => ReactNode;
  /** What a row is called, for its buttons. */
  name: (item: Item, at: number) => string;
  add: string;
  /** What the rows are of, for those who do not see where the button stands. */
  of?: string;
  blank: () => Item;
  ordered?: boolean;
  most?: number;
  empty?: string;
  /** Message of the row at a place. */
  problem?: (at: number) => string;
}

/** Rows to add, remove and, where order matters, move. */
export function RowList<Item>({ items, onChange, render, name, add, of, blank, ordered = false, most = Infinity, empty, problem }: Props<Item>): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const { keys, next } = useKeys(items.length);
  const set = (at: number, item: Item): void => onChange(items.map((one, index) => (index === at ? item : one)));
  const move = (at: number, by: number): void => {
    moveIn(keys, at, by);
    onChange(moveIn([...items], at, by));
  };
  const remove = (at: number): void => {
    keys.splice(at, 1);
    onChange(items.filter((_, index) => index !== at));
  };
  return (
    <div className="panel-rows">
      {!items.length && empty && <div className="panel-hint">{empty}</div>}
      <ol>
        {items.map((item, at) => {
          const wrong = problem?.(at);
          return (
            <li key={keys[at]} className={wrong ? "panel-row wrong" : "panel-row"}>
              <div className="panel-row-body">
                {render(item, at, (changed) => set(at, changed))}
                {wrong && <div className="panel-error" role="alert">{wrong}</div>}
              </div>
              {!readOnly && (
                <div className="panel-row-tools">
                  {ordered && items.length > 1 && (
                    <div className="panel-row-order">
                      <Button formAction="none" variant="inline-icon" iconName="angle-up" disabled={at === 0} ariaLabel={t("panel.up", { name: name(item, at) })} onClick={() => move(at, -1)} />
                      <Button formAction="none" variant="inline-icon" iconName="angle-down" disabled={at === items.length - 1} ariaLabel={t("panel.down", { name: name(item, at) })} onClick={() => move(at, 1)} />
                    </div>
                  )}
                  <Button formAction="none" variant="inline-icon" iconName="remove" ariaLabel={t("panel.removeRow", { name: name(item, at) })} onClick={() => remove(at)} />
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {!readOnly && (
        <Button
          formAction="none"
          variant="inline-link"
          iconName="add-plus"
          ariaLabel={of && `${of}: ${add}`}
          disabled={items.length >= most}
          onClick={() => {
            keys.push(next());
            onChange([...items, blank()]);
          }}
        >
          {add}
        </Button>
      )}
    </div>
  );
}

function moveIn<Item>(list: Item[], at: number, by: number): Item[] {
  const [item] = list.splice(at, 1);
  list.splice(at + by, 0, item!);
  return list;
}

/** A key for each row, which it takes along when it moves. */
function useKeys(count: number): { keys: number[]; next: () => number } {
  const state = useRef({ keys: [] as number[], last: 0 });
  const next = (): number => (state.current.last += 1);
  const { keys } = state.current;
  while (keys.length < count) keys.push(next());
  keys.length = count;
  return { keys, next };
}
