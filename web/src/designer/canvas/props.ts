import type { Ref } from "react";
import type { FlowProblem } from "../../api/switchroom";
import type { Catalogue } from "../model/catalogue";
import type { FlowDocument } from "../model/document";
import type { Mark } from "./marks";

export interface CanvasProps {
  document: FlowDocument;
  catalogue: Catalogue;
  /** CONTACT_FLOW, CUSTOMER_QUEUE... or MODULE: what may be pasted and dropped here. */
  flowType?: string;
  /** What there is to see cannot be edited. So it is, too, without `onEdit`. */
  readOnly?: boolean;
  /** Ids of blocks and of notes. */
  selection: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  /** The title of a block was double-clicked, or Enter pressed on it. */
  onOpen: (id: string) => void;
  onEdit?: (label: string, edit: (document: FlowDocument) => FlowDocument) => void;
  onUndo?: () => void;
  onRedo?: () => void;
  /** Ctrl+F. */
  onFind?: () => void;
  /** By block. */
  problems?: ReadonlyMap<string, FlowProblem[]>;
  marks?: ReadonlyMap<string, Mark>;
  /** By `edgeKey(blockId, outcomeKey)`. */
  edgeMarks?: ReadonlyMap<string, Mark>;
  /** Blocks and notes that a search found. */
  hits?: ReadonlySet<string>;
  /** Names of resources by ARN and by id, for the faces of blocks. */
  names?: ReadonlyMap<string, string>;
  handle?: Ref<CanvasHandle>;
}

export interface CanvasHandle {
  /** Brings a block or a note to the middle of the view, and gives it the focus. */
  centre: (id: string) => void;
  /** Brings a block or a note into view if it is not, and leaves the focus where it is. */
  reveal: (id: string) => void;
  /** Shows the whole flow. */
  fit: () => void;
  /** Back to the entry point; space around that is not used is trimmed. */
  reset: () => void;
  /** Adds a block of the palette in the middle of the view, or as near to it as there is room. */
  add: (blockKey: string) => void;
  /** Adds a note, attached to the one block that is selected. */
  annotate: () => void;
  cut: () => void;
  copy: () => void;
  paste: () => void;
  removeSelected: () => void;
  selectAll: () => void;
  /** Lays all blocks out anew, or those that are selected. */
  arrange: () => void;
  focus: () => void;
}
