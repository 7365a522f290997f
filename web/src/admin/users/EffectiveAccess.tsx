import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { switchroom } from "../../api";
import type { AccessRestriction, GetEffectiveAccessResponse, PermissionGroup } from "../../api/switchroom";
import { useI18n, type I18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";
import { RESTRICTABLE, VIEW } from "../editors/limits";
import { usePermissionNames } from "../editors/PermissionGrid";

interface Known {
  access: GetEffectiveAccessResponse;
  groups: PermissionGroup[];
}

/** What all security profiles of a user come to: permissions, limits to records, and limits that another profile lifts. */
export function EffectiveAccess({ id, profiles }: { id: string; profiles: string[] }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [open, setOpen] = useState(false);
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    if (!open) return;
    Promise.all([switchroom("GetEffectiveAccess", { InstanceId: instanceId, UserId: id }), switchroom("ListPermissionCatalogue", { InstanceId: instanceId })]).then(
      ([access, catalogue]) => setKnown({ access, groups: catalogue.Groups }),
      (error: unknown) => setProblem(errorText(error, t)),
    );
  }, [open, id, profiles.join()]);

  return (
    <ExpandableSection variant="container" headerText={t("effective.title")} headerDescription={t("effective.about")} expanded={open} onChange={({ detail }) => setOpen(detail.expanded)}>
      {problem ? <Alert type="error">{problem}</Alert> : known ? <Access {...known} /> : <Spinner />}
    </ExpandableSection>
  );
}

function Access({ access, groups }: Known): ReactNode {
  const { t, code } = useI18n();
  const names = usePermissionNames();
  const held = new Set(access.Permissions);
  const known = new Set(groups.flatMap((group) => group.Permissions));
  const others = access.Permissions.filter((one) => !known.has(one));
  const parts = [
    ...groups.map((group) => ({ key: group.Key, name: names.group(group), names: group.Permissions.filter((one) => held.has(one)), of: group.Permissions.length })),
    ...(others.length ? [{ key: "other", name: names.group({ Key: "other" }), names: others, of: others.length }] : []),
  ].filter((part) => part.names.length);
  return (
    <SpaceBetween size="l">
      {access.Lifted.map((lift, at) => (
        <Alert key={at} type="warning">
          {t("effective.lifted", { profile: lift.Profile, by: lift.By, type: code("accessTypes", lift.ResourceType) })}
        </Alert>
      ))}
      <div>
        <Box variant="h3">{t("effective.records")}</Box>
        <KeyValuePairs columns={2} items={RESTRICTABLE.map((type) => ({ label: code("accessTypes", type), value: <Reach type={type} access={access} /> }))} />
      </div>
      <div>
        <Box variant="h3">{t("effective.permissions", { count: access.Permissions.length })}</Box>
        {!parts.length && <Box color="text-body-secondary">{t("effective.nothing")}</Box>}
        <SpaceBetween size="xxs">
          {parts.map((part) => (
            <ExpandableSection key={part.key} headerText={`${part.name} (${part.names.length}/${part.of})`}>
              <ul className="permission-names">{part.names.map((name) => <li key={name} title={name}>{names.permission(name)}</li>)}</ul>
            </ExpandableSection>
          ))}
        </SpaceBetween>
      </div>
    </SpaceBetween>
  );
}

function Reach({ type, access }: { type: (typeof RESTRICTABLE)[number]; access: GetEffectiveAccessResponse }): ReactNode {
  const { t } = useI18n();
  const limits = access.Restrictions.filter((one) => one.ResourceType === type);
  if (!access.Permissions.includes(VIEW[type])) return <StatusIndicator type="stopped">{t("effective.none")}</StatusIndicator>;
  if (limits.length) {
    return (
      <SpaceBetween size="xxs">
        {limits.map((one, at) => <StatusIndicator key={at} type="warning">{limitText(one, t)}</StatusIndicator>)}
      </SpaceBetween>
    );
  }
  return <StatusIndicator type="success">{t("effective.all")}</StatusIndicator>;
}

function limitText(limit: AccessRestriction, t: I18n["t"]): string {
  const parts = limit.Tags.map((tag) => `${tag.Key}: ${tag.Value}`);
  if (limit.HierarchyGroupId || limit.HierarchyGroupName) parts.push(t("effective.group", { name: limit.HierarchyGroupName ?? "" }));
  if (limit.WithoutGroup) parts.push(t("effective.noGroup"));
  return t("effective.limit", { limits: parts.join(t("effective.and")), profile: limit.Profile });
}
