import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Textarea from "@cloudscape-design/components/textarea";
import { connect, switchroom } from "../../api";
import type { ContactFlow } from "../../api/connect";
import type { FlowProblem } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { downloadText } from "../../shared/download";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { ChangeHistory } from "../ChangeHistory";
import { DeleteDialog } from "../DeleteDialog";
import { JsonEditor, type JsonEditorHandle, type Mark } from "../editors/JsonEditor";
import { pretty, rowOf, sorted } from "../flowText";
import { forgetChoices } from "../sources";

const CHECK_AFTER_MS = 400;

/** A flow as JSON with the checker's findings beside it; saved as a draft or published. */
export function FlowPage({ id }: { id: string }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [flow, setFlow] = useState<ContactFlow | null>(null);
  const [saved, setSaved] = useState("");
  const [content, setContent] = useState("");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [published, setPublished] = useState<boolean | null>(null);
  const [busy, setBusy] = useState<"" | "save" | "publish">("");
  const [problem, setProblem] = useState("");
  const [deleting, setDeleting] = useState(false);
  const [version, setVersion] = useState(0);
  const editor = useRef<JsonEditorHandle>(null);
  const check = useChecker(instanceId, content, flow?.Type);
  const marks = useMemo<Mark[]>(
    () => check.problems.map((one) => ({ row: rowOf(content, one), text: one.Message, type: one.Severity === "ERROR" ? "error" : one.Severity === "WARNING" ? "warning" : "info" })),
    // The rows belong to the text that was checked.
    [check.problems],
  );

  useEffect(() => {
    void read(instanceId, id).then(
      ({ draft, live }) => {
        setFlow(draft);
        setPublished(live !== null && live.Content === draft.Content);
        setName(draft.Name ?? "");
        setDescription(draft.Description ?? "");
        const text = pretty(draft.Content ?? "");
        setSaved(text);
        setContent(text);
      },
      (error: unknown) => setProblem(errorText(error, t)),
    );
  }, [instanceId, id, version]);

  if (!flow) {
    return problem ? <Alert type="error">{problem}</Alert> : <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
  }

  const errors = check.problems.filter((one) => one.Severity === "ERROR");
  const renamed = name !== (flow.Name ?? "") || description !== (flow.Description ?? "");
  const save = async (publish: boolean): Promise<void> => {
    setBusy(publish ? "publish" : "save");
    setProblem("");
    try {
      const at = { InstanceId: instanceId, ContactFlowId: id };
      if (renamed) await connect("UpdateContactFlowMetadata", { ...at, Name: name, Description: description });
      if (content !== saved || publish) {
        await connect("UpdateContactFlowContent", { InstanceId: instanceId, ContactFlowId: publish ? id : `${id}:$SAVED`, Content: content });
      }
      notices.success(t(publish ? "flows.published" : "flows.saved", { name }));
      forgetChoices();
      setVersion(version + 1);
    } catch (error) {
      setProblem(errorText(error, t));
    } finally {
      setBusy("");
    }
  };
  const tidy = (): void => setContent(pretty(content));

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={
          <SpaceBetween direction="horizontal" size="xs">
            <span>{code("flowType", flow.Type)}</span>
            <Badge color={published ? "green" : "grey"}>{t(published ? "flowStatus.PUBLISHED" : "flowStatus.SAVED")}</Badge>
          </SpaceBetween>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {may("ContactFlows.Delete") && <Button onClick={() => setDeleting(true)}>{t("action.delete")}</Button>}
            <Button iconName="download" onClick={() => downloadText(`${name || "flow"}.json`, "application/json", content)}>{t("flows.export")}</Button>
            {may("ContactFlows.Edit") && (
              <>
                <ImportButton onText={(text) => setContent(pretty(text))} />
                <Button onClick={tidy}>{t("flows.tidy")}</Button>
                <Button loading={busy === "save"} disabled={content === saved && !renamed} onClick={() => void save(false)}>{t("flows.save")}</Button>
              </>
            )}
            {may("ContactFlows.Publish") && (
              <Button variant="primary" loading={busy === "publish"} disabled={errors.length > 0 || check.busy || (published === true && content === saved)} onClick={() => void save(true)}>
                {t("flows.publish")}
              </Button>
            )}
          </SpaceBetween>
        }
      >
        {flow.Name}
      </Header>
      {problem && <Alert type="error" dismissible onDismiss={() => setProblem("")}>{problem}</Alert>}
      <Grid gridDefinition={[{ colspan: { default: 12, m: 8 } }, { colspan: { default: 12, m: 4 } }]}>
        <JsonEditor handle={editor} label={t("flows.content")} value={content} readOnly={!may("ContactFlows.Edit")} marks={marks} onChange={setContent} />
        <SpaceBetween size="l">
          <Container header={<Header variant="h2" counter={`(${check.problems.length})`}>{t("flows.problems")}</Header>}>
            <div aria-live="polite" data-testid="flow-problems">
              <Problems check={check} onChoose={(one) => editor.current?.goToRow(rowOf(content, one))} />
            </div>
          </Container>
          <Container header={<Header variant="h2">{t("flows.details")}</Header>}>
            <SpaceBetween size="m">
              <FormField label={t("field.name")}>
                <Input value={name} disabled={!may("ContactFlows.Edit")} onChange={({ detail }) => setName(detail.value)} />
              </FormField>
              <FormField label={t("field.description")}>
                <Textarea value={description} rows={2} disabled={!may("ContactFlows.Edit")} onChange={({ detail }) => setDescription(detail.value)} />
              </FormField>
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Grid>
      {may("HistoricalChanges.View") && <ChangeHistory key={version} kind="contact-flow" id={id} />}
      {deleting && (
        <DeleteDialog
          name={flow.Name ?? id}
          remove={() => connect("DeleteContactFlow", { InstanceId: instanceId, ContactFlowId: id })}
          onClose={(done) => {
            setDeleting(false);
            if (done) goTo("r", "flows");
          }}
        />
      )}
    </SpaceBetween>
  );
}

