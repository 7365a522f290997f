import { memo, type ReactNode } from "react";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { useI18n } from "../../i18n";
import { RESET_STROKES, Strokes } from "./icons";
import type { EntryNodeType } from "./nodes";

/** Where a contact enters the flow. */
export const EntryNode = memo(function EntryNode({ data }: NodeProps<EntryNodeType>): ReactNode {
  const { t } = useI18n();
  return (
    <div className={`flow-entry ${data.connected ? "flow-connected" : "flow-open"}`}>
      <span className="flow-strokes"><Strokes of={RESET_STROKES} /></span>
      {t("canvas.entry")}
      <Handle type="source" id="start" position={Position.Right} isConnectable={!data.readOnly} />
    </div>
  );
});
