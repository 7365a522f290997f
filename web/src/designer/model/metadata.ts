import type { FlowBlockVariant } from "../../api/switchroom";
import { rowOf, signOf } from "./blocks";
import { isRecord, newIdentifier, type ActionMetadata, type FlowAction } from "./document";
import { isReference, leavesOf, textOf, valueAt, withValueAt } from "./paths";

/** The metadata of an action with what is said about parameters brought up to date: names of resources, and which are dynamic. */
export function parametersRefreshed(
  metadata: ActionMetadata,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  labels: Readonly<Record<string, string>>,
): ActionMetadata {
  const known = isRecord(metadata.parameters) ? metadata.parameters : {};
  let result = metadata;
  let parameters: Record<string, unknown> = known;
  for (const path of new Set([...leavesOf(before), ...leavesOf(after), ...Object.keys(labels)])) {
    const value = valueAt(after, path);
    if (textOf(value) === textOf(valueAt(before, path)) && labels[path] === undefined) continue;
    const said = valueAt(parameters, path);
    const { displayName, useDynamic: _, ...others } = isRecord(said) ? said : {};
    const now: Record<string, unknown> = { ...others };
    const label = value === undefined ? undefined : labels[path];
    if (label) now["displayName"] = label;
    if (isReference(value)) now["useDynamic"] = true;
    if (typeof displayName === "string" && displayName !== label) result = textsRenamed(result, displayName, label);
    if (said === undefined && !Object.keys(now).length) continue;
    parameters = withValueAt(parameters, path, Object.keys(now).length ? now : undefined);
  }
  if (parameters !== known) {
    const { parameters: _, ...others } = result;
    result = Object.keys(parameters).length ? { ...others, parameters } : others;
  }
  return dynamicsRefreshed(result, before, after);
}

/** Older designers keep the name of a resource a second time, as `queue: {text}` or `ContactFlow: {text}`. */
function textsRenamed(metadata: ActionMetadata, from: string, to: string | undefined): ActionMetadata {
  const entries = Object.entries(metadata).flatMap(([key, value]): [string, unknown][] => {
    if (key === "parameters" || !isRecord(value) || value["text"] !== from) return [[key, value]];
    return to ? [[key, { ...value, text: to }]] : [];
  });
  return Object.fromEntries(entries);
}

/** Lists of which attributes and inputs of functions are references, where the metadata has them. */
function dynamicsRefreshed(metadata: ActionMetadata, before: Record<string, unknown>, after: Record<string, unknown>): ActionMetadata {
  const changes: ActionMetadata = {};
  const attributes = after["Attributes"];
  if (Array.isArray(metadata["dynamicParams"]) && isRecord(attributes) && textOf(attributes) !== textOf(before["Attributes"])) {
    changes["dynamicParams"] = Object.keys(attributes).filter((key) => isReference(attributes[key]));
  }
  const inputs = after["LambdaInvocationAttributes"];
  if (isRecord(metadata["dynamicMetadata"]) && isRecord(inputs) && textOf(inputs) !== textOf(before["LambdaInvocationAttributes"])) {
    changes["dynamicMetadata"] = Object.fromEntries(Object.keys(inputs).map((key) => [key, isReference(inputs[key])]));
  }
  return Object.keys(changes).length ? { ...metadata, ...changes } : metadata;
}

/** `conditionMetadata` for the conditions as they are now; entries of conditions that stay are kept. */
export function conditionsRefreshed(metadata: ActionMetadata, action: FlowAction, variant: FlowBlockVariant | null): ActionMetadata {
  if (!variant?.Rows || !Array.isArray(metadata.conditionMetadata)) return metadata;
  const old = metadata.conditionMetadata.filter(isRecord);
  const rows = (action.Transitions.Conditions ?? []).map(rowOf);
  const percent = variant.Rows.Operand === "PERCENT";
  let sum = 1;
  const conditionMetadata = rows.map(({ operator, operand }, at) => {
    const value = percent ? String(Number(operand) - sum) : operand;
    sum = Number(operand);
    const kept = (percent ? old[at] : old.find((one) => one["value"] === value)) ?? { id: newIdentifier() };
    if (percent) return { ...kept, percent: { value: Number(value), display: `${value}%` }, value };
    const label = variant.Rows?.Operators.find((one) => one.Value === operator)?.Label ?? operator;
    const named = isRecord(kept["operator"]) && kept["operator"]["value"] === operator ? kept["operator"] : { name: label, value: operator, shortDisplay: signOf(operator, variant) };
    return { ...kept, operator: named, value };
  });
  return { ...metadata, conditionMetadata };
}