async function read(instanceId: string, id: string): Promise<{ draft: ContactFlow; live: ContactFlow | null }> {
  const describe = async (ContactFlowId: string): Promise<ContactFlow | null> =>
    (await connect("DescribeContactFlow", { InstanceId: instanceId, ContactFlowId }).catch(() => null))?.ContactFlow ?? null;
  const [live, draft] = await Promise.all([describe(id), describe(`${id}:$SAVED`)]);
  if (!draft && !live) return { draft: (await connect("DescribeContactFlow", { InstanceId: instanceId, ContactFlowId: id })).ContactFlow!, live: null };
  return { draft: (draft ?? live)!, live: live?.Status === "PUBLISHED" ? live : null };
}

interface Check {
  problems: FlowProblem[];
  busy: boolean;
  failed: string;
}

/** The checker's findings for the text, a moment after the last keystroke. */
function useChecker(instanceId: string, content: string, type: ContactFlow["Type"]): Check {
  const { t, language } = useI18n();
  const [check, setCheck] = useState<Check>({ problems: [], busy: true, failed: "" });
  useEffect(() => {
    if (!content) return;
    let stale = false;
    setCheck((now) => ({ ...now, busy: true }));
    const known = ["CONTACT_FLOW", "CUSTOMER_QUEUE", "CUSTOMER_HOLD", "CUSTOMER_WHISPER", "AGENT_HOLD", "AGENT_WHISPER", "OUTBOUND_WHISPER", "AGENT_TRANSFER", "QUEUE_TRANSFER"] as const;
    const Type = known.find((one) => one === type);
    const timer = setTimeout(() => {
      switchroom("CheckFlow", { InstanceId: instanceId, Content: content, Type, Language: language }).then(
        (answer) => !stale && setCheck({ problems: sorted(answer.Problems), busy: false, failed: "" }),
        (error: unknown) => !stale && setCheck({ problems: [], busy: false, failed: errorText(error, t) }),
      );
    }, CHECK_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [instanceId, content, type, language, t]);
  return check;
}

function Problems({ check, onChoose }: { check: Check; onChoose: (problem: FlowProblem) => void }): ReactNode {
  const { t } = useI18n();
  if (check.failed) return <StatusIndicator type="error">{check.failed}</StatusIndicator>;
  if (check.busy && !check.problems.length) return <StatusIndicator type="loading">{t("flows.checking")}</StatusIndicator>;
  if (!check.problems.length) return <StatusIndicator type="success">{t("flows.noProblems")}</StatusIndicator>;
  const kinds = { ERROR: "error", WARNING: "warning", INFO: "info" } as const;
  return (
    <ul className="problems">
      {check.problems.map((one, at) => (
        <li key={at}>
          <StatusIndicator type={kinds[one.Severity]} wrapText>
            {one.Message}{" "}
            {(one.ActionId || one.Path) && (
              <Link variant="secondary" onFollow={(event) => { event.preventDefault(); onChoose(one); }} href="#">
                {one.ActionId || one.Path}
              </Link>
            )}
          </StatusIndicator>
        </li>
      ))}
    </ul>
  );
}

function ImportButton({ onText }: { onText: (text: string) => void }): ReactNode {
  const { t } = useI18n();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input} type="file" accept=".json,application/json" hidden
        onChange={(event) => {
          void event.target.files?.[0]?.text().then(onText);
          event.target.value = "";
        }}
      />
      <Button iconName="upload" onClick={() => input.current?.click()}>{t("flows.import")}</Button>
    </>
  );
}
