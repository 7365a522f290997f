import type { AgentStatus } from "../../api/connect";

export interface OrderStep {
  id: string;
  order: number;
}

const MOST = 50;

/**
 * The changes of display order that bring statuses into a new sequence, one after another. No two statuses may have
 * the same order at any time, so that each step goes to a place that is free by then. Returns null if no place is
 * free to begin with.
 */
export function orderSteps(statuses: Pick<AgentStatus, "AgentStatusId" | "DisplayOrder">[]): OrderStep[] | null {
  const places = statuses.map((one) => one.DisplayOrder).filter((order) => order !== undefined && order !== null).sort((a, b) => a - b);
  const unused = Array.from({ length: MOST }, (_, at) => at + 1).filter((order) => !places.includes(order));
  const all = [...places, ...unused].slice(0, statuses.length).sort((a, b) => a - b);
  const now = new Map(statuses.map((one) => [one.AgentStatusId!, one.DisplayOrder ?? undefined]));
  const wanted = new Map(statuses.map((one, at) => [one.AgentStatusId!, all[at]!]));
  const steps: OrderStep[] = [];
  const left = new Set([...wanted].filter(([id, order]) => now.get(id) !== order).map(([id]) => id));
  const go = (id: string, order: number): void => {
    steps.push({ id, order });
    now.set(id, order);
  };
  while (left.size) {
    const taken = new Set(now.values());
    const ready = [...left].find((id) => !taken.has(wanted.get(id)!));
    if (ready !== undefined) {
      go(ready, wanted.get(ready)!);
      left.delete(ready);
      continue;
    }
    const aside = Array.from({ length: MOST }, (_, at) => MOST - at).find((order) => !taken.has(order));
    if (aside === undefined) return null;
    go([...left][0]!, aside);
  }
  return steps;
}
