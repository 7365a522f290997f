import { useEffect, useId, useRef, useState, type ReactNode, type RefObject } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import type { Block, Outcome } from "../model/blocks";
import { FORBIDDEN_CHARACTERS, nameFault, NAME_LENGTH } from "../model/names";

interface Frame {
  title: string;
  action: string;
  disabled?: boolean;
  onApply: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog gives its first button the focus when it opens; a field that is typed into at once takes it after that. */
function useFirstField<Field extends { focus: () => void; select?: () => void }>(): RefObject<Field | null> {
  const field = useRef<Field>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      field.current?.focus();
      field.current?.select?.();
    }, 30);
    return () => clearTimeout(timer);
  }, []);
  return field;
}

function FormModal({ title, action, disabled, onApply, onClose, children }: Frame): ReactNode {
  const { t } = useI18n();
  const id = useId();
  return (
    <Modal
      visible header={title} onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{t("action.cancel")}</Button>
            <Button variant="primary" disabled={disabled} form={id} formAction="submit">{action}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault();
          if (!disabled) onApply();
        }}
      >
        <Form>{children}</Form>
      </form>
    </Modal>
  );
}

/** Gives a block a name of its own (FLOW-38). */
export function RenameDialog({ block, taken, onRename, onClose }: { block: Block; taken: ReadonlySet<string>; onRename: (name: string) => void; onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const [name, setName] = useState(block.name);
  const field = useFirstField<InputProps.Ref>();
  const fault = name === block.name ? null : nameFault(name.trim(), taken);
  const problem = fault && t(`canvas.nameFault.${fault}`, { characters: FORBIDDEN_CHARACTERS, limit: NAME_LENGTH });
  return (
    <FormModal title={t("canvas.renameTitle")} action={t("action.save")} disabled={fault !== null} onClose={onClose} onApply={() => onRename(name.trim())}>
      <FormField label={t("field.name")} description={t("canvas.renameHelp")} errorText={problem} constraintText={`${[...name].length} / ${NAME_LENGTH}`}>
        <Input ref={field} value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </FormModal>
  );
}

interface ConnectProps {
  name: string;
  outcomes: readonly Outcome[];
  blocks: readonly Block[];
  onConnect: (outcome: Outcome, target: string | null) => void;
  onClose: () => void;
}

const NOWHERE = "\u0000";

/** Connects an outcome without a mouse: the outcome, then the block from a list. */
export function ConnectDialog({ name, outcomes, blocks, onConnect, onClose }: ConnectProps): ReactNode {
  const { t } = useI18n();
  const titleOf = (id: string | null): string => (id ? (blocks.find((block) => block.id === id)?.title ?? id) : t("canvas.connectNowhere"));
  const [outcome, setOutcome] = useState<Outcome>(outcomes.find((one) => !one.target) ?? outcomes[0]!);
  const [target, setTarget] = useState<string | null>(outcome.target);
  const field = useFirstField<SelectProps.Ref>();
  const targets = [{ value: NOWHERE, label: t("canvas.connectNowhere") }, ...blocks.map((block) => ({ value: block.id, label: block.title, description: block.name ? block.type?.Name : undefined }))];
  return (
    <FormModal title={t("canvas.connectTitle", { name })} action={t("canvas.connectApply")} onClose={onClose} onApply={() => onConnect(outcome, target)}>
      <SpaceBetween size="m">
        <FormField label={t("canvas.connectOutcome")}>
          <Select
            ref={field} selectedOption={{ value: outcome.key, label: outcome.label }}
            options={outcomes.map((one) => ({ value: one.key, label: one.label, description: titleOf(one.target) }))}
            onChange={({ detail }) => {
              const chosen = outcomes.find((one) => one.key === detail.selectedOption.value)!;
              setOutcome(chosen);
              setTarget(chosen.target);
            }}
          />
        </FormField>
        <FormField label={t("canvas.connectTarget")}>
          <Select
            filteringType="auto" selectedOption={{ value: target ?? NOWHERE, label: titleOf(target) }} options={targets}
            onChange={({ detail }) => setTarget(detail.selectedOption.value === NOWHERE ? null : (detail.selectedOption.value ?? null))}
          />
        </FormField>
      </SpaceBetween>
    </FormModal>
  );
}

export function AboutDialog({ block, onClose }: { block: Block; onClose: () => void }): ReactNode {
  const { t, code } = useI18n();
  const { type } = block;
  return (
    <Modal visible header={type?.Name ?? t("canvas.unknownType")} onDismiss={onClose}>
      <SpaceBetween size="m">
        {type && <Box>{type.About}</Box>}
        {type && !type.Available && <Box>{t("canvas.unavailable")}</Box>}
        <KeyValuePairs
          items={[
            ...(type ? [{ label: t("canvas.aboutChannels"), value: Object.entries(type.Channels).map(([channel, rule]) => `${code("channel", channel)}: ${code("canvas.channel", rule)}`).join(", ") }] : []),
            ...(type ? [{ label: t("canvas.aboutTypes"), value: type.FlowTypes.map((one) => code("flowType", one)).join(", ") }] : []),
            { label: t("canvas.aboutAction"), value: block.actions.map((action) => action.Type).join(" + ") },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
