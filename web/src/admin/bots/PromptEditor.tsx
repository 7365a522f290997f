import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useI18n } from "../../i18n";
import { MESSAGE_KINDS, promptLines, removeAt, replaceAt, withPromptLines, type MessageKind, type Prompt, type PromptLine } from "./definition";

interface Props {
  label: string;
  description?: string;
  prompt: Prompt | null | undefined;
  onChange: (prompt: Prompt) => void;
  disabled: boolean;
}

/** What a bot says: several messages one after the other, each with variations. */
export function PromptEditor({ label, description, prompt, onChange, disabled }: Props): ReactNode {
  const { t, code } = useI18n();
  const lines = promptLines(prompt);
  const change = (next: PromptLine[]): void => onChange(withPromptLines(prompt, next));
  const kinds = MESSAGE_KINDS.map((kind) => ({ value: kind, label: code("botMessage", kind) }));
  const add = (variation: boolean): void => change([...lines, { kind: "plainTextMessage", text: "", variation }]);
  return (
    <div role="group" aria-label={label}>
      <SpaceBetween size="xs">
        <div>
          <Box variant="awsui-key-label">{label}</Box>
          {description && <Box color="text-body-secondary" fontSize="body-s">{description}</Box>}
        </div>
        {lines.map((line, index) => (
          <div key={index} className={line.variation ? "bot-line bot-line-variation" : "bot-line"}>
            <Select
              disabled={disabled}
              ariaLabel={t("bots.messageKind")}
              selectedOption={kinds.find((one) => one.value === line.kind)!}
              options={kinds}
              onChange={({ detail }) => change(replaceAt(lines, index, { ...line, kind: detail.selectedOption.value as MessageKind }))}
            />
            <Textarea
              readOnly={disabled}
              rows={line.kind === "customPayload" ? 6 : 2}
              spellcheck={line.kind !== "customPayload"}
              ariaLabel={`${label}: ${t(line.variation ? "bots.variation" : "bots.message")}`}
              placeholder={t(line.variation ? "bots.variation" : "bots.message")}
              value={line.text}
              onChange={({ detail }) => change(replaceAt(lines, index, { ...line, text: detail.value }))}
            />
            <Button variant="icon" iconName="remove" disabled={disabled} ariaLabel={t("bots.removeMessage")} onClick={() => change(repaired(removeAt(lines, index)))} />
          </div>
        ))}
        {!disabled && (
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="inline-link" onClick={() => add(false)} ariaLabel={`${label}: ${t("bots.addMessage")}`}>{t("bots.addMessage")}</Button>
            {lines.length > 0 && <Button variant="inline-link" onClick={() => add(true)} ariaLabel={`${label}: ${t("bots.addVariation")}`}>{t("bots.addVariation")}</Button>}
          </SpaceBetween>
        )}
      </SpaceBetween>
    </div>
  );
}

/** The first line is a message of its own. */
const repaired = (lines: PromptLine[]): PromptLine[] => lines.map((line, index) => (index === 0 ? { ...line, variation: false } : line));
