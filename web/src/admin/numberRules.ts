import type { TrunkRule } from "../api/switchroom";

export interface Tried {
  /** The number as it is written afterwards. */
  number: string;
  /** Place of the rule that fits; -1 when none does. */
  rule: number;
}

const GROUP = /\\(\d)|\\g<(\d+)>/g;

/** The expression of a rule, which the whole number must match; null where it makes no sense. */
export function expression(rule: TrunkRule): RegExp | null {
  try {
    return new RegExp(`^(?:${rule.Match})$`);
  } catch {
    return null;
  }
}

/** True if the rule can be used: its expression makes sense and has every group that it writes. */
export function usable(rule: TrunkRule): boolean {
  if (!rule.Match || !expression(rule)) return false;
  const groups = new RegExp(`${rule.Match}|`).exec("")!.length - 1;
  return [...(rule.Replace ?? "").matchAll(GROUP)].every((one) => Number(one[1] ?? one[2]) <= groups);
}

/** What the first rule of a direction that fits makes of a number. */
export function tryNumber(rules: TrunkRule[], direction: TrunkRule["Direction"], number: string): Tried {
  for (const [at, rule] of rules.entries()) {
    if (rule.Direction !== direction || !rule.Match) continue;
    const found = expression(rule)?.exec(number);
    if (found) return { number: (rule.Replace ?? "").replace(GROUP, (_, one?: string, two?: string) => found[Number(one ?? two)] ?? ""), rule: at };
  }
  return { number, rule: -1 };
}
