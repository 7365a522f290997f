import type { I18n } from "../../i18n";
import type { Shelf } from "../page/shelf";
import type { Loaded } from "../page/useFlow";
import type { Comparable } from "./DiffView";

const UNSAVED = "unsaved";
const SAVED = "$SAVED";

interface Given {
  shelf: Shelf;
  instanceId: string;
  loaded: Loaded;
  /** Work that was not saved yet. */
  unsaved: string | null;
  t: I18n["t"];
  dateTime: I18n["dateTime"];
}

/** Everything that can be compared of one flow, newest first. */
export function comparablesOf({ shelf, instanceId, loaded, unsaved, t, dateTime }: Given): Comparable[] {
  const { working, live, versions } = loaded;
  const read = (qualifier: string | number) => async (): Promise<string> => (await shelf.describe(instanceId, `${working.id}:${qualifier}`)).content;
  return [
    ...(unsaved === null ? [] : [{ id: UNSAVED, label: t("diff.unsaved"), about: t("designer.unsaved"), content: () => Promise.resolve(unsaved) }]),
    ...(working.draft ? [{ id: SAVED, label: t("designer.latestSaved"), about: dateTime(working.modifiedAt), content: read(SAVED) }] : []),
    ...versions.map((one) => ({
      id: String(one.Version),
      label: one.Version === live?.version ? t("designer.latestPublished") : t("designer.version", { version: one.Version }),
      about: [dateTime(one.At), one.ByName, one.Description].filter(Boolean).join(" · "),
      content: read(one.Version),
    })),
  ];
}

/** What is compared at first: a version that is looked at with the newest state, else the newest state with what it came from. */
export function comparedFirst(loaded: Loaded, unsaved: boolean, looking: number | undefined): { before: string; after: string } {
  const order = [...(unsaved ? [UNSAVED] : []), ...(loaded.working.draft ? [SAVED] : []), ...loaded.versions.map((one) => String(one.Version))];
  const newest = order[0] ?? "";
  if (looking !== undefined && String(looking) !== newest) return { before: String(looking), after: newest };
  return { before: order[1] ?? newest, after: newest };
}
