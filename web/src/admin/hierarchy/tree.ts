import type { HierarchyGroup } from "../../api/connect";

export const LEVELS = ["LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive"] as const;

export interface GroupNode {
  id: string;
  name: string;
  /** 0 for the first level. */
  depth: number;
  children: GroupNode[];
}

/** The groups of a path, from the top down; the last one is the group itself. */
export function pathOf(group: HierarchyGroup): { Id?: string; Name?: string }[] {
  return LEVELS.map((level) => group.HierarchyPath?.[level]).filter((one) => one !== undefined && one !== null);
}

/** Groups as trees, each level in the order of names. */
export function treeOf(groups: HierarchyGroup[], language: string): GroupNode[] {
  const order = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const nodes = new Map(groups.map((group): [string, GroupNode] => [group.Id!, { id: group.Id!, name: group.Name!, depth: pathOf(group).length - 1, children: [] }]));
  const roots: GroupNode[] = [];
  for (const group of groups) {
    const parent = nodes.get(pathOf(group).at(-2)?.Id ?? "");
    (parent ? parent.children : roots).push(nodes.get(group.Id!)!);
  }
  const sort = (some: GroupNode[]): void => {
    some.sort((a, b) => order.compare(a.name, b.name));
    for (const one of some) sort(one.children);
  };
  sort(roots);
  return roots;
}

/** The trees with only the groups whose names hold a text, and those above and below them. */
export function found(nodes: GroupNode[], text: string): GroupNode[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return nodes;
  return nodes.flatMap((node) => {
    if (node.name.toLowerCase().includes(wanted)) return [node];
    const children = found(node.children, text);
    return children.length ? [{ ...node, children }] : [];
  });
}

export function idsOf(nodes: GroupNode[]): string[] {
  return nodes.flatMap((node) => [node.id, ...idsOf(node.children)]);
}
