import { useRef, useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import Textarea from "@cloudscape-design/components/textarea";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import { ReferencePicker } from "./ReferencePicker";

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  invalid?: boolean;
  rows?: number;
  code?: boolean;
}

/** Text that may hold references; one can be chosen and is put where the cursor is (BLK-006). */
export function FreeText({ value, onChange, label, invalid, rows = 4, code = false }: Props): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const place = useRef<HTMLDivElement>(null);
  const [choosing, setChoosing] = useState(false);
  const [reference, setReference] = useState("");
  const insert = (): void => {
    const area = place.current?.querySelector("textarea");
    const at = area?.selectionStart ?? value.length;
    const until = area?.selectionEnd ?? at;
    onChange(value.slice(0, at) + reference + value.slice(until));
    setChoosing(false);
    setReference("");
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(at + reference.length, at + reference.length);
    });
  };
  return (
    <div className={code ? "panel-stack panel-code" : "panel-stack"} ref={place}>
      <Textarea ariaLabel={label} readOnly={readOnly} invalid={invalid} rows={rows} value={value} spellcheck={!code} onChange={({ detail }) => onChange(detail.value)} />
      {!readOnly && !choosing && (
        <button type="button" className="panel-link" onClick={() => setChoosing(true)}>{t("panel.insert")}</button>
      )}
      {choosing && (
        <div className="panel-box">
          <ReferencePicker label={t("panel.insert")} value={reference} onChange={setReference} />
          <div className="panel-beside">
            <Button formAction="none" disabled={!reference} onClick={insert}>{t("panel.insertHere")}</Button>
            <Button formAction="none" variant="link" onClick={() => setChoosing(false)}>{t("action.cancel")}</Button>
          </div>
        </div>
      )}
    </div>
  );
}
