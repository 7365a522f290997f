import type { ReactNode } from "react";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useI18n } from "../../i18n";
import { FUNCTION, QUEUE, type Channel, type FunctionSetup, type Hours, type QueueSetup, type Setup, type Used } from "./scenario";

interface Props {
  setup: Setup;
  used: Used;
  onChange: (setup: Setup) => void;
}

const NUMBERS = ["waiting", "oldest", "staffed", "available", "limit"] as const;

/** What the test begins with. */
export function SetupForm({ setup, used, onChange }: Props): ReactNode {
  const { t, code } = useI18n();
  const set = (changes: Partial<Setup>): void => onChange({ ...setup, ...changes });
  return (
    <SpaceBetween size="m">
      <FormField label={t("tryit.channel")}>
        <SegmentedControl
          label={t("tryit.channel")} selectedId={setup.channel}
          options={(["VOICE", "CHAT", "TASK"] as const).map((id) => ({ id, text: code("channel", id) }))}
          onChange={({ detail }) => set({ channel: detail.selectedId as Channel })}
        />
      </FormField>
      {setup.channel === "VOICE" && (
        <FormField label={t("tryit.number")}><Input value={setup.customer} inputMode="tel" onChange={({ detail }) => set({ customer: detail.value })} /></FormField>
      )}
      <ColumnLayout columns={2}>
        <FormField label={t("tryit.at")} description={t("tryit.atHelp")}>
          <input className="tryit-at" type="datetime-local" aria-label={t("tryit.at")} value={setup.at} onChange={(event) => set({ at: event.target.value })} />
        </FormField>
        <FormField label={t("tryit.language")}><Input value={setup.language} placeholder="en-US" onChange={({ detail }) => set({ language: detail.value })} /></FormField>
      </ColumnLayout>
      <FormField label={t("tryit.attributes")}>
        <AttributeEditor
          items={setup.attributes}
          addButtonText={t("tryit.addAttribute")} removeButtonText={t("tryit.remove")} empty={t("tryit.noAttributes")}
          definition={[
            { label: t("tryit.key"), control: ([key], index) => <Input ariaLabel={t("tryit.key")} value={key} onChange={({ detail }) => set({ attributes: setup.attributes.map((pair, at) => (at === index ? [detail.value, pair[1]] : pair)) })} /> },
            { label: t("tryit.value"), control: ([, value], index) => <Input ariaLabel={t("tryit.value")} value={value} onChange={({ detail }) => set({ attributes: setup.attributes.map((pair, at) => (at === index ? [pair[0], detail.value] : pair)) })} /> },
          ]}
          onAddButtonClick={() => set({ attributes: [...setup.attributes, ["", ""]] })}
          onRemoveButtonClick={({ detail }) => set({ attributes: setup.attributes.filter((_, index) => index !== detail.itemIndex) })}
        />
      </FormField>
      {used.hours.map((name) => (
        <FormField key={name} label={t("tryit.hoursOf", { name })}><HoursSelect name={name} value={setup.hours[name] ?? "open"} onChange={(hours) => set({ hours: { ...setup.hours, [name]: hours } })} /></FormField>
      ))}
      {used.queues.map((name) => (
        <QueueForm key={name} name={name} state={{ ...QUEUE, ...setup.queues[name] }} onChange={(state) => set({ queues: { ...setup.queues, [name]: state } })} />
      ))}
      {used.functions.map((name) => (
        <FunctionForm key={name} name={name} state={{ ...FUNCTION, ...setup.functions[name] }} onChange={(state) => set({ functions: { ...setup.functions, [name]: state } })} />
      ))}
      {used.bots && (
        <ExpandableSection headerText={t("tryit.bots")} defaultExpanded={Boolean(setup.bots)}>
          <FormField description={t("tryit.botsHelp")}>
            <Textarea ariaLabel={t("tryit.bots")} rows={6} value={setup.bots} placeholder={'{"*": {"Orders": {"says": ["where is"], "answers": "On its way"}}}'} onChange={({ detail }) => set({ bots: detail.value })} />
          </FormField>
        </ExpandableSection>
      )}
    </SpaceBetween>
  );
}

function HoursSelect({ name, value, onChange }: { name: string; value: Hours; onChange: (value: Hours) => void }): ReactNode {
  const { t } = useI18n();
  const options = (["open", "closed", "configured"] as const).map((id) => ({ value: id, label: t(`tryit.hours.${id}`) }));
  return <Select ariaLabel={name} options={options} selectedOption={options.find((one) => one.value === value)!} onChange={({ detail }) => onChange(detail.selectedOption.value as Hours)} />;
}

function QueueForm({ name, state, onChange }: { name: string; state: QueueSetup; onChange: (state: QueueSetup) => void }): ReactNode {
  const { t } = useI18n();
  return (
    <ExpandableSection headerText={t("tryit.queueOf", { name })}>
      <SpaceBetween size="s">
        <FormField label={t("tryit.hours")}><HoursSelect name={name} value={state.hours} onChange={(hours) => onChange({ ...state, hours })} /></FormField>
        <ColumnLayout columns={2}>
          {NUMBERS.map((key) => (
            <FormField key={key} label={t(`tryit.queue.${key}`)}>
              <Input
                type="number" ariaLabel={t(`tryit.queue.${key}`)} value={state[key] === null ? "" : String(state[key])}
                onChange={({ detail }) => onChange({ ...state, [key]: detail.value === "" ? (key === "limit" ? null : 0) : Math.max(0, Math.trunc(Number(detail.value)) || 0) })}
              />
            </FormField>
          ))}
        </ColumnLayout>
      </SpaceBetween>
    </ExpandableSection>
  );
}

function FunctionForm({ name, state, onChange }: { name: string; state: FunctionSetup; onChange: (state: FunctionSetup) => void }): ReactNode {
  const { t } = useI18n();
  const options = (["answer", "fail", "timeout"] as const).map((id) => ({ value: id, label: t(`tryit.function.${id}`) }));
  return (
    <SpaceBetween size="xs">
      <FormField label={t("tryit.functionOf", { name })}>
        <Select options={options} selectedOption={options.find((one) => one.value === state.kind)!} onChange={({ detail }) => onChange({ ...state, kind: detail.selectedOption.value as FunctionSetup["kind"] })} />
      </FormField>
      {state.kind === "answer" && (
        <FormField label={t("tryit.answerOf", { name })}><Textarea rows={3} value={state.answer} onChange={({ detail }) => onChange({ ...state, answer: detail.value })} /></FormField>
      )}
    </SpaceBetween>
  );
}
