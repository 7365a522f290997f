import { useMemo, useRef, useState, type ReactNode, type Ref } from "react";
import { JsonEditor, type JsonEditorHandle, type Mark } from "../../admin/editors/JsonEditor";
import { pretty, rowOf } from "../../admin/flowText";
import type { FlowProblem } from "../../api/switchroom";
import { useI18n } from "../../i18n";

interface Props {
  content: string;
  readOnly: boolean;
  problems: readonly FlowProblem[];
  onText: (text: string) => void;
  handle?: Ref<JsonEditorHandle>;
}

const KINDS = { ERROR: "error", WARNING: "warning", INFO: "info" } as const;

/** The same document as text. What is typed is drawn as soon as it is a flow. */
export function JsonView({ content, readOnly, problems, onText, handle }: Props): ReactNode {
  const { t } = useI18n();
  const typed = useRef<{ text: string; content: string }>({ text: "", content: "" });
  const [text, setText] = useState(() => pretty(content));
  const asked = useRef(content);
  if (asked.current !== content) {
    asked.current = content;
    if (content !== typed.current.content && compact(text) !== compact(content)) setText(pretty(content));
  }
  const marks = useMemo<Mark[]>(() => problems.map((one) => ({ row: rowOf(text, one), text: one.Message, type: KINDS[one.Severity] })), [problems]);
  return (
    <JsonEditor
      handle={handle}
      label={t("flows.content")}
      value={text}
      readOnly={readOnly}
      marks={marks}
      onChange={(next) => {
        if (next === text) return;
        typed.current = { text: next, content: compact(next) };
        setText(next);
        onText(next);
      }}
    />
  );
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
