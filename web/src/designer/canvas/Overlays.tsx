import type { ReactNode } from "react";
import { useI18n } from "../../i18n";
import type { Outcome } from "../model/blocks";
import { ENTRY_ID } from "../model/edits";
import type { Anchor } from "./actions";
import { AboutDialog, ConnectDialog, RenameDialog } from "./dialogs";
import { Menu, type MenuItem } from "./Menu";
import type { Editing } from "./useEditing";
import type { Graph } from "./useGraph";

/** What is open above the canvas, and for which block or note. */
export type Overlay = { kind: "menu"; id: string; at: Anchor } | { kind: "rename" | "connect" | "about"; id: string };

interface Props {
  overlay: Overlay;
  graph: Graph;
  editing: Editing;
  readOnly: boolean;
  onOverlay: (overlay: Overlay) => void;
  /** `id` is what takes the focus, if it is not what the overlay was about. */
  onClose: (id?: string) => void;
  onOpen: (id: string) => void;
  onCopy: (cut: boolean) => void;
  onMove: (id: string) => void;
  onRemove: () => void;
  onNote: () => void;
}

export function Overlays({ overlay, graph, editing, readOnly, onOverlay, onClose, ...on }: Props): ReactNode {
  const { t } = useI18n();
  const { id } = overlay;
  const block = graph.blocks.get(id);
  if (overlay.kind === "menu") {
    const items = block ? blockItems(block.name !== "", block.outcomes.length > 0, readOnly, t) : noteItems(graph, id, t);
    const choose = (item: string): void => {
      if (item === "rename" || item === "connect" || item === "about") return onOverlay({ kind: item, id });
      onClose();
      if (item === "open") on.onOpen(id);
      else if (item === "copy" || item === "cut") on.onCopy(item === "cut");
      else if (item === "delete") on.onRemove();
      else if (item === "note") on.onNote();
      else if (item === "move") on.onMove(id);
      else if (item === "detach") editing.detach(id);
    };
    return <Menu label={t("canvas.menuOf", { name: block?.title ?? t("canvas.role.note") })} at={overlay.at} items={items} onChoose={choose} onClose={onClose} />;
  }
  if (overlay.kind === "connect") {
    const start: Outcome = { key: "start", place: "start", kind: "next", label: t("canvas.entry"), target: graph.start, required: true };
    return (
      <ConnectDialog
        name={block?.title ?? t("canvas.entry")} outcomes={id === ENTRY_ID ? [start] : (block?.outcomes ?? [])} blocks={[...graph.blocks.values()]} onClose={() => onClose()}
        onConnect={(outcome, target) => {
          editing.connectTo(id, outcome.place, target);
          onClose();
        }}
      />
    );
  }
  if (!block) return null;
  if (overlay.kind === "about") return <AboutDialog block={block} onClose={() => onClose()} />;
  const taken = new Set(graph.drawn.Actions.map((action) => action.Identifier));
  return (
    <RenameDialog
      block={block} taken={taken} onClose={() => onClose()}
      onRename={(name) => {
        onClose(name === block.name ? id : editing.renameTo(id, name));
      }}
    />
  );
}

type Translate = ReturnType<typeof useI18n>["t"];

function blockItems(named: boolean, leaves: boolean, readOnly: boolean, t: Translate): MenuItem[] {
  const about = { id: "about", text: t("canvas.menu.about") };
  if (readOnly) return [{ id: "open", text: t("canvas.menu.view"), keys: "Enter" }, { id: "copy", text: t("canvas.menu.copy"), keys: "Ctrl+C" }, about];
  return [
    { id: "open", text: t("canvas.menu.open"), keys: "Enter" },
    { id: "rename", text: t(named ? "canvas.menu.rename" : "canvas.menu.name"), keys: "F2" },
    ...(leaves ? [{ id: "connect", text: t("canvas.menu.connect"), keys: "C" }] : []),
    { id: "copy", text: t("canvas.menu.copy"), keys: "Ctrl+C" },
    { id: "cut", text: t("canvas.menu.cut"), keys: "Ctrl+X" },
    { id: "note", text: t("canvas.menu.note"), keys: "Ctrl+Alt+N" },
    { id: "move", text: t("canvas.menu.move"), keys: "M" },
    about,
    { id: "delete", text: t("canvas.menu.delete"), keys: "Del", danger: true },
  ];
}

function noteItems(graph: Graph, id: string, t: Translate): MenuItem[] {
  const attached = graph.notes.some((note) => note.id === id && note.actionId);
  return [
    ...(attached ? [{ id: "detach", text: t("canvas.menu.detach") }] : []),
    { id: "copy", text: t("canvas.menu.copy"), keys: "Ctrl+C" },
    { id: "cut", text: t("canvas.menu.cut"), keys: "Ctrl+X" },
    { id: "delete", text: t("canvas.menu.delete"), keys: "Del", danger: true },
  ];
}
