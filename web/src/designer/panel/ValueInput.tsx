import { useId, useState, type ReactNode } from "react";
import Input from "@cloudscape-design/components/input";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import { ReferencePicker } from "./ReferencePicker";
import { isReference } from "./values";

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  /** It may be a reference too. */
  dynamic?: boolean;
  invalid?: boolean;
  placeholder?: string;
  type?: "text" | "number";
  /** Another control for a value set manually. */
  children?: ReactNode;
}

/** A value in a row: set manually, or to a reference with the button beside it. */
export function ValueInput({ value, onChange, label, dynamic = true, invalid, placeholder, type = "text", children }: Props): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const [referring, setReferring] = useState(isReference(value));
  const place = useId();
  const shown = referring || isReference(value);
  return (
    <div className="panel-value">
      <div className="panel-value-control" id={place}>
        {shown ? (
          <ReferencePicker label={label} value={value} onChange={onChange} />
        ) : (
          (children ?? (
            <Input autoComplete={false}
              ariaLabel={label}
              readOnly={readOnly}
              value={value}
              invalid={invalid}
              placeholder={placeholder}
              inputMode={type === "number" ? "numeric" : undefined}
              onChange={({ detail }) => onChange(detail.value)}
            />
          ))
        )}
      </div>
      {dynamic && !readOnly && (
        <button
          type="button"
          className="panel-ref"
          aria-pressed={shown}
          aria-controls={place}
          aria-label={`${label}: ${t("panel.dynamic")}`}
          title={t(shown ? "panel.manual" : "panel.dynamic")}
          onClick={() => {
            setReferring(!shown);
            if (value) onChange("");
          }}
        >
          $.
        </button>
      )}
    </div>
  );
}
