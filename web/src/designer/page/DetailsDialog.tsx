import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useI18n } from "../../i18n";
import type { Held } from "./shelf";
import type { Details } from "./useWork";

export const LONGEST_NAME = 127;
export const LONGEST_DESCRIPTION = 500;

interface Props {
  title: string;
  /** On the button that takes it over. */
  action: string;
  start: Details;
  readOnly?: boolean;
  /** Where it is kept, once it is. */
  held?: Held;
  /** Resolves to what is wrong, or to nothing. */
  onDone: (details: Details) => Promise<string> | string;
  onClose: () => void;
}

/** Name and description of a flow; also asks for them when one is saved for the first time or under a new name. */
export function DetailsDialog({ title, action, start, readOnly = false, held, onDone, onClose }: Props): ReactNode {
  const { t, code, dateTime } = useI18n();
  const [name, setName] = useState(start.name);
  const [description, setDescription] = useState(start.description);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    if (!name.trim()) return setProblem(t("form.required"));
    setBusy(true);
    const wrong = await onDone({ name: name.trim(), description });
    setBusy(false);
    setProblem(wrong);
  };
  return (
    <Modal
      visible
      header={title}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{t("action.cancel")}</Button>
            {!readOnly && <Button variant="primary" loading={busy} onClick={() => void submit()}>{action}</Button>}
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        <SpaceBetween size="m">
          <FormField label={t("field.name")} errorText={problem}>
            <Input value={name} readOnly={readOnly} autoFocus onChange={({ detail }) => setName([...detail.value].slice(0, LONGEST_NAME).join(""))} />
          </FormField>
          <FormField label={t("field.description")}>
            <Textarea value={description} readOnly={readOnly} rows={3} onChange={({ detail }) => setDescription([...detail.value].slice(0, LONGEST_DESCRIPTION).join(""))} />
          </FormField>
          {held?.id && (
            <KeyValuePairs
              columns={2}
              items={[
                { label: t("field.type"), value: code("flowType", held.type) },
                { label: t("designer.changedAt"), value: dateTime(held.modifiedAt) },
                { label: "ARN", value: <CopyToClipboard variant="inline" textToCopy={held.arn} copyButtonAriaLabel={t("flows.copyArn")} copySuccessText={t("action.copied")} copyErrorText={t("action.notCopied")} /> },
              ]}
            />
          )}
          <button type="submit" hidden />
        </SpaceBetween>
      </form>
    </Modal>
  );
}
