import { isRecord, textOf, type Values } from "./values";

export const MOST_STEPS = 5;
export const MOST_CONDITIONS = 8;

export interface Requirement {
  name: string;
  value: string;
  level: string;
}

/** A step of routing criteria: all its requirements must be met; `seconds` of null: for good. */
export interface CriteriaStep {
  conditions: Requirement[];
  seconds: string | null;
  /** An expression that cannot be shown in rows, kept as it is. */
  raw?: unknown;
}

export function blankCondition(): Requirement {
  return { name: "", value: "", level: "1" };
}

function requirementOf(condition: unknown): Requirement | null {
  if (!isRecord(condition) || !isRecord(condition["AttributeCondition"])) return null;
  const { Name, Value, ProficiencyLevel } = condition["AttributeCondition"];
  return { name: textOf(Name), value: textOf(Value), level: textOf(ProficiencyLevel) || "1" };
}

function stepOf(step: unknown): CriteriaStep {
  const { Expression: expression, Expiry: expiry } = isRecord(step) ? step : {};
  const seconds = isRecord(expiry) && expiry["DurationInSeconds"] !== undefined ? textOf(expiry["DurationInSeconds"]) : null;
  const joined = isRecord(expression) && Array.isArray(expression["AndExpression"]) ? (expression["AndExpression"] as unknown[]) : [expression];
  const conditions = joined.map(requirementOf);
  if (conditions.some((one) => one === null)) return { conditions: [], seconds, raw: step };
  return { conditions: conditions as Requirement[], seconds };
}

export function criteriaOf(value: unknown): CriteriaStep[] {
  return isRecord(value) && Array.isArray(value["Steps"]) ? value["Steps"].map(stepOf) : [];
}

function expressionOf({ name, value, level }: Requirement): Values {
  return { AttributeCondition: { Name: name, Value: value, ProficiencyLevel: Number(level), ComparisonOperator: "NumberGreaterOrEqualTo" } };
}

/** The criteria as stored; steps without a requirement are left out, other keys of the object stay. */
export function storedCriteria(steps: readonly CriteriaStep[], before: unknown): Values | undefined {
  const made = steps.flatMap((step) => {
    if (step.raw !== undefined) return [step.raw];
    const expressions = step.conditions.filter((one) => one.name).map(expressionOf);
    if (!expressions.length) return [];
    const Expression = expressions.length === 1 ? expressions[0] : { AndExpression: expressions };
    return [{ Expression, ...(step.seconds ? { Expiry: { DurationInSeconds: Number(step.seconds) } } : {}) }];
  });
  return made.length ? { ...(isRecord(before) ? before : {}), Steps: made } : undefined;
}
