import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import type { ImportFlowResponse } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";
import { MODULE, type Held } from "./shelf";

interface Props {
  working: Held;
  onImported: (read: ImportFlowResponse, file: string) => void;
  onClose: () => void;
}

/** Puts an exported flow in the place of the open one; nothing is stored before it is saved (FLOW-53). */
export function ImportDialog({ working, onImported, onClose }: Props): ReactNode {
  const { t, code } = useI18n();
  const { instanceId } = useSession();
  const [files, setFiles] = useState<File[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (): Promise<void> => {
    const file = files[0];
    if (!file) return;
    setBusy(true);
    setProblem("");
    try {
      const place = !working.id ? {} : working.type === MODULE ? { ContactFlowModuleId: working.id } : { ContactFlowId: working.id };
      onImported(await switchroom("ImportFlow", { InstanceId: instanceId, Content: await file.text(), Type: working.type, ...place }), file.name);
    } catch (error) {
      setProblem(errorText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      header={t("import.title")}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={!files.length} onClick={() => void submit()}>{t("designer.import")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {problem && <Alert type="error" header={t("import.refused")}>{problem}</Alert>}
        <span>{t("import.text", { type: code("flowType", working.type) })}</span>
        <FormField label={t("import.file")}>
          <FileUpload
            value={files}
            showFileSize
            onChange={({ detail }) => {
              setFiles(detail.value);
              setProblem("");
            }}
            i18nStrings={{
              uploadButtonText: () => t("import.choose"),
              dropzoneText: () => t("import.drop"),
              removeFileAriaLabel: () => t("import.removeFile"),
              limitShowFewer: "",
              limitShowMore: "",
              errorIconAriaLabel: t("common.error"),
            }}
          />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
