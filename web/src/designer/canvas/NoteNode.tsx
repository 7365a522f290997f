import { memo, useEffect, useRef, useState, type ReactNode } from "react";
import { Handle, NodeResizeControl, Position, type NodeProps } from "@xyflow/react";
import { useI18n } from "../../i18n";
import { noteLength, NOTE_LENGTH, trimmedNote } from "../model/notes";
import { useActions } from "./actions";
import { FOLD_STROKES, LINK_STROKES, MENU_STROKES, NOTE_STROKES, Strokes } from "./icons";
import type { NoteNodeType } from "./nodes";

const SMALLEST = { width: 140, height: 80 };

/** A note: a yellow box to write in, or a slip with its first words when folded. */
export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeProps<NoteNodeType>): ReactNode {
  const { t } = useI18n();
  const actions = useActions();
  const { note, attachedTo, hit, readOnly } = data;
  const classes = ["flow-note", selected && "flow-selected", hit && "flow-hit", note.isFolded && "flow-note-folded"].filter(Boolean).join(" ");
  const fold = t(note.isFolded ? "canvas.unfoldNote" : "canvas.foldNote");
  return (
    <div className={classes}>
      <Handle type="source" id="thread" position={Position.Bottom} isConnectable={false} className="flow-note-thread" />
      <div className="flow-note-head flow-strokes" title={note.isFolded ? note.content : attachedTo ? t("canvas.attachedTo", { name: attachedTo }) : undefined}>
        <Strokes of={attachedTo ? LINK_STROKES : NOTE_STROKES} />
        <span className="flow-note-about">{note.isFolded ? note.content || t("canvas.emptyNote") : attachedTo}</span>
        <button type="button" className="nodrag" aria-label={fold} title={fold} onClick={() => actions.foldNote(id, !note.isFolded)}>
          <Strokes of={note.isFolded ? ["M4 6l4 4 4-4"] : FOLD_STROKES} />
        </button>
        {!readOnly && (
          <button
            type="button" className="nodrag" tabIndex={-1} aria-haspopup="menu" aria-label={t("canvas.menuOf", { name: t("canvas.role.note") })}
            onClick={(event) => {
              event.stopPropagation();
              const box = event.currentTarget.getBoundingClientRect();
              actions.menu(id, { x: box.left, y: box.bottom + 4 });
            }}
          >
            <Strokes of={MENU_STROKES} />
          </button>
        )}
      </div>
      {!note.isFolded && <NoteText id={id} content={note.content} readOnly={readOnly} />}
      {!note.isFolded && !readOnly && (
        <NodeResizeControl minWidth={SMALLEST.width} minHeight={SMALLEST.height} className="flow-note-corner" onResizeEnd={(_, { width, height }) => actions.resizeNote(id, width, height)} />
      )}
    </div>
  );
});

function NoteText({ id, content, readOnly }: { id: string; content: string; readOnly: boolean }): ReactNode {
  const { t } = useI18n();
  const actions = useActions();
  const [text, setText] = useState(content);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setText(content), [content]);
  useEffect(() => {
    if (actions.isFresh(id)) area.current?.focus();
  }, [actions, id]);
  const written = noteLength(text);
  return (
    <>
      <textarea
        ref={area} className="nodrag nowheel nopan" aria-label={t("canvas.noteText")} placeholder={t("canvas.notePlaceholder")} readOnly={readOnly} value={text}
        onChange={(event) => setText(trimmedNote(event.target.value))}
        onBlur={() => text !== content && actions.writeNote(id, text)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.closest<HTMLElement>(".react-flow__node")?.focus();
        }}
      />
      <span className={`flow-note-length${written >= NOTE_LENGTH ? " flow-note-full" : ""}`} aria-hidden="true">{written} / {NOTE_LENGTH}</span>
    </>
  );
}
