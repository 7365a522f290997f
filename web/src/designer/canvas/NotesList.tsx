import { useMemo, useState, type ReactNode } from "react";
import Input from "@cloudscape-design/components/input";
import { useI18n } from "../../i18n";
import { blockOf } from "../model/blocks";
import type { Catalogue } from "../model/catalogue";
import type { FlowDocument, FlowNote } from "../model/document";
import { notesOf, NOTES_OF_A_FLOW, searchNotes } from "../model/notes";
import "./canvas.css";

interface Props {
  document: FlowDocument;
  catalogue: Catalogue;
  /** A note was chosen: show it. */
  onChoose: (id: string) => void;
}

/** All notes of a flow, with a search through them. */
export function NotesList({ document, catalogue, onChoose }: Props): ReactNode {
  const { t } = useI18n();
  const [search, setSearch] = useState("");
  const notes = useMemo(() => searchNotes(document, search), [document, search]);
  const all = notesOf(document).length;
  return (
    <section className="flow-list" aria-label={t("canvas.notes")}>
      <Input type="search" value={search} ariaLabel={t("canvas.searchNotes")} placeholder={t("canvas.searchNotes")} onChange={({ detail }) => setSearch(detail.value)} />
      <p className="flow-quiet" role="status">{search ? t("canvas.found", { count: notes.length }) : t("canvas.noteCount", { count: all, limit: NOTES_OF_A_FLOW })}</p>
      <ul>
        {notes.map((note) => (
          <li key={note.id}>
            <button type="button" className="flow-list-item flow-list-note" onClick={() => onChoose(note.id)}>
              <span className="flow-list-title">{note.content || t("canvas.emptyNote")}</span>
              <AttachedTo note={note} document={document} catalogue={catalogue} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function AttachedTo({ note, document, catalogue }: { note: FlowNote; document: FlowDocument; catalogue: Catalogue }): ReactNode {
  const { t } = useI18n();
  const title = note.actionId ? blockOf(document, catalogue, note.actionId)?.title : undefined;
  return title ? <span className="flow-list-excerpt">{t("canvas.attachedTo", { name: title })}</span> : null;
}
