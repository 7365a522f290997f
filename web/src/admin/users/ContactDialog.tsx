import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { connect } from "../../api";
import type { User } from "../../api/connect";
import { useI18n, type TextKey } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { CONTACT, contactOf, isEmail, isNumber, saveContact, type Contact } from "./contact";

const LABELS: Record<keyof Contact, TextKey> = {
  FirstName: "users.firstName", LastName: "users.lastName", Email: "users.email", SecondaryEmail: "users.secondaryEmail", Mobile: "users.mobile",
};

interface Props {
  users: User[];
  start: number;
  /** With the users as they are now. */
  onClose: (users: User[]) => void;
}

type Drafts = Record<string, Contact>;

/** Contact data of one user after the other; Submit saves every user that was changed (USER-18). */
export function ContactDialog({ users, start, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [at, setAt] = useState(start);
  const [drafts, setDrafts] = useState<Drafts>({});
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const user = users[at]!;
  const draft = drafts[user.Id!] ?? contactOf(user.IdentityInfo);
  const wrong = wrongParts(draft);
  const changedIds = Object.keys(drafts).filter((id) => {
    const known = contactOf(users.find((one) => one.Id === id)?.IdentityInfo);
    return CONTACT.some((name) => known[name] !== drafts[id]![name]);
  });

  const submit = async (): Promise<void> => {
    setBusy(true);
    setProblem("");
    const saved: Drafts = {};
    let failed = 0;
    for (const id of changedIds) {
      try {
        await saveContact(instanceId, id, drafts[id]!);
        saved[id] = drafts[id]!;
      } catch (error) {
        failed += 1;
        setAt(users.findIndex((one) => one.Id === id));
        setProblem(errorText(error, t));
        break;
      }
    }
    setBusy(false);
    if (failed) return;
    if (changedIds.length) notices.success(t("bulk.contactsSaved", { count: changedIds.length }));
    onClose(users.map((one) => (saved[one.Id!] ? { ...one, IdentityInfo: { ...saved[one.Id!] } } : one)));
  };

  return (
    <Modal
      visible
      size="medium"
      onDismiss={() => onClose(users)}
      header={t("bulk.contactTitle", { name: user.Username ?? "", at: at + 1, total: users.length })}
      footer={
        <div className="dialog-steps">
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="angle-left" disabled={at === 0 || wrong.length > 0} onClick={() => setAt(at - 1)}>{t("bulk.previous")}</Button>
            <Button iconName="angle-right" iconAlign="right" disabled={at === users.length - 1 || wrong.length > 0} onClick={() => setAt(at + 1)}>{t("bulk.next")}</Button>
          </SpaceBetween>
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(users)}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={wrong.length > 0} onClick={() => void submit()}>{t("bulk.submit")}</Button>
          </SpaceBetween>
        </div>
      }
    >
      <SpaceBetween size="m">
        {Boolean(problem) && <Alert type="error">{problem}</Alert>}
        <ColumnLayout columns={2}>
          {CONTACT.map((name) => (
            <FormField key={name} label={t(LABELS[name])} errorText={wrong.includes(name) ? t(name === "Mobile" ? "users.numberWrong" : "users.emailWrong") : ""}>
              <Input
                type={name.endsWith("Email") ? "email" : "text"}
                value={draft[name]}
                onChange={({ detail }) => setDrafts({ ...drafts, [user.Id!]: { ...draft, [name]: detail.value } })}
              />
            </FormField>
          ))}
        </ColumnLayout>
      </SpaceBetween>
    </Modal>
  );
}

function wrongParts(draft: Contact): (keyof Contact)[] {
  return CONTACT.filter((name) => (name === "Mobile" ? !isNumber(draft.Mobile) : name.endsWith("Email") && !isEmail(draft[name])));
}

/** The users with these ids as they are now, those that are gone left out. */
export function useUsers(ids: string[]): { users: User[] | null; setUsers: (users: User[]) => void } {
  const { instanceId } = useSession();
  const [users, setUsers] = useState<User[] | null>(null);
  useEffect(() => {
    const found = ids.map((UserId) => connect("DescribeUser", { InstanceId: instanceId, UserId }).then((answer) => answer.User, () => undefined));
    void Promise.all(found).then((all) => setUsers(all.filter((one) => one !== undefined)));
  }, []);
  return { users, setUsers };
}

export function LoadingUsers(): ReactNode {
  return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
}
