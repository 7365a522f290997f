import { useState, type ReactNode } from "react";
import { useI18n } from "../../i18n";
import { JsonEditor } from "../../admin/editors/JsonEditor";
import { usePanel, useReport } from "./context";
import { isJson } from "./draft";
import type { ControlProps } from "./SimpleControls";

interface Props extends Pick<ControlProps, "place" | "value" | "onChange" | "label"> {
  /** It must be an object. */
  object?: boolean;
}

/** A value as JSON text; what is no JSON is said to be invalid and keeps the panel from being saved (BLK-008). */
export function JsonControl({ value, onChange, label, place, object = false }: Props): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const report = useReport(place);
  const asText = typeof value === "string";
  const [text, setText] = useState(asText ? value : value === undefined ? "" : JSON.stringify(value, null, 2));
  const fits = (next: string): boolean => isJson(next) && (!object || /^\s*\{/.test(next));
  const change = (next: string): void => {
    if (next === text) return;
    setText(next);
    const empty = !next.trim();
    report(empty || fits(next) ? null : { text: "panel.badJson" });
    if (empty) onChange(object ? {} : undefined);
    else if (fits(next)) onChange(asText ? next : (JSON.parse(next) as unknown));
  };
  return (
    <div className="panel-json">
      <JsonEditor label={label} value={text} readOnly={readOnly} onChange={change} marks={text.trim() && !fits(text) ? [{ row: 0, text: t("panel.badJson"), type: "error" }] : []} />
    </div>
  );
}
