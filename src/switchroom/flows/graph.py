"""The few questions about directed graphs that the checker asks. A graph maps a node to the nodes it leads to."""

from collections.abc import Iterable, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def reachable(edges: Graph, start: str) -> set[str]:
    """The nodes that a path from `start` leads to, `start` among them."""
    seen = {start}
    todo = [start]
    while todo:
        for target in edges[todo.pop()]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def rings(edges: Graph, nodes: Iterable[str]) -> list[list[str]]:
    """The groups of nodes that can all reach each other (Tarjan), single nodes only if they lead to themselves."""
    within = dict.fromkeys(nodes)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    held: set[str] = set()
    found: list[list[str]] = []
    for root in within:
        if root in index:
            continue
        work: list[tuple[str, int]] = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                held.add(node)
            targets = [t for t in edges[node] if t in within]
            if position > 0:
                low[node] = min(low[node], low[targets[position - 1]])
            while position < len(targets):
                target = targets[position]
                position += 1
                if target not in index:
                    work.append((node, position))
                    work.append((target, 0))
                    break
                if target in held:
                    low[node] = min(low[node], index[target])
            else:
                if low[node] == index[node]:
                    group = _pop_group(stack, held, node)
                    if len(group) > 1 or node in targets:
                        found.append(sorted(group, key=lambda n: index[n]))
    return found


def _pop_group(stack: list[str], held: set[str], root: str) -> list[str]:
    group: list[str] = []
    while True:
        node = stack.pop()
        held.discard(node)
        group.append(node)
        if node == root:
            return group
