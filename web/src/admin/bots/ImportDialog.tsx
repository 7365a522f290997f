import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import type { ImportBotResponse } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";
import { base64Of } from "./files";

interface Props {
  /** The bot whose draft is replaced; none: a new bot is made. */
  botId?: string;
  onClose: (imported?: ImportBotResponse) => void;
}

/** A bot that Lex exported becomes one here (FLOW-148). */
export function ImportDialog({ botId, onClose }: Props): ReactNode {
  const { t, language } = useI18n();
  const { instanceId } = useSession();
  const [chosen, setChosen] = useState<File[]>([]);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  const submit = async (): Promise<void> => {
    const [file] = chosen;
    if (!file) return setProblem(t("form.required"));
    setBusy(true);
    try {
      onClose(await switchroom("ImportBot", { InstanceId: instanceId, File: await base64Of(file), BotId: botId, Name: name.trim() || undefined, Language: language }));
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      onDismiss={() => onClose()}
      header={t("bots.import")}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose()}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} onClick={() => void submit()}>{t("bots.importDo")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error">{problem}</Alert>}
        <FormField label={t("bots.importFile")} description={t("bots.importAbout")}>
          <FileUpload
            value={chosen}
            accept=".zip,.json"
            onChange={({ detail }) => setChosen(detail.value)}
            i18nStrings={{
              uploadButtonText: () => t("bots.importChoose"),
              dropzoneText: () => t("bots.importDrop"),
              removeFileAriaLabel: () => t("action.remove"),
              limitShowFewer: t("bots.importFewer"),
              limitShowMore: t("common.more"),
              errorIconAriaLabel: t("common.error"),
            }}
          />
        </FormField>
        {!botId && (
          <FormField label={t("field.name")} description={t("bots.importName")}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        )}
      </SpaceBetween>
    </Modal>
  );
}
