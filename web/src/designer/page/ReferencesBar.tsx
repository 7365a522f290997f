import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import type { FlowReference } from "../../api/switchroom";
import { useI18n } from "../../i18n";

export interface Imported {
  file: string;
  converted: boolean;
  references: readonly FlowReference[];
}

interface Props {
  imported: Imported;
  titleOf: (actionId: string) => string;
  onChoose: (actionId: string) => void;
  onClose: () => void;
}

/** What became of the references of a flow that was just imported: resolved by ARN, by name, or not at all. */
export function ReferencesBar({ imported, titleOf, onChoose, onClose }: Props): ReactNode {
  const { t, code } = useI18n();
  const [open, setOpen] = useState(true);
  const { file, converted, references } = imported;
  const unresolved = references.filter((one) => one.Status === "UNRESOLVED");
  const named = references.filter((one) => one.Status === "NAME");
  const shown = [...unresolved, ...named];
  const texts = [
    t("import.done", { file }),
    converted && t("import.converted"),
    unresolved.length > 0 && t("import.unresolved", { count: unresolved.length }),
    named.length > 0 && t("import.byName", { count: named.length }),
  ];
  return (
    <Alert
      type={unresolved.length ? "warning" : "success"}
      dismissible
      dismissAriaLabel={t("designer.close")}
      onDismiss={onClose}
      action={shown.length > 0 && <Button ariaExpanded={open} onClick={() => setOpen(!open)}>{t(open ? "import.hide" : "import.show")}</Button>}
    >
      {texts.filter(Boolean).join(" ")}
      {open && shown.length > 0 && (
        <ul className="designer-references" aria-label={t("import.references")}>
          {shown.map((one, at) => (
            <li key={at}>
              <Link href="#" onFollow={(event) => { event.preventDefault(); onChoose(one.ActionId); }}>{titleOf(one.ActionId)}</Link>
              {": "}
              {code("resourceKind", one.Kind)} {one.Name || one.Arn}{" "}
              {one.Status === "NAME" ? t("import.nowIs", { name: one.ResolvedName ?? one.ResolvedArn ?? "" }) : t(one.Mandatory ? "import.mustChoose" : "import.mayChoose")}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
