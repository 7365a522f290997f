import type { FlowBlock, FlowBlockVariant, FlowNamespace, FlowTell, ListFlowBlocksResponse } from "../../api/switchroom";
import { textOf, valueAt } from "./paths";

export interface Form {
  block: FlowBlock;
  variant: FlowBlockVariant;
}

/** Every block of the flow language, with the ways to find one. */
export interface Catalogue {
  blocks: readonly FlowBlock[];
  namespaces: readonly FlowNamespace[];
  byKey: ReadonlyMap<string, FlowBlock>;
  /** By action type, in the order that decides which variant an action is. */
  byType: ReadonlyMap<string, readonly Form[]>;
}

export function catalogueOf(answer: ListFlowBlocksResponse): Catalogue {
  const byType = new Map<string, Form[]>();
  for (const block of answer.Blocks) {
    for (const variant of block.Variants) {
      for (const type of [variant.ActionType, ...(variant.Aliases ?? [])]) {
        const forms = byType.get(type) ?? [];
        forms.push({ block, variant });
        byType.set(type, forms);
      }
    }
  }
  return { blocks: answer.Blocks, namespaces: answer.Namespaces, byKey: new Map(answer.Blocks.map((block) => [block.Key, block])), byType };
}

export const EMPTY_CATALOGUE: Catalogue = catalogueOf({ Blocks: [], Namespaces: [] });

/** True if the parameters tell what all the tells ask for; the same rules as of the server. */
export function holds(tells: readonly FlowTell[] | undefined, parameters: Record<string, unknown>): boolean {
  return (tells ?? []).every((tell) => tellHolds(tell, parameters));
}

/** Values are compared without regard to case; nothing and the empty list count as the empty text; of a list one item is enough. */
function tellHolds(tell: FlowTell, parameters: Record<string, unknown>): boolean {
  const value = valueAt(parameters, tell.Path) ?? null;
  if (tell.Absent) return value === null;
  if (!tell.Values?.length) return value !== null;
  const wanted = tell.Values.map((one) => one.toLowerCase());
  const texts = Array.isArray(value) && value.length ? value.map(textOf) : [Array.isArray(value) ? "" : textOf(value)];
  return texts.some((text) => wanted.includes(text.toLowerCase()));
}

/** The first variant of the action type whose tells all hold. */
export function formOf(catalogue: Catalogue, type: string, parameters: Record<string, unknown>): Form | null {
  return catalogue.byType.get(type)?.find((form) => holds(form.variant.Tells, parameters)) ?? null;
}

export function mayStand(block: FlowBlock, flowType: string): boolean {
  return block.FlowTypes.includes(flowType);
}

/** The variants an author of this flow type can choose from. */
export function variantsFor(block: FlowBlock, flowType: string): FlowBlockVariant[] {
  return block.Variants.filter((variant) => !variant.FlowTypes?.length || variant.FlowTypes.includes(flowType));
}

export const GROUPS = ["INTERACT", "SET", "CHECK", "INTEGRATE", "END"] as const;
export type Group = (typeof GROUPS)[number];

/** The palette of a flow type: what may stand in it, and matches what is searched for, by group. */
export function paletteOf(catalogue: Catalogue, flowType: string, search = ""): { group: Group; blocks: FlowBlock[] }[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (block: FlowBlock): boolean => {
    const text = [block.Name, block.About, block.Key, ...block.Variants.flatMap((variant) => [variant.Name ?? "", variant.ActionType])].join("\n").toLowerCase();
    return mayStand(block, flowType) && words.every((word) => text.includes(word));
  };
  return GROUPS.map((group) => ({ group, blocks: catalogue.blocks.filter((block) => block.Group === group && fits(block)) })).filter((one) => one.blocks.length);
}
