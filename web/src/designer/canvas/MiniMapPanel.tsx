import { useCallback, useState, type ReactNode } from "react";
import { MiniMap, Panel, useReactFlow } from "@xyflow/react";
import { useI18n } from "../../i18n";
import { MAP_STROKES, RESET_STROKES, Strokes } from "./icons";
import type { CanvasNode } from "./nodes";

const STORED = "switchroom-designer-map";

/** The whole flow in small (FLOW-37): what is selected blue, notes yellow, hits orange, end blocks black, the view in green. */
export function MiniMapPanel({ onReset }: { onReset: () => void }): ReactNode {
  const { t } = useI18n();
  const [shown, setShown] = useState(() => localStorage.getItem(STORED) !== "hidden");
  const { setCenter, getZoom } = useReactFlow();
  const toggle = (): void => {
    localStorage.setItem(STORED, shown ? "hidden" : "shown");
    setShown(!shown);
  };
  const goTo = useCallback((_: unknown, at: { x: number; y: number }): void => void setCenter(at.x, at.y, { zoom: getZoom(), duration: 200 }), [setCenter, getZoom]);
  const label = t(shown ? "canvas.hideMap" : "canvas.showMap");
  return (
    <>
      {shown && (
        <MiniMap<CanvasNode>
          position="bottom-left" pannable zoomable ariaLabel={t("canvas.map")} className="flow-map" nodeClassName={mapClass} nodeBorderRadius={14} nodeStrokeWidth={6}
          offsetScale={4} onClick={goTo}
        />
      )}
      <Panel position="bottom-left" className={`flow-map-bar${shown ? " flow-map-bar-shown" : ""}`}>
        <button type="button" className="flow-tool flow-strokes" aria-label={label} title={label} aria-expanded={shown} onClick={toggle}><Strokes of={MAP_STROKES} /></button>
        <button type="button" className="flow-tool flow-strokes" title={t("canvas.resetHelp")} onClick={onReset}><Strokes of={RESET_STROKES} />{t("canvas.reset")}</button>
      </Panel>
    </>
  );
}

function mapClass(node: CanvasNode): string {
  const kind = node.type === "note" ? "note" : node.type === "entry" ? "entry" : node.data.ends ? "end" : "block";
  const hit = node.type !== "entry" && node.data.hit;
  return `flow-map-${node.selected ? "selected" : hit ? "hit" : kind}`;
}
