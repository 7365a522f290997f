import type { ReactNode } from "react";
import { ReactFlowProvider } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import type { CanvasProps } from "./props";
import { Stage } from "./Stage";

export type { CanvasHandle, CanvasProps } from "./props";
export { edgeKey, ENTRY_EDGE, type Mark } from "./marks";

/** A flow as a graph of blocks. */
export function Canvas(props: CanvasProps): ReactNode {
  return (
    <ReactFlowProvider>
      <Stage {...props} />
    </ReactFlowProvider>
  );
}
