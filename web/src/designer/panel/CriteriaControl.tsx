import { useState, type ReactNode } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useI18n } from "../../i18n";
import { usePanel } from "./context";
import { blankCondition, criteriaOf, MOST_CONDITIONS, MOST_STEPS, storedCriteria, type CriteriaStep, type Requirement } from "./criteria";
import { Captioned } from "./Group";
import { RowList } from "./RowList";
import type { ControlProps } from "./SimpleControls";
import { useProficiencies, type Proficiency } from "./sources";
import { ValueInput } from "./ValueInput";

const LEVELS = ["1", "2", "3", "4", "5"];

/** Steps of routing criteria: who may take the contact, and for how long before the next step (table D4). */
export function CriteriaControl({ value, onChange }: ControlProps): ReactNode {
  const { t } = useI18n();
  const [steps, setSteps] = useState(() => criteriaOf(value));
  const known = useProficiencies();
  return (
    <RowList<CriteriaStep>
      items={steps}
      ordered
      most={MOST_STEPS}
      onChange={(next) => {
        setSteps(next);
        onChange(storedCriteria(next, value));
      }}
      add={t("panel.addStep")}
      blank={() => ({ conditions: [blankCondition()], seconds: "60" })}
      name={(_, at) => t("panel.step", { number: at + 1 })}
      render={(step, at, set) => <Step step={step} at={at} last={at === steps.length - 1} known={known} onChange={set} />}
    />
  );
}

function Step({ step, at, last, known, onChange }: { step: CriteriaStep; at: number; last: boolean; known: Proficiency[]; onChange: (step: CriteriaStep) => void }): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const name = t("panel.step", { number: at + 1 });
  if (step.raw) return <Box color="text-body-secondary">{t("panel.stepKept", { number: at + 1 })}</Box>;
  return (
    <div role="group" aria-label={name} className="panel-stack">
      <strong>{name}</strong>
      <RowList<Requirement>
        items={step.conditions}
        most={MOST_CONDITIONS}
        onChange={(conditions) => onChange({ ...step, conditions })}
        add={t("panel.addRequirement")}
        blank={blankCondition}
        name={(one, index) => one.name || String(index + 1)}
        render={(one, _, set) => <Condition label={name} value={one} known={known} onChange={set} />}
      />
      {step.seconds !== null && (
        <div className="panel-beside">
          <span>{t("panel.expiresAfter")}</span>
          <div className="panel-short">
            <Input autoComplete={false} type="number" inputMode="numeric" readOnly={readOnly} ariaLabel={`${name}: ${t("panel.expiresAfter")}`} value={step.seconds} onChange={({ detail }) => onChange({ ...step, seconds: detail.value })} />
          </div>
          <span>{t("panel.unit.SECONDS")}</span>
        </div>
      )}
      {(last || step.seconds === null) && (
        <Checkbox readOnly={readOnly} checked={step.seconds === null} onChange={({ detail }) => onChange({ ...step, seconds: detail.checked ? null : "60" })}>
          {t("panel.neverExpires")}
        </Checkbox>
      )}
    </div>
  );
}

function Condition({ label, value, known, onChange }: { label: string; value: Requirement; known: Proficiency[]; onChange: (value: Requirement) => void }): ReactNode {
  const { t } = useI18n();
  const { readOnly } = usePanel();
  const values = known.find((one) => one.name === value.name)?.values ?? [];
  const use = (text: string): string => t("panel.use", { text });
  return (
    <>
      <div className="panel-pair">
        <Captioned caption={t("panel.attribute")}>
          <Autosuggest ariaLabel={`${label}: ${t("panel.attribute")}`} readOnly={readOnly} value={value.name} options={known.map((one) => ({ value: one.name }))} enteredTextLabel={use} onChange={({ detail }) => onChange({ ...value, name: detail.value })} />
        </Captioned>
        <Captioned caption={t("panel.level")}>
          <Select
            ariaLabel={`${label}: ${t("panel.level")}`}
            disabled={readOnly}
            options={LEVELS.map((one) => ({ value: one, label: t("panel.levelOrMore", { level: one }) }))}
            selectedOption={{ value: value.level, label: t("panel.levelOrMore", { level: value.level }) }}
            onChange={({ detail }) => onChange({ ...value, level: detail.selectedOption.value! })}
          />
        </Captioned>
      </div>
      <Captioned caption={t("panel.value")}>
        <ValueInput label={`${label}: ${t("panel.value")}`} value={value.value} onChange={(text) => onChange({ ...value, value: text })}>
          {values.length ? (
            <Autosuggest ariaLabel={`${label}: ${t("panel.value")}`} readOnly={readOnly} value={value.value} options={values.map((one) => ({ value: one }))} enteredTextLabel={use} onChange={({ detail }) => onChange({ ...value, value: detail.value })} />
          ) : undefined}
        </ValueInput>
      </Captioned>
    </>
  );
}
