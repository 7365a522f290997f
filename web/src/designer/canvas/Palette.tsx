import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import Input from "@cloudscape-design/components/input";
import type { FlowBlock } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { paletteOf, type Catalogue, type Group } from "../model/catalogue";
import { BlockIcon } from "./icons";
import "./canvas.css";

/** What a dragged block of the palette carries. */
export const BLOCK_MIME = "application/x-switchroom-block";

interface Props {
  catalogue: Catalogue;
  flowType: string;
  /** Enter or a double-click; a drag ends on the canvas. */
  onAdd: (blockKey: string) => void;
}

/** The blocks that may stand in the flow, by group, with a search. */
export function Palette({ catalogue, flowType, onAdd }: Props): ReactNode {
  const { t, code } = useI18n();
  const [search, setSearch] = useState("");
  const [closed, setClosed] = useState<ReadonlySet<Group>>(new Set());
  const groups = useMemo(() => paletteOf(catalogue, flowType, search), [catalogue, flowType, search]);
  const toggle = (group: Group): void =>
    setClosed((now) => {
      const next = new Set(now);
      if (!next.delete(group)) next.add(group);
      return next;
    });
  return (
    <section className="flow-palette" aria-label={t("canvas.palette")}>
      <div className="flow-palette-search">
        <Input type="search" value={search} ariaLabel={t("canvas.searchBlocks")} placeholder={t("canvas.searchBlocks")} onChange={({ detail }) => setSearch(detail.value)}
          onKeyDown={({ detail }) => detail.key === "Enter" && groups[0]?.blocks[0] && search && onAdd(groups[0].blocks[0].Key)}
        />
      </div>
      <div className="flow-palette-groups" onKeyDown={walk}>
        {groups.map(({ group, blocks }) => (
          <PaletteGroup key={group} name={code("canvas.group", group)} open={search !== "" || !closed.has(group)} onToggle={() => toggle(group)}>
            {blocks.map((block) => <PaletteItem key={block.Key} block={block} onAdd={onAdd} />)}
          </PaletteGroup>
        ))}
        {!groups.length && <p className="flow-quiet" role="status">{t("canvas.noBlocks")}</p>}
      </div>
    </section>
  );
}

function PaletteGroup({ name, open, onToggle, children }: { name: string; open: boolean; onToggle: () => void; children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <div className="flow-palette-group">
      <button type="button" className="flow-palette-heading" aria-expanded={open} aria-controls={id} onClick={onToggle}>{name}</button>
      <ul id={id} hidden={!open}>{children}</ul>
    </div>
  );
}

function PaletteItem({ block, onAdd }: { block: FlowBlock; onAdd: (key: string) => void }): ReactNode {
  const { t } = useI18n();
  const id = useId();
  return (
    <li>
      <button
        type="button" className="flow-palette-item" draggable data-block={block.Key} aria-describedby={id}
        onDragStart={(event) => {
          event.dataTransfer.setData(BLOCK_MIME, block.Key);
          event.dataTransfer.effectAllowed = "copy";
        }}
        onDoubleClick={() => onAdd(block.Key)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          onAdd(block.Key);
        }}
      >
        <BlockIcon block={block} />
        <span className="flow-palette-name">{block.Name}</span>
        <span id={id} className="flow-palette-about">
          {block.About}
          {!block.Available && <em> {t("canvas.unavailable")}</em>}
        </span>
      </button>
    </li>
  );
}

/** Up and down go through the blocks; Tab leaves the palette group by group. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button")].filter((one) => one.offsetParent !== null);
  const next = items[items.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
