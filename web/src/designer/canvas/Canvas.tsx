import type { ReactNode } from "react";
import type { CanvasProps } from "./props";

export type { CanvasHandle, CanvasProps } from "./props";
export { edgeKey, ENTRY_EDGE, type Mark } from "./marks";

/** A flow as a graph of blocks. */
export function Canvas({ document }: CanvasProps): ReactNode {
  return <div className="flow-canvas" data-blocks={document.Actions.length} />;
}
