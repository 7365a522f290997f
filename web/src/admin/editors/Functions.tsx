import { useCallback, useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { connect, switchroom } from "../../api";
import type { SiteFunction } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";

/** The functions that flows of the instance may call (FLOW-123, BLK-092). */
export function Functions(): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [functions, setFunctions] = useState<SiteFunction[] | null>(null);
  const [arn, setArn] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState("");

  const load = useCallback(async () => {
    try {
      setFunctions((await switchroom("ListFunctions", { InstanceId: instanceId })).Functions);
    } catch (error) {
      setFunctions([]);
      notices.failure(error);
    }
  }, [instanceId]);
  useEffect(() => void load(), [load]);

  const set = async (FunctionArn: string, added: boolean): Promise<void> => {
    setBusy(FunctionArn);
    setProblem("");
    try {
      await connect(added ? "AssociateLambdaFunction" : "DisassociateLambdaFunction", { InstanceId: instanceId, FunctionArn });
      if (FunctionArn === arn.trim()) setArn("");
      await load();
    } catch (error) {
      setProblem(errorText(error, t));
    } finally {
      setBusy("");
    }
  };
  const kinds: Record<SiteFunction["Kind"], string> = {
    LOCAL: t("functions.kind.LOCAL"),
    SAMPLE: t("functions.kind.SAMPLE"),
    HTTP: t("functions.kind.HTTP"),
    AWS: t("functions.kind.AWS"),
    ELSEWHERE: t("functions.kind.ELSEWHERE"),
  };

  return (
    <Table
      variant="container"
      loading={functions === null}
      loadingText={t("common.loading")}
      ariaLabels={{ tableLabel: t("functions.title") }}
      header={<Header variant="h2" description={t("functions.help")}>{t("functions.title")}</Header>}
      items={functions ?? []}
      trackBy={(one) => one.FunctionArn}
      empty={<Box textAlign="center" color="inherit">{t("functions.none")}</Box>}
      columnDefinitions={[
        {
          id: "name",
          header: t("functions.name"),
          isRowHeader: true,
          cell: (one) => (
            <CopyToClipboard variant="inline" textToDisplay={one.Name} textToCopy={one.FunctionArn} copyButtonAriaLabel={t("functions.copy", { name: one.Name })} copySuccessText={t("action.copied")} copyErrorText={t("common.error")} />
          ),
        },
        { id: "kind", header: t("functions.kind"), cell: (one) => kinds[one.Kind] },
        {
          id: "added",
          header: t("functions.added"),
          cell: (one) => (
            <Toggle checked={one.Added} disabled={busy === one.FunctionArn} ariaLabel={t("functions.may", { name: one.Name })} onChange={({ detail }) => void set(one.FunctionArn, detail.checked)} />
          ),
        },
      ]}
      footer={
        <SpaceBetween size="s">
          <FormField label={t("functions.arn")} description={t("functions.arnHelp")} errorText={problem} stretch>
            <Input value={arn} spellcheck={false} placeholder="arn:aws:lambda:eu-central-1:111122223333:function:lookup" onChange={({ detail }) => setArn(detail.value)} />
          </FormField>
          <Button formAction="none" loading={busy !== "" && busy === arn.trim()} disabled={!arn.trim()} onClick={() => void set(arn.trim(), true)}>
            {t("functions.add")}
          </Button>
        </SpaceBetween>
      }
    />
  );
}
