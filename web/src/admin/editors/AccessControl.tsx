import type { ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import { ReferenceSelect } from "../FieldControl";
import { TagRows } from "../TagEditor";
import { unrestrictedModules, unrestrictedTypes, unviewable, RESTRICTABLE, type Limits } from "./limits";
import { usePermissionNames } from "./PermissionGrid";

const MOST_TAGS = 4;

interface Props {
  limits: Limits;
  permissions: string[];
  disabled: boolean;
  problem?: string;
  change: (part: Partial<Limits>) => void;
}

/** Limits of a security profile to records with certain tags, and to users of a part of the hierarchy (USER-48, USER-51, USER-52, USER-59). */
export function AccessControl({ limits, permissions, disabled, problem, change }: Props): ReactNode {
  const { t, code } = useI18n();
  const types = (names: readonly string[]): string => names.map((name) => code("accessTypes", name)).join(t("accessControl.and"));
  const byHierarchy = limits.HierarchyRestrictedResources.includes("User");
  const options = RESTRICTABLE.map((value) => ({ value, label: code("accessTypes", value) }));
  const tags = Object.entries(limits.AllowedAccessControlTags);
  const complete = tags.length > 0 && limits.TagRestrictedResources.length > 0;
  return (
    <SpaceBetween size="l">
      <Box variant="h3">{t("accessControl.title")}</Box>
      <FormField label={t("accessControl.resources")} description={t("accessControl.resourcesHelp")}>
        <Multiselect
          disabled={disabled}
          options={options}
          selectedOptions={limits.TagRestrictedResources.map((value) => options.find((one) => one.value === value) ?? { value, label: value })}
          placeholder={t("accessControl.chooseResources")}
          onChange={({ detail }) => change({ TagRestrictedResources: detail.selectedOptions.map((one) => one.value!) })}
        />
      </FormField>
      <FormField label={t("accessControl.tags")} errorText={problem} stretch>
        <TagRows
          tags={limits.AllowedAccessControlTags}
          disabled={disabled}
          most={MOST_TAGS}
          texts={{ add: "accessControl.addTag", left: "accessControl.left", none: "accessControl.noTags" }}
          onChange={(AllowedAccessControlTags) => change({ AllowedAccessControlTags })}
        />
      </FormField>
      {!problem && (
        <Box color="text-body-secondary">
          {complete
            ? t("accessControl.summary", { types: types(limits.TagRestrictedResources), tags: tags.map(([key, value]) => `${key}: ${value}`).join(t("effective.and")) })
            : t("accessControl.hint")}
        </Box>
      )}
      <FormField description={t("accessControl.hierarchyHelp")}>
        <Checkbox checked={byHierarchy} disabled={disabled} onChange={({ detail }) => change({ HierarchyRestrictedResources: detail.checked ? ["User"] : [], AllowedAccessControlHierarchyGroupId: undefined })}>
          {t("accessControl.hierarchy")}
        </Checkbox>
      </FormField>
      {byHierarchy && (
        <FormField label={t("accessControl.group")}>
          <ReferenceSelect
            source="hierarchyGroups"
            optional
            none={t("accessControl.ownGroup")}
            disabled={disabled}
            value={limits.AllowedAccessControlHierarchyGroupId ?? ""}
            set={(AllowedAccessControlHierarchyGroupId) => change({ AllowedAccessControlHierarchyGroupId })}
          />
        </FormField>
      )}
      <Warnings limits={limits} permissions={permissions} types={types} />
    </SpaceBetween>
  );
}

function Warnings({ limits, permissions, types }: { limits: Limits; permissions: string[]; types: (names: readonly string[]) => string }): ReactNode {
  const { t } = useI18n();
  const names = usePermissionNames();
  if (!limits.TagRestrictedResources.length) return null;
  const hidden = unviewable(limits, permissions);
  const free = unrestrictedTypes(limits);
  const modules = unrestrictedModules(permissions);
  return (
    <SpaceBetween size="s">
      {hidden.length > 0 && <Alert type="warning">{t("accessControl.withoutView", { types: types(hidden) })}</Alert>}
      {free.length > 0 && <Alert type="warning">{t("accessControl.some", { types: types(free) })}</Alert>}
      {modules.length > 0 && (
        <Alert type="warning" header={t("accessControl.modules")}>
          <ul className="steps">
            {modules.map(({ module, withhold }) => (
              <li key={module}>{t("accessControl.module", { module: t(`module.${module}`), permissions: withhold.map(names.permission).join(", ") })}</li>
            ))}
          </ul>
        </Alert>
      )}
    </SpaceBetween>
  );
}
