import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { switchroom } from "../../api";
import type { UserChanges } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { useSession } from "../../shared/session";
import { ReferenceMultiselect } from "../FieldControl";
import { useChoices } from "../sources";
import { TagRows } from "../TagEditor";
import { chosenUsers } from "./chosen";
import { isNumber } from "./contact";
import { ContactDialog, LoadingUsers, useUsers } from "./ContactDialog";

const MOST_TAGS = 50;
const LONGEST_ACW = 2_000_000;

/** Settings of several users at once: six fields, of which only those that somebody sets are changed (USER-17, USER-18). */
export function BulkEditPage({ batchId }: { batchId: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const { users, setUsers } = useUsers(chosenUsers());
  const [changes, setChanges] = useState<UserChanges>({});
  const [opened, setOpened] = useState<number | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (!batchId) return;
    switchroom("DescribeUserBatch", { InstanceId: instanceId, BatchId: batchId }).then((answer) => setChanges(answer.Changes ?? {}), () => undefined);
  }, [batchId]);

  if (users === null) return <LoadingUsers />;
  if (!users.length) return <Alert action={<Button onClick={() => goTo("r", "users")}>{t("users.management")}</Button>}>{t("bulk.nobody")}</Alert>;
  const wrong = problemOf(changes);
  const empty = Object.values(changes).every((value) => value === undefined);

  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem("");
    try {
      await switchroom("StartUserBatch", { InstanceId: instanceId, Kind: "EDIT", UserIds: users.map((one) => one.Id!), Changes: changes });
      goTo("r", "users");
    } catch (error) {
      setProblem(errorText(error, t));
      setBusy(false);
    }
  };

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t("bulk.about", { count: users.length })}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => goTo("r", "users")}>{t("action.cancel")}</Button>
            <Button variant="primary" loading={busy} disabled={empty || Boolean(wrong)} onClick={() => void save()}>{t("action.save")}</Button>
          </SpaceBetween>
        }
      >
        {t("bulk.title")}
      </Header>
      {Boolean(problem) && <Alert type="error">{problem}</Alert>}
      <Container header={<Header variant="h2" description={t("bulk.settingsHelp")}>{t("users.settings")}</Header>}>
        <Settings changes={changes} wrong={wrong} mayGrant={may("Users.EditPermission")} change={(part) => setChanges({ ...changes, ...part })} />
      </Container>
      <Table
        header={<Header variant="h2" counter={`(${users.length})`}>{t("bulk.chosen")}</Header>}
        items={users}
        trackBy="Id"
        ariaLabels={{ tableLabel: t("bulk.chosen") }}
        columnDefinitions={[
          { id: "login", header: t("users.login"), cell: (user) => user.Username, isRowHeader: true },
          { id: "first", header: t("users.firstName"), cell: (user) => user.IdentityInfo?.FirstName || "–" },
          { id: "last", header: t("users.lastName"), cell: (user) => user.IdentityInfo?.LastName || "–" },
          { id: "email", header: t("users.email"), cell: (user) => user.IdentityInfo?.Email || "–" },
          {
            id: "edit",
            header: t("bulk.contact"),
            width: 130,
            cell: (user) => (
              <Button variant="inline-icon" iconName="edit" disabled={!may("Users.Edit")} ariaLabel={t("bulk.editContact", { name: user.Username ?? "" })} onClick={() => setOpened(users.indexOf(user))} />
            ),
          },
        ]}
      />
      {opened !== null && (
        <ContactDialog
          users={users}
          start={opened}
          onClose={(now) => {
            setUsers(now);
            setOpened(null);
          }}
        />
      )}
    </SpaceBetween>
  );
}

function problemOf(changes: UserChanges): "desk" | "acw" | undefined {
  const limit = changes.AfterContactWorkTimeLimit;
  if (changes.PhoneType === "DESK_PHONE" && (!changes.DeskPhoneNumber || !isNumber(changes.DeskPhoneNumber))) return "desk";
  return limit !== undefined && (!Number.isInteger(limit) || limit < 0 || limit > LONGEST_ACW) ? "acw" : undefined;
}

interface SettingsProps {
  changes: UserChanges;
  wrong: "desk" | "acw" | undefined;
  mayGrant: boolean;
  change: (part: UserChanges) => void;
}

