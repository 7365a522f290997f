import { useMemo, type ReactNode, type RefObject } from "react";
import ButtonGroup, { type ButtonGroupProps } from "@cloudscape-design/components/button-group";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import { useI18n } from "../../i18n";
import type { CanvasHandle } from "../canvas/Canvas";
import type { Designer } from "../model/store";
import { icons } from "./icons";

export type View = "canvas" | "json";

interface Props {
  designer: Designer;
  canvas: RefObject<CanvasHandle | null>;
  readOnly: boolean;
  view: View;
  onView: (view: View) => void;
  /** The text is no flow: there is nothing to draw. */
  undrawable: boolean;
  /** What is shown beside the canvas. */
  aside: string;
  onAside: (part: "notes" | "find") => void;
  onShortcuts: () => void;
}

const MOST_UNDOABLES = 100;

/** Undo with its history, clipboard, notes, search, layout, zoom. */
export function Toolbar({ designer, canvas, readOnly, view, onView, undrawable, aside, onAside, onShortcuts }: Props): ReactNode {
  const { t } = useI18n();
  const { undoables, redoables, selection } = designer;
  const drawn = view === "canvas";
  const frozen = readOnly || !drawn;
  const items = useMemo<ButtonGroupProps.ItemOrGroup[]>(() => {
    const steps = (kind: "undo" | "redo", labels: readonly string[]): ButtonGroupProps.MenuDropdown => ({
      type: "menu-dropdown", id: `${kind}Menu`, text: t(`designer.${kind}History`), iconName: "caret-down-filled", disabled: readOnly || !labels.length,
      items: labels.slice(0, MOST_UNDOABLES).map((label, at) => ({ id: `${kind}:${at + 1}`, text: label })),
    });
    return [
      {
        type: "group", text: t("designer.group.history"),
        items: [
          { type: "icon-button", id: "undo", text: t("designer.undo"), iconName: "undo", disabled: readOnly || !undoables.length },
          steps("undo", undoables),
          { type: "icon-button", id: "redo", text: t("designer.redo"), iconName: "redo", disabled: readOnly || !redoables.length },
          steps("redo", redoables),
        ],
      },
      {
        type: "group", text: t("designer.group.clipboard"),
        items: [
          { type: "icon-button", id: "cut", text: t("designer.cut"), iconSvg: icons.cut, disabled: frozen || !selection.size },
          { type: "icon-button", id: "copy", text: t("designer.copy"), iconName: "copy", disabled: !drawn || !selection.size },
          { type: "icon-button", id: "paste", text: t("designer.paste"), iconSvg: icons.paste, disabled: frozen },
          { type: "icon-button", id: "remove", text: t("designer.remove"), iconName: "remove", disabled: frozen || !selection.size },
        ],
      },
      {
        type: "group", text: t("designer.group.notes"),
        items: [
          { type: "icon-button", id: "annotate", text: t("designer.annotate"), iconSvg: icons.note, disabled: frozen },
          { type: "icon-toggle-button", id: "notes", text: t("designer.notes"), iconSvg: icons.notes, pressed: aside === "notes", disabled: !drawn },
        ],
      },
      {
        type: "group", text: t("designer.group.view"),
        items: [
          { type: "icon-toggle-button", id: "find", text: t("designer.find"), iconName: "search", pressed: aside === "find", disabled: !drawn },
          { type: "icon-button", id: "arrange", text: t("designer.arrange"), iconSvg: icons.arrange, disabled: frozen },
          { type: "icon-button", id: "fit", text: t("designer.fit"), iconName: "zoom-to-fit", disabled: !drawn },
          { type: "icon-button", id: "reset", text: t("designer.toEntry"), iconSvg: icons.entry, disabled: !drawn },
          { type: "icon-button", id: "shortcuts", text: t("designer.shortcuts"), iconSvg: icons.keyboard },
        ],
      },
    ];
  }, [t, undoables, redoables, selection.size, drawn, frozen, readOnly, aside]);

  const act = (id: string): void => {
    const [action, count] = id.split(":");
    const handle = canvas.current;
    switch (action) {
      case "undo": return count ? designer.undoTo(Number(count)) : designer.undo();
      case "redo": return count ? designer.redoTo(Number(count)) : designer.redo();
      case "cut": return handle?.cut();
      case "copy": return handle?.copy();
      case "paste": return handle?.paste();
      case "remove": return handle?.removeSelected();
      case "annotate": return handle?.annotate();
      case "arrange": return handle?.arrange();
      case "fit": return handle?.fit();
      case "reset": return handle?.reset();
      case "shortcuts": return onShortcuts();
      default: return onAside(action as "notes" | "find");
    }
  };
  return (
    <div className="designer-toolbar">
      <ButtonGroup variant="icon" ariaLabel={t("designer.toolbar")} dropdownExpandToViewport items={items} onItemClick={({ detail }) => act(detail.id)} />
      <SegmentedControl
        label={t("designer.view")}
        selectedId={view}
        options={[
          { id: "canvas", text: t("designer.canvas"), disabled: undrawable, disabledReason: t("designer.undrawable") },
          { id: "json", text: t("designer.json") },
        ]}
        onChange={({ detail }) => onView(detail.selectedId as View)}
      />
    </div>
  );
}
