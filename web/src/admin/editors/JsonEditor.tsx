import type { Ace } from "ace-builds";
import { useEffect, useImperativeHandle, useRef, useState, type ReactNode, type Ref } from "react";
import Spinner from "@cloudscape-design/components/spinner";

export interface Mark {
  row: number;
  text: string;
  type: "error" | "warning" | "info";
}

export interface JsonEditorHandle {
  goToRow: (row: number) => void;
}

interface Props {
  value: string;
  label: string;
  mode?: "json" | "yaml";
  readOnly?: boolean;
  marks?: Mark[];
  onChange: (value: string) => void;
  handle?: Ref<JsonEditorHandle>;
}

/** A text editor for JSON or YAML, loaded when first needed. Escape, then Tab, leaves it by keyboard. */
export function JsonEditor({ value, label, mode = "json", readOnly = false, marks, onChange, handle }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Ace.Editor | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const [ready, setReady] = useState(false);

  useEffect(() => {
    let gone = false;
    void load(mode).then((ace) => {
      if (gone || !place.current) return;
      const made = ace.edit(place.current, {
        mode: `ace/mode/${mode}`,
        theme: document.body.classList.contains("awsui-dark-mode") ? "ace/theme/cloud_editor_dark" : "ace/theme/cloud_editor",
        useWorker: false,
        tabSize: 2,
        fontSize: 13,
        showPrintMargin: false,
        enableKeyboardAccessibility: true,
        textInputAriaLabel: label,
      });
      made.on("change", () => changed.current(made.getValue()));
      editor.current = made;
      setReady(true);
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, [label, mode]);

  useEffect(() => {
    const made = editor.current;
    if (!made) return;
    made.setReadOnly(readOnly);
    if (made.getValue() !== value) made.setValue(value, -1);
  }, [value, readOnly, ready]);

  useEffect(() => {
    editor.current?.session.setAnnotations((marks ?? []).map((mark) => ({ ...mark, column: 0 })));
  }, [marks, ready]);

  useImperativeHandle(handle, () => ({
    goToRow: (row) => {
      editor.current?.gotoLine(row + 1, 0, true);
      editor.current?.focus();
    },
  }));

  return (
    <div className="json-editor">
      {!ready && <Spinner size="large" />}
      <div ref={place} className="json-editor-text" />
    </div>
  );
}

async function load(mode: "json" | "yaml"): Promise<typeof import("ace-builds")> {
  const ace = await import("ace-builds");
  await (mode === "yaml" ? import("ace-builds/src-noconflict/mode-yaml") : import("ace-builds/src-noconflict/mode-json"));
  await import("ace-builds/src-noconflict/theme-cloud_editor");
  await import("ace-builds/src-noconflict/theme-cloud_editor_dark");
  await import("ace-builds/src-noconflict/ext-searchbox");
  return ace.default ?? ace;
}
