import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../../api";
import type { DescribeUserDeletionResponse, UserDeletion } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";

export interface DoomedUser {
  id: string;
  login: string;
}

interface Props {
  users: DoomedUser[];
  /** True when the deletion was started. */
  onClose: (started: boolean) => void;
}

const SHOWN = 12;

/** Says what a deletion means - live contacts, personal queues, quick connects, the last administrator - and starts it (USER-25, USER-28). */
export function DeleteUsers({ users, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const [known, setKnown] = useState<DescribeUserDeletionResponse | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [force, setForce] = useState(false);
  const [quickConnects, setQuickConnects] = useState(true);
  const [typed, setTyped] = useState("");
  const UserIds = users.map((one) => one.id);

  useEffect(() => {
    switchroom("DescribeUserDeletion", { InstanceId: instanceId, UserIds }).then(setKnown, (error: unknown) => setProblem(errorText(error, t)));
  }, []);

  const live = known?.Users.filter((one) => one.LiveContacts.length) ?? [];
  const waiting = known?.Users.filter((one) => one.WaitingContacts.length) ?? [];
  const leading = known?.Users.filter((one) => one.QuickConnects.length) ?? [];
  const mayDeleteThem = may("TransferDestinations.Delete");
  const word = t("users.deleteWord");
  const allowed = known !== null && (!known.LastAdministrators || typed.trim().toLowerCase() === word.toLowerCase());
  const names = users.slice(0, SHOWN).map((one) => one.login).join(", ");
  const rest = users.length - SHOWN;

  const start = async (): Promise<void> => {
    setBusy(true);
    try {
      const DeleteQuickConnects = leading.length > 0 && mayDeleteThem && quickConnects;
      await switchroom("StartUserBatch", { InstanceId: instanceId, Kind: "DELETE", UserIds, Force: force || undefined, DeleteQuickConnects: DeleteQuickConnects || undefined });
      onClose(true);
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };

  return (
    <Modal
      visible
      onDismiss={() => onClose(false)}
      header={users.length === 1 ? t("delete.title", { name: users[0]!.login }) : t("users.deleteTitle", { count: users.length })}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={!allowed} onClick={() => void start()}>{t("action.delete")}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {Boolean(problem) && <Alert type="error">{problem}</Alert>}
        <span>{t("users.deleteText")}</span>
        {users.length > 1 && <Box fontWeight="bold">{rest > 0 ? t("users.andMore", { names, count: rest }) : names}</Box>}
        {!known && !problem && <Spinner />}
        {live.length > 0 && (
          <Alert type="warning" header={t("users.deleteLive", { names: named(live) })}>
            <Checkbox checked={force} onChange={({ detail }) => setForce(detail.checked)}>{t("users.deleteForce")}</Checkbox>
          </Alert>
        )}
        {waiting.length > 0 && <Alert type="warning">{t("users.deleteWaiting", { text: waiting.map((one) => `${one.Login} (${one.WaitingContacts.length})`).join(", ") })}</Alert>}
        {leading.length > 0 && (
          <Alert type="warning" header={t("users.deleteQuickConnects", { names: leading.flatMap((one) => one.QuickConnects.map((quick) => quick.Name)).join(", ") })}>
            <SpaceBetween size="xs">
              <span>{t("users.deleteQuickConnectsHelp")}</span>
              {mayDeleteThem && <Checkbox checked={quickConnects} onChange={({ detail }) => setQuickConnects(detail.checked)}>{t("users.deleteQuickConnectsToo")}</Checkbox>}
            </SpaceBetween>
          </Alert>
        )}
        {known?.LastAdministrators && (
          <Alert type="error" header={t("users.lastAdmin")}>
            <FormField label={t("users.lastAdminHelp", { word })}>
              <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} />
            </FormField>
          </Alert>
        )}
      </SpaceBetween>
    </Modal>
  );
}

const named = (users: UserDeletion[]): string => users.map((one) => one.Login).join(", ");
