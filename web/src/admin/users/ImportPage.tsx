import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { switchroom } from "../../api";
import type { CheckUserImportResponse, UserImportRow } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { downloadText } from "../../shared/download";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

interface Checked {
  csv: string;
  result: CheckUserImportResponse;
}

/** New users from a CSV file: template, check of every row, then the valid ones are created (USER-07..10). */
export function ImportPage(): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [files, setFiles] = useState<File[]>([]);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [asking, setAsking] = useState(false);

  const template = async (): Promise<void> => {
    const file = await switchroom("GetUserImportTemplate", { InstanceId: instanceId });
    downloadText(file.FileName, "text/csv", file.Csv);
  };
  const check = async (): Promise<void> => {
    setBusy(true);
    setProblem("");
    try {
      const csv = await files[0]!.text();
      setChecked({ csv, result: await switchroom("CheckUserImport", { InstanceId: instanceId, Csv: csv }) });
    } catch (error) {
      setChecked(null);
      setProblem(errorText(error, t));
    } finally {
      setBusy(false);
    }
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await switchroom("StartUserBatch", { InstanceId: instanceId, Kind: "IMPORT", Csv: checked!.csv });
      goTo("r", "users");
    } catch (error) {
      notices.failure(error);
      setAsking(false);
      setBusy(false);
    }
  };
  const result = checked?.result;

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t("import.about")}>{t("import.title")}</Header>
      <Container header={<Header variant="h2">{t("import.first")}</Header>}>
        <SpaceBetween size="s">
          <span>{t("import.templateHelp")}</span>
          <Button iconName="download" onClick={() => void template().catch(notices.failure)}>{t("import.template")}</Button>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{t("import.second")}</Header>}>
        <SpaceBetween size="m">
          <FormField label={t("import.file")} constraintText={t("import.fileHelp")} errorText={problem}>
            <FileUpload
              value={files}
              accept=".csv,text/csv"
              showFileSize
              onChange={({ detail }) => {
                setFiles(detail.value);
                setChecked(null);
                setProblem("");
              }}
              i18nStrings={{
                uploadButtonText: () => t("import.choose"),
                dropzoneText: () => t("import.drop"),
                removeFileAriaLabel: () => t("action.remove"),
                limitShowFewer: "",
                limitShowMore: "",
                errorIconAriaLabel: t("common.error"),
              }}
            />
          </FormField>
          <Button disabled={!files.length} loading={busy && !checked} onClick={() => void check()}>{t("import.verify")}</Button>
        </SpaceBetween>
      </Container>
      {result && <Rows result={result} />}
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={() => goTo("r", "users")}>{t("action.cancel")}</Button>
          <Button
            variant="primary"
            loading={busy && Boolean(result)}
            disabled={!result?.Valid}
            onClick={() => (result!.Invalid ? setAsking(true) : void save())}
          >
            {t("import.save", { count: result?.Valid ?? 0 })}
          </Button>
        </SpaceBetween>
      </Box>
      {asking && result && (
        <Modal
          visible
          onDismiss={() => setAsking(false)}
          header={t("import.partTitle", { count: result.Valid })}
          footer={
            <Box float="right">
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => setAsking(false)}>{t("action.cancel")}</Button>
                <Button variant="primary" loading={busy} onClick={() => void save()}>{t("import.save", { count: result.Valid })}</Button>
              </SpaceBetween>
            </Box>
          }
        >
          {t("import.part", { invalid: result.Invalid, total: result.Valid + result.Invalid })}
        </Modal>
      )}
    </SpaceBetween>
  );
}

function Rows({ result }: { result: CheckUserImportResponse }): ReactNode {
  const { t } = useI18n();
  const [wrong, setWrong] = useState(false);
  const rows = wrong ? result.Rows.filter((row) => row.Problems.length) : result.Rows;
  return (
    <SpaceBetween size="m">
      <div role="status">
        {result.Invalid ? (
          <Alert type={result.Valid ? "warning" : "error"} header={t("import.someWrong", { invalid: result.Invalid, valid: result.Valid })}>{t("import.someWrongHelp")}</Alert>
        ) : (
          <Alert type="success">{t("import.allRight", { valid: result.Valid })}</Alert>
        )}
      </div>
      <Table
        header={
          <Header
            variant="h2"
            counter={`(${rows.length})`}
            actions={result.Invalid > 0 && <Toggle checked={wrong} onChange={({ detail }) => setWrong(detail.checked)}>{t("import.onlyWrong")}</Toggle>}
          >
            {t("import.rows")}
          </Header>
        }
        items={rows}
        trackBy={(row) => String(row.Row)}
        wrapLines
        ariaLabels={{ tableLabel: t("import.rows") }}
        columnDefinitions={[
          { id: "row", header: t("import.row"), cell: (row) => row.Row, width: 80 },
          { id: "login", header: t("users.login"), cell: (row) => row.Login || "–", isRowHeader: true },
          { id: "first", header: t("users.firstName"), cell: (row) => row.FirstName || "–" },
          { id: "last", header: t("users.lastName"), cell: (row) => row.LastName || "–" },
          { id: "routing", header: t("field.routingProfile"), cell: (row) => row.RoutingProfile || "–" },
          { id: "security", header: t("securityProfiles.title"), cell: (row) => row.SecurityProfiles?.join(", ") || "–" },
          { id: "problems", header: t("import.problems"), cell: (row) => <Problems row={row} />, minWidth: 320 },
        ]}
      />
    </SpaceBetween>
  );
}

function Problems({ row }: { row: UserImportRow }): ReactNode {
  const { t } = useI18n();
  if (!row.Problems.length) return <StatusIndicator type="success">{t("import.right")}</StatusIndicator>;
  return (
    <SpaceBetween size="xxs">
      {row.Problems.map((problem, at) => (
        <StatusIndicator key={at} type="error">
          {problem.Field ? `${problem.Field}: ${problem.Reason}` : problem.Reason}
        </StatusIndicator>
      ))}
    </SpaceBetween>
  );
}
