import type { ReactNode } from "react";
import { Panel, useReactFlow, useViewport } from "@xyflow/react";
import { useI18n } from "../../i18n";
import { Strokes } from "./icons";

const STEP = { duration: 150 };

export function ZoomPanel({ onFit }: { onFit: () => void }): ReactNode {
  const { t, language } = useI18n();
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const { zoom } = useViewport();
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(zoom);
  return (
    <Panel position="bottom-right" className="flow-zoom">
      <button type="button" className="flow-tool flow-strokes" aria-label={t("canvas.zoomOut")} title={t("canvas.zoomOut")} onClick={() => void zoomOut(STEP)}><Strokes of={["M4 8h8"]} /></button>
      <button type="button" className="flow-tool tabular" aria-label={t("canvas.zoomFull", { percent })} title={t("canvas.zoomFull", { percent })} onClick={() => void zoomTo(1, STEP)}>{percent}</button>
      <button type="button" className="flow-tool flow-strokes" aria-label={t("canvas.zoomIn")} title={t("canvas.zoomIn")} onClick={() => void zoomIn(STEP)}><Strokes of={["M4 8h8", "M8 4v8"]} /></button>
      <button type="button" className="flow-tool flow-strokes" aria-label={t("canvas.zoomFit")} title={t("canvas.zoomFit")} onClick={onFit}><Strokes of={["M2.5 6V2.5H6", "M10 2.5h3.5V6", "M13.5 10v3.5H10", "M6 13.5H2.5V10"]} /></button>
    </Panel>
  );
}
