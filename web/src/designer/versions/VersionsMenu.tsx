import type { ReactNode } from "react";
import ButtonDropdown, { type ButtonDropdownProps } from "@cloudscape-design/components/button-dropdown";
import { useI18n } from "../../i18n";
import type { Loaded } from "../page/useFlow";
import type { VersionView } from "../page/useVersion";

interface Props {
  loaded: Loaded;
  version: VersionView;
  onCompare: () => void;
}

/** "Latest: Published" and every version before it, with dates and authors (FLOW-46). */
export function VersionsMenu({ loaded, version, onCompare }: Props): ReactNode {
  const { t, dateTime } = useI18n();
  const { working, live, versions } = loaded;
  const newest = live?.version ?? versions[0]?.Version;
  const shown = version.shown?.number;
  const label = shown === undefined ? t(working.draft ? "designer.latestSaved" : "designer.latestPublished") : shown === newest ? t("designer.latestPublished") : t("designer.version", { version: shown });
  const about = (number: number | undefined): string => {
    const one = versions.find((known) => known.Version === number);
    return one ? [dateTime(one.At), one.ByName, one.Description].filter(Boolean).join(" · ") : "";
  };
  const mark = (on: boolean): "check" | undefined => (on ? "check" : undefined);
  const latest: ButtonDropdownProps.Item[] = [
    ...(working.draft ? [{ id: "working", text: t("designer.latestSaved"), iconName: mark(shown === undefined) }] : []),
    ...(live ? [{ id: working.draft ? String(newest) : "working", text: t("designer.latestPublished"), secondaryText: about(newest), iconName: mark(working.draft ? shown === newest : shown === undefined) }] : []),
  ];
  const earlier = versions
    .filter((one) => one.Version !== newest)
    .map((one) => ({ id: String(one.Version), text: t("designer.version", { version: one.Version }), secondaryText: about(one.Version), iconName: mark(shown === one.Version) }));
  const items: ButtonDropdownProps.ItemOrGroup[] = [
    ...latest,
    ...(earlier.length ? [{ text: t("designer.earlier"), items: earlier }] : []),
    { id: "compare", text: t("designer.compare"), iconName: "view-vertical" },
  ];
  const choose = (id: string): void => {
    if (id === "compare") onCompare();
    else if (id === "working") version.close();
    else version.open(Number(id), versions);
  };
  return (
    <ButtonDropdown items={items} expandToViewport ariaLabel={`${t("designer.versions")}: ${label}`} onItemClick={({ detail }) => choose(detail.id)}>
      {label}
    </ButtonDropdown>
  );
}