function Settings({ changes, wrong, mayGrant, change }: SettingsProps): ReactNode {
  const { t } = useI18n();
  const keep = t("bulk.keep");
  const limit = changes.AfterContactWorkTimeLimit;
  const phones = [{ value: "", label: keep }, { value: "SOFT_PHONE", label: t("phoneType.SOFT_PHONE") }, { value: "DESK_PHONE", label: t("phoneType.DESK_PHONE") }];
  return (
    <SpaceBetween size="l">
      <ColumnLayout columns={2}>
        <FormField label={t("securityProfiles.title")} description={t(mayGrant ? "bulk.securityHelp" : "users.noGrant")}>
          <ReferenceMultiselect
            source="securityProfiles"
            disabled={!mayGrant}
            placeholder={keep}
            values={changes.SecurityProfileIds ?? []}
            set={(ids) => change({ SecurityProfileIds: ids.length ? ids : undefined })}
          />
        </FormField>
        <FormField label={t("field.routingProfile")}>
          <KeepSelect source="routingProfiles" value={changes.RoutingProfileId} set={(RoutingProfileId) => change({ RoutingProfileId })} />
        </FormField>
        <FormField label={t("users.phoneType")}>
          <Select
            options={phones}
            selectedOption={phones.find((one) => one.value === (changes.PhoneType ?? ""))!}
            onChange={({ detail }) => change({ PhoneType: (detail.selectedOption.value || undefined) as UserChanges["PhoneType"], DeskPhoneNumber: undefined })}
          />
        </FormField>
        <FormField label={t("users.acw")} description={t("users.acwHelp")} errorText={wrong === "acw" ? t("users.acwWrong") : ""}>
          <Input type="number" inputMode="numeric" placeholder={keep} value={limit === undefined ? "" : String(limit)} onChange={({ detail }) => change({ AfterContactWorkTimeLimit: detail.value === "" ? undefined : Number(detail.value) })} />
        </FormField>
        {changes.PhoneType === "DESK_PHONE" && (
          <FormField label={t("users.deskPhone")} description={t("users.deskPhoneHelp")} errorText={wrong === "desk" && changes.DeskPhoneNumber ? t("users.numberWrong") : ""}>
            <Input value={changes.DeskPhoneNumber ?? ""} onChange={({ detail }) => change({ DeskPhoneNumber: detail.value || undefined })} />
          </FormField>
        )}
        <FormField label={t("field.hierarchyGroup")}>
          <KeepSelect source="hierarchyGroups" none value={changes.HierarchyGroupId} set={(HierarchyGroupId) => change({ HierarchyGroupId })} />
        </FormField>
      </ColumnLayout>
      <FormField label={t("tags.title")} description={t("bulk.tagsHelp")}>
        <Toggle checked={changes.Tags !== undefined} onChange={({ detail }) => change({ Tags: detail.checked ? {} : undefined })}>{t("bulk.tags")}</Toggle>
      </FormField>
      {changes.Tags !== undefined && <TagRows most={MOST_TAGS} texts={{ add: "tags.add", left: "tags.left", none: "tags.none" }} tags={changes.Tags} disabled={false} onChange={(Tags) => change({ Tags })} />}
    </SpaceBetween>
  );
}

interface KeepSelectProps {
  source: "routingProfiles" | "hierarchyGroups";
  /** Whether the empty text, for none, can be chosen. */
  none?: boolean;
  value: string | undefined;
  set: (value: string | undefined) => void;
}

const KEEP = "keep";

function KeepSelect({ source, none, value, set }: KeepSelectProps): ReactNode {
  const { t } = useI18n();
  const { choices, loading } = useChoices(source);
  const options = [{ value: KEEP, label: t("bulk.keep") }, ...(none ? [{ value: "", label: t("form.none") }] : []), ...choices];
  return (
    <Select
      options={options}
      filteringType="auto"
      statusType={loading ? "loading" : "finished"}
      selectedOption={options.find((one) => one.value === (value ?? KEEP)) ?? { value: value!, label: value }}
      onChange={({ detail }) => set(detail.selectedOption.value === KEEP ? undefined : detail.selectedOption.value)}
    />
  );
}
