import type { AttributeCondition, Expression } from "../api/connect";

/** Words for what a routing step asks: how the agents of a step are named, and what joins conditions. */
export interface StepWords {
  and: string;
  or: string;
  not: (condition: string) => string;
  agent: (id: string) => string;
}

/** A routing step's expression (JSON, as the metrics name it) in words: `Language:French ≥ 3 and (A:1 ≥ 2 or B:1 ≥ 2)`. */
export function stepInWords(json: string, words: StepWords): string {
  try {
    return inWords(JSON.parse(json) as Expression, words, false);
  } catch {
    return json;
  }
}

function inWords(expression: Expression, words: StepWords, inner: boolean): string {
  const { AttributeCondition, NotAttributeCondition, AndExpression, OrExpression } = expression;
  if (AttributeCondition) return condition(AttributeCondition, words);
  if (NotAttributeCondition) return words.not(condition(NotAttributeCondition, words));
  const parts = AndExpression ?? OrExpression ?? [];
  const text = parts.map((one) => inWords(one, words, parts.length > 1)).join(` ${AndExpression ? words.and : words.or} `);
  return inner && parts.length > 1 ? `(${text})` : text;
}

function condition({ Name, Value, ProficiencyLevel, Range, MatchCriteria }: AttributeCondition, words: StepWords): string {
  const agents = MatchCriteria?.AgentsCriteria?.AgentIds;
  if (agents?.length) return agents.map(words.agent).join(` ${words.or} `);
  const name = [Name, Value].filter(Boolean).join(":");
  if (Range) return `${name} ${Range.MinProficiencyLevel ?? 1}–${Range.MaxProficiencyLevel ?? 5}`;
  return ProficiencyLevel === undefined ? name : `${name} ≥ ${ProficiencyLevel}`;
}
