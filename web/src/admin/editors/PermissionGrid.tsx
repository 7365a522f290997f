import { useEffect, useMemo, useState, type ReactNode } from "react";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import LiveRegion from "@cloudscape-design/components/live-region";
import Popover from "@cloudscape-design/components/popover";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { switchroom } from "../../api";
import type { PermissionDetail, PermissionGroup } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { detailsOf, matrix, partsOf, ticked, unticked, type Details, type PermissionRow } from "./permissions";

interface Props {
  held: string[];
  disabled: boolean;
  onChange: (held: string[]) => void;
}

interface Names {
  group: (group: Pick<PermissionGroup, "Key" | "Name">) => string;
  type: (type: string) => string;
  action: (action: string) => string;
  /** A permission as `Type: Action`. */
  permission: (permission: string) => string;
}

/** What permissions and their parts are called in the language of the page. */
export function usePermissionNames(): Names {
  const { code } = useI18n();
  return useMemo(() => {
    const known = (group: string, key: string, fallback: string): string => {
      const plain = key.replaceAll(/[.-]/g, "_");
      const text = code(group, plain);
      return text === plain ? fallback : text;
    };
    const type = (name: string): string => known("permissionType", name, name);
    const action = (name: string): string => code("permissionAction", name);
    return {
      group: (group) => known("permissionGroup", group.Key, group.Name ?? group.Key),
      type,
      action,
      permission: (permission) => `${type(partsOf(permission)[0])}: ${action(partsOf(permission)[1])}`,
    };
  }, [code]);
}

/** Every permission as a grid for each part of the product; a tick brings along what it depends on (USER-42, USER-43, USER-63). */
export function PermissionGrid({ held, disabled, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const names = usePermissionNames();
  const [groups, setGroups] = useState<PermissionGroup[]>([]);
  const [search, setSearch] = useState("");
  const [told, setTold] = useState("");
  const details = useMemo(() => detailsOf(groups), [groups]);
  useEffect(() => {
    switchroom("ListPermissionCatalogue", { InstanceId: instanceId }).then((answer) => setGroups(answer.Groups), notices.failure);
  }, [instanceId]);

  const others = groups.length ? held.filter((one) => !details.has(one)) : [];
  const shown = [...groups, ...(others.length ? [{ Key: "other", Permissions: others }] : [])];
  const wanted = search.trim().toLowerCase();
  const fits = (name: string): boolean => name.toLowerCase().includes(wanted) || names.permission(name).toLowerCase().includes(wanted);
  const found = shown.map((group) => ({ group, permissions: group.Permissions.filter(fits) })).filter((one) => one.permissions.length);

  const set = (given: string[], on: boolean): void => {
    const next = on ? ticked(held, given, details) : unticked(held, given, details);
    const more = (on ? next.filter((one) => !held.includes(one)) : held.filter((one) => !next.includes(one))).filter((one) => !given.includes(one));
    setTold(more.length ? t(on ? "permissions.also" : "permissions.gone", { names: more.map(names.permission).join(", ") }) : "");
    onChange(next);
  };

  return (
    <SpaceBetween size="s">
      <TextFilter filteringText={search} filteringPlaceholder={t("permissions.search")} filteringAriaLabel={t("permissions.search")} onChange={({ detail }) => setSearch(detail.filteringText)} />
      <LiveRegion>{told && <Box color="text-status-info">{told}</Box>}</LiveRegion>
      {groups.length > 0 && !found.length && <Box color="text-body-secondary">{t("permissions.nothing")}</Box>}
      {found.map(({ group, permissions }) => (
        <ExpandableSection
          key={`${group.Key} ${wanted ? "found" : ""}`}
          defaultExpanded={Boolean(wanted)}
          headerText={`${names.group(group)} (${group.Permissions.filter((one) => held.includes(one)).length}/${group.Permissions.length})`}
        >
          <Grid name={names.group(group)} permissions={permissions} held={held} details={details} disabled={disabled} set={set} />
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}

const WIDEST = 92;

/** Pixels that a column needs for a header of one line, or of several words below each other. */
function widthOf(header: string): number {
  const character = /[^\u0000-\u00ff]/.test(header) ? 15 : 8;
  return 42 + Math.min(header.length * character, WIDEST);
}

interface GridProps {
  name: string;
  permissions: string[];
  held: string[];
  details: Details;
  disabled: boolean;
  set: (names: string[], on: boolean) => void;
}

function Grid({ name, permissions, held, details, disabled, set }: GridProps): ReactNode {
  const { t } = useI18n();
  const names = usePermissionNames();
  const { columns, rows } = matrix(permissions);
  const all = (row: PermissionRow): ReactNode => {
    const every = Object.values(row.actions);
    const count = every.filter((one) => held.includes(one)).length;
    return (
      <Checkbox
        checked={count === every.length}
        indeterminate={count > 0 && count < every.length}
        disabled={disabled}
        ariaLabel={t("permissions.allOf", { name: names.type(row.type) })}
        onChange={({ detail }) => set(every, detail.checked)}
      />
    );
  };
  return (
    <Table
      variant="embedded"
      wrapLines
      items={rows}
      trackBy="type"
      ariaLabels={{ tableLabel: name }}
      columnDefinitions={[
        { id: "type", header: t("permissions.type"), cell: (row) => names.type(row.type), isRowHeader: true, minWidth: 160 },
        { id: "all", header: t("permissions.all"), cell: all, minWidth: widthOf(t("permissions.all")) },
        ...columns.map((action) => ({
          id: action,
          minWidth: widthOf(names.action(action)),
          header: names.action(action),
          cell: (row: PermissionRow) => {
            const permission = row.actions[action];
            if (!permission) return null;
            return (
              <span className="permission-cell" title={permission}>
                <Checkbox checked={held.includes(permission)} disabled={disabled} ariaLabel={names.permission(permission)} onChange={({ detail }) => set([permission], detail.checked)} />
                <Marks detail={details.get(permission)} />
              </span>
            );
          },
        })),
      ]}
    />
  );
}

function Marks({ detail }: { detail: PermissionDetail | undefined }): ReactNode {
  const { t } = useI18n();
  if (!detail) return null;
  const marks = [
    detail.Risky && { key: "risky" as const, color: "red" as const },
    detail.Restricts && { key: "restricts" as const, color: "grey" as const },
    detail.New && { key: "new" as const, color: "blue" as const },
  ].filter((mark) => mark !== false);
  return marks.map(({ key, color }) => (
    <Popover key={key} triggerType="custom" dismissButton={false} header={t(`permissions.${key}`)} content={t(`permissions.${key}Help`)}>
      <button type="button" className="permission-mark"><Badge color={color}>{t(`permissions.${key}`)}</Badge></button>
    </Popover>
  ));
}
