import { useState, type FormEvent, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TreeView from "@cloudscape-design/components/tree-view";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { idsOf, type GroupNode } from "./tree";

const LONGEST = 100;

interface Props {
  nodes: GroupNode[];
  /** Names of the levels, from the top down. */
  levels: string[];
  /** Shows every group instead of those that somebody has opened. */
  open: boolean;
  mayCreate: boolean;
  mayEdit: boolean;
  create: (name: string, parent?: string) => Promise<void>;
  rename: (id: string, name: string) => Promise<void>;
  remove: (node: GroupNode) => void;
}

/** What is being written: a new group below `parent`, or another name for `id`. */
interface Editing {
  id?: string;
  parent?: string;
}

/** An item of the tree: a group, or the place where a new one is written. */
type Item = GroupNode | { id: "new"; depth: number; children: [] };

/** Groups of the hierarchy, added, renamed and deleted where they stand. */
export function GroupTree(props: Props): ReactNode {
  const { nodes, levels, open, mayCreate, create, rename } = props;
  const { t } = useI18n();
  const [expanded, setExpanded] = useState<string[]>(() => idsOf(nodes));
  const [editing, setEditing] = useState<Editing | null>(null);
  const stop = (): void => setEditing(null);

  const childrenOf = (node: Item): Item[] => {
    const fresh = editing && !editing.id && editing.parent === node.id ? [{ id: "new" as const, depth: node.depth + 1, children: [] as [] }] : [];
    return [...node.children, ...fresh];
  };
  const start = (parent: GroupNode): void => {
    setExpanded([...expanded, parent.id]);
    setEditing({ parent: parent.id });
  };
  const roots: Item[] = editing && !editing.id && !editing.parent ? [...nodes, { id: "new", depth: 0, children: [] }] : nodes;

  return (
    <SpaceBetween size="s">
      {roots.length ? (
        <TreeView<Item>
          ariaLabel={t("hierarchy.groups")}
          connectorLines="vertical"
          items={roots}
          getItemId={(item) => item.id}
          getItemChildren={childrenOf}
          expandedItems={open ? idsOf(nodes) : expanded}
          onItemToggle={({ detail }) => setExpanded(detail.expanded ? [...expanded, detail.id] : expanded.filter((id) => id !== detail.id))}
          i18nStrings={{
            expandButtonLabel: (item) => t("hierarchy.expand", { name: "name" in item ? item.name : "" }),
            collapseButtonLabel: (item) => t("hierarchy.collapse", { name: "name" in item ? item.name : "" }),
          }}
          renderItem={(item) => {
            if (!("name" in item)) return { content: <NameBox label={levels[item.depth] ?? ""} name="" save={(name) => create(name, editing?.parent)} stop={stop} /> };
            if (editing?.id === item.id) return { content: <NameBox label={levels[item.depth] ?? ""} name={item.name} save={(name) => rename(item.id, name)} stop={stop} /> };
            return {
              content: (
                <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                  <Link href={`#/r/hierarchy/${encodeURIComponent(item.id)}`}>{item.name}</Link>
                  <Box color="text-body-secondary" fontSize="body-s">{levels[item.depth]}</Box>
                </SpaceBetween>
              ),
              actions: <Actions {...props} node={item} edit={() => setEditing({ id: item.id })} add={() => start(item)} />,
              announcementLabel: item.name,
            };
          }}
        />
      ) : (
        <Box color="text-body-secondary">{t(open ? "list.noMatch" : "hierarchy.noGroups")}</Box>
      )}
      <Button iconName="add-plus" disabled={!mayCreate || editing !== null} onClick={() => setEditing({})}>
        {t("hierarchy.addAt", { level: levels[0] ?? "" })}
      </Button>
    </SpaceBetween>
  );
}

interface ActionsProps extends Props {
  node: GroupNode;
  edit: () => void;
  add: () => void;
}

function Actions({ node, levels, mayCreate, mayEdit, edit, add, remove }: ActionsProps): ReactNode {
  const { t } = useI18n();
  const below = levels[node.depth + 1];
  return (
    <SpaceBetween direction="horizontal" size="xxs">
      {mayCreate && below && <Button variant="icon" iconName="add-plus" ariaLabel={t("hierarchy.addBelow", { level: below, name: node.name })} onClick={add} />}
      {mayEdit && <Button variant="icon" iconName="edit" ariaLabel={t("hierarchy.rename", { name: node.name })} onClick={edit} />}
      {mayEdit && <Button variant="icon" iconName="remove" ariaLabel={t("hierarchy.delete", { name: node.name })} onClick={() => remove(node)} />}
    </SpaceBetween>
  );
}

function NameBox({ label, name, save, stop }: { label: string; name: string; save: (name: string) => Promise<void>; stop: () => void }): ReactNode {
  const { t } = useI18n();
  const [text, setText] = useState(name);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (!text.trim()) return;
    setBusy(true);
    try {
      if (text.trim() !== name) await save(text.trim());
      stop();
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <form className="hierarchy-name" onSubmit={(event) => void submit(event)}>
      <Input
        autoFocus
        ariaLabel={t("hierarchy.nameOf", { level: label })}
        value={text}
        invalid={Boolean(problem)}
        onChange={({ detail }) => setText(detail.value.slice(0, LONGEST))}
        onKeyDown={({ detail }) => detail.key === "Escape" && stop()}
      />
      <Button variant="icon" iconName="check" formAction="submit" loading={busy} disabled={!text.trim()} ariaLabel={t("action.save")} />
      <Button variant="icon" iconName="close" formAction="none" ariaLabel={t("action.cancel")} onClick={stop} />
      {problem && <Box color="text-status-error">{problem}</Box>}
    </form>
  );
}
