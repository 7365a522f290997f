import { useCallback, useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Textarea from "@cloudscape-design/components/textarea";
import { connect } from "../../api";
import type { SecurityKey } from "../../api/connect";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";

const MOST = 2;

/** Public keys that sign the certificates with which flows encrypt what callers key in (FLOW-133). */
export function SecurityKeys(): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [keys, setKeys] = useState<SecurityKey[] | null>(null);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<SecurityKey | null>(null);

  const load = useCallback(async () => {
    try {
      setKeys((await connect("ListSecurityKeys", { InstanceId: instanceId })).SecurityKeys ?? []);
    } catch (error) {
      setKeys([]);
      notices.failure(error);
    }
  }, [instanceId]);
  useEffect(() => void load(), [load]);

  const add = async (): Promise<void> => {
    setAdding(true);
    setProblem("");
    try {
      await connect("AssociateSecurityKey", { InstanceId: instanceId, Key: text.trim() });
      setText("");
      await load();
    } catch (error) {
      setProblem(errorText(error, t));
    } finally {
      setAdding(false);
    }
  };
  const full = (keys?.length ?? 0) >= MOST;

  return (
    <>
      <Table
        variant="container"
        loading={keys === null}
        loadingText={t("common.loading")}
        ariaLabels={{ tableLabel: t("keys.title") }}
        header={
          <Header variant="h2" counter={`(${keys?.length ?? 0}/${MOST})`} description={t("keys.help")}>
            {t("keys.title")}
          </Header>
        }
        items={keys ?? []}
        trackBy={(one) => one.AssociationId!}
        empty={<Box textAlign="center" color="inherit">{t("keys.none")}</Box>}
        columnDefinitions={[
          {
            id: "id",
            header: t("keys.id"),
            isRowHeader: true,
            cell: (one) => (
              <CopyToClipboard variant="inline" textToCopy={one.AssociationId!} copyButtonAriaLabel={t("keys.copy")} copySuccessText={t("action.copied")} copyErrorText={t("common.error")} />
            ),
          },
          { id: "added", header: t("keys.added"), cell: (one) => dateTime(one.CreationTime) },
          {
            id: "actions",
            header: t("prompts.actions"),
            width: 110,
            cell: (one) => (
              <Button formAction="none" variant="inline-icon" iconName="remove" ariaLabel={t("keys.remove", { id: one.AssociationId! })} onClick={() => setRemoving(one)} />
            ),
          },
        ]}
        footer={
          <SpaceBetween size="s">
            <FormField label={t("keys.new")} description={t("keys.newHelp")} errorText={problem} stretch>
              <Textarea
                value={text}
                rows={4}
                spellcheck={false}
                disabled={full}
                placeholder={"-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----"}
                onChange={({ detail }) => setText(detail.value)}
              />
            </FormField>
            <Button formAction="none" loading={adding} disabled={full || !text.trim()} onClick={() => void add()}>
              {t("keys.add")}
            </Button>
          </SpaceBetween>
        }
      />
      {removing && (
        <DeleteDialog
          name={removing.AssociationId!}
          remove={() => connect("DisassociateSecurityKey", { InstanceId: instanceId, AssociationId: removing.AssociationId! })}
          onClose={(done) => {
            setRemoving(null);
            if (done) void load();
          }}
        />
      )}
    </>
  );
}
