import { memo, type ReactNode } from "react";
import { BaseEdge, EdgeLabelRenderer, getBezierPath, getSmoothStepPath, Position, useInternalNode, type EdgeProps } from "@xyflow/react";
import { useI18n } from "../../i18n";
import { useActions } from "./actions";
import { CLOSE_STROKES, Strokes } from "./icons";
import type { FlowEdgeType, TetherType } from "./nodes";

const BACK = { offset: 26, borderRadius: 14 };

/** A connection: a curve forwards, a way around backwards. */
export const FlowEdge = memo(function FlowEdge(props: EdgeProps<FlowEdgeType>): ReactNode {
  const { id, source, sourceX, sourceY, targetX, targetY, data, selected, interactionWidth } = props;
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition: Position.Right, targetPosition: Position.Left };
  const [path, x, y] = targetX > sourceX + 12 ? getBezierPath({ ...ends, curvature: 0.35 }) : getSmoothStepPath({ ...ends, ...BACK });
  return (
    <>
      <BaseEdge id={id} path={path} interactionWidth={interactionWidth} markerEnd={`url(#flow-arrow-${selected ? "selected" : (data?.mark ?? "plain")})`} />
      {selected && data && !data.readOnly && <DeleteEdge x={x} y={y} source={source} outcomeKey={data.outcomeKey} />}
    </>
  );
});

function DeleteEdge({ x, y, source, outcomeKey }: { x: number; y: number; source: string; outcomeKey: string }): ReactNode {
  const { t } = useI18n();
  const actions = useActions();
  return (
    <EdgeLabelRenderer>
      <button
        type="button" className="flow-edge-delete flow-strokes nodrag nopan" aria-label={t("canvas.deleteEdge")} title={t("canvas.deleteEdge")}
        style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }} onClick={() => actions.disconnect(source, outcomeKey)}
      >
        <Strokes of={CLOSE_STROKES} />
      </button>
    </EdgeLabelRenderer>
  );
}

/** The thread from a note to its block. */
export const Tether = memo(function Tether({ id, source, target }: EdgeProps<TetherType>): ReactNode {
  const note = useInternalNode(source);
  const block = useInternalNode(target);
  if (!note || !block) return null;
  const middle = (node: typeof note): { x: number; y: number; half: number } => {
    const { x, y } = node.internals.positionAbsolute;
    const { width = 0, height = 0 } = node.measured;
    return { x: x + width / 2, y: y + height / 2, half: height / 2 };
  };
  const from = middle(note);
  const to = middle(block);
  const down = from.y < to.y ? 1 : -1;
  return <path id={id} className="flow-tether" d={`M${from.x},${from.y + down * from.half} L${to.x},${to.y - down * to.half}`} />;
});

const MARKERS = ["plain", "selected", "taken", "current", "failed", "added", "removed", "changed"];

/** The heads of the arrows, in the colour of their line. */
export function Arrows(): ReactNode {
  return (
    <svg className="flow-arrows" aria-hidden="true">
      <defs>
        {MARKERS.map((name) => (
          <marker key={name} id={`flow-arrow-${name}`} className={`flow-arrow-${name}`} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse">
            <path d="M1 1 9 5 1 9z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
