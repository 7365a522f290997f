import { useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import { switchroom } from "../../api";
import type { PermissionGroup } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";

interface Props {
  held: string[];
  disabled: boolean;
  onChange: (held: string[]) => void;
}

/** Every permission by part of the product, to tick one by one or a part at once. */
export function PermissionGrid({ held, disabled, onChange }: Props): ReactNode {
  const { t, code } = useI18n();
  const notices = useNotices();
  const [groups, setGroups] = useState<PermissionGroup[]>([]);
  const [search, setSearch] = useState("");
  useEffect(() => {
    switchroom("ListPermissionCatalogue", {}).then((answer) => setGroups(answer.Groups), notices.failure);
  }, []);

  const known = new Set(groups.flatMap((group) => group.Permissions));
  const others = held.filter((one) => !known.has(one));
  const shown = [...groups, ...(others.length ? [{ Key: "other", Permissions: others }] : [])];
  const set = (names: string[], on: boolean): void => {
    const rest = held.filter((one) => !names.includes(one));
    onChange((on ? [...rest, ...names] : rest).sort());
  };
  return (
    <SpaceBetween size="s">
      <Box variant="h3">{t("securityProfiles.permissions")}</Box>
      <TextFilter filteringText={search} filteringPlaceholder={t("list.search")} filteringAriaLabel={t("list.search")} onChange={({ detail }) => setSearch(detail.filteringText)} />
      {shown.map((group) => {
        const names = group.Permissions.filter((one) => one.toLowerCase().includes(search.toLowerCase()));
        const count = group.Permissions.filter((one) => held.includes(one)).length;
        if (!names.length) return null;
        return (
          <ExpandableSection
            key={`${group.Key} ${search ? "found" : ""}`}
            defaultExpanded={Boolean(search)}
            headerText={group.Name ? code("permissionGroup", group.Key).replace(group.Key, group.Name) : code("permissionGroup", group.Key)}
            headerCounter={`(${count}/${group.Permissions.length})`}
          >
            <SpaceBetween size="xs">
              <SpaceBetween direction="horizontal" size="xs">
                <Button formAction="none" variant="inline-link" disabled={disabled} onClick={() => set(names, true)}>
                  {t("securityProfiles.all")}
                </Button>
                <Button formAction="none" variant="inline-link" disabled={disabled} onClick={() => set(names, false)}>
                  {t("securityProfiles.none")}
                </Button>
              </SpaceBetween>
              <ColumnLayout columns={3}>
                {names.map((name) => (
                  <Checkbox key={name} checked={held.includes(name)} disabled={disabled} onChange={({ detail }) => set([name], detail.checked)}>
                    {name}
                  </Checkbox>
                ))}
              </ColumnLayout>
            </SpaceBetween>
          </ExpandableSection>
        );
      })}
    </SpaceBetween>
  );
}
