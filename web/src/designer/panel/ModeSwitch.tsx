import type { ReactNode } from "react";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import type { Mode } from "./values";

/** Set manually or Set dynamically (BLK-005). */
export function ModeSwitch({ label, mode, onChange }: { label: string; mode: Mode; onChange: (mode: Mode) => void }): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  return (
    <RadioGroup
      ariaLabel={`${label}: ${t("panel.mode")}`}
      direction="horizontal"
      value={mode}
      items={[
        { value: "manual", label: t("panel.manual"), disabled: readOnly },
        { value: "dynamic", label: t("panel.dynamic"), disabled: readOnly },
      ]}
      onChange={({ detail }) => onChange(detail.value as Mode)}
    />
  );
}
