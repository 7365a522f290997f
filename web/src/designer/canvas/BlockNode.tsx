import { memo, type ReactNode } from "react";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import type { FlowProblem } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import type { Outcome } from "../model/blocks";
import { useActions } from "./actions";
import { BlockIcon, MENU_STROKES, NOTE_STROKES, Strokes, WARNING_STROKES } from "./icons";
import type { BlockNodeType } from "./nodes";

/** A block: its name and type, what it is set to, and a handle for each way out. */
export const BlockNode = memo(function BlockNode({ id, data, selected }: NodeProps<BlockNodeType>): ReactNode {
  const { t, code } = useI18n();
  const actions = useActions();
  const { block, face, problems, mark, hit, readOnly, notes } = data;
  const kind = block.type ? [block.type.Name, block.type.Variants.length > 1 ? block.variant?.Name : ""].filter(Boolean).join(" · ") : t("canvas.unknownType");
  const classes = ["flow-block", `flow-group-${block.type?.Group ?? "UNKNOWN"}`, selected && "flow-selected", mark && `flow-mark-${mark}`, hit && "flow-hit"];
  return (
    <div className={classes.filter(Boolean).join(" ")}>
      <Handle type="target" id="in" position={Position.Left} isConnectable={!readOnly} className="flow-handle-in" />
      <div className="flow-block-head" onDoubleClick={() => actions.open(id)}>
        <BlockIcon block={block.type} />
        <div className="flow-block-names">
          <div className="flow-block-title" title={block.title}>{block.title}</div>
          {(block.name || block.type === null || kind !== block.title) && <div className="flow-block-kind" title={kind}>{kind === block.title ? block.main.Type : kind}</div>}
        </div>
        <button
          type="button" className="flow-block-menu nodrag flow-strokes" tabIndex={-1} aria-label={t("canvas.menuOf", { name: block.title })} aria-haspopup="menu"
          onClick={(event) => {
            event.stopPropagation();
            const box = event.currentTarget.getBoundingClientRect();
            actions.menu(id, { x: box.left, y: box.bottom + 4 });
          }}
        >
          <Strokes of={MENU_STROKES} />
        </button>
      </div>
      {face && <div className="flow-block-face">{face.split("\n").map((line, at) => <div key={at} title={line}>{line}</div>)}</div>}
      {block.outcomes.length > 0 && (
        <ul className="flow-outcomes">
          {block.outcomes.map((outcome) => <OutcomeRow key={outcome.place} outcome={outcome} readOnly={readOnly} />)}
        </ul>
      )}
      {problems.length > 0 && <Problems problems={problems} />}
      {notes > 0 && <span className="flow-note-count flow-strokes" aria-hidden="true"><Strokes of={NOTE_STROKES} />{notes}</span>}
      {mark && <span className="visually-hidden">{code("canvas.mark", mark)}</span>}
    </div>
  );
});

function OutcomeRow({ outcome, readOnly }: { outcome: Outcome; readOnly: boolean }): ReactNode {
  const state = outcome.target ? "flow-connected" : outcome.required ? "flow-open" : "flow-optional";
  return (
    <li className={`flow-outcome flow-outcome-${outcome.kind} ${state}`} data-outcome={outcome.place}>
      <span title={outcome.label}>{outcome.label}</span>
      <Handle type="source" id={outcome.place} position={Position.Right} isConnectable={!readOnly} />
    </li>
  );
}

function Problems({ problems }: { problems: readonly FlowProblem[] }): ReactNode {
  const { t } = useI18n();
  const worst = problems.some((one) => one.Severity === "ERROR") ? "ERROR" : problems.some((one) => one.Severity === "WARNING") ? "WARNING" : "INFO";
  return (
    <div className={`flow-problems flow-problems-${worst}`} aria-label={t("canvas.problemsLabel", { count: problems.length })} role="img">
      <span className="flow-strokes"><Strokes of={WARNING_STROKES} /></span>
      {problems.length > 1 && problems.length}
      <ul className="flow-problem-list">
        {problems.map((one, at) => <li key={at} className={`flow-problem-${one.Severity}`}>{one.Message}</li>)}
      </ul>
    </div>
  );
}
