import { useState } from "react";
import { forgetChoices } from "../../admin/sources";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { forgetTargets } from "../panel/sources";
import type { Held, Shelf } from "./shelf";
import type { Check } from "./useChecker";
import type { Loaded } from "./useFlow";
import type { VersionView } from "./useVersion";
import type { Details, Work } from "./useWork";

interface Given {
  shelf: Shelf;
  loaded: Loaded;
  reread: (id: string) => Promise<Loaded>;
  work: Work;
  /** What would be published: the work, or the version that is looked at. */
  content: string;
  check: Check;
  version: VersionView;
  /** It has no name yet. */
  onNameless: (publish: boolean) => void;
}

export interface Saving {
  busy: "" | "save" | "publish";
  problem: string;
  dismiss: () => void;
  /** Somebody else has saved since this was read. */
  conflict: { theirs: Held; publish: boolean } | null;
  settleConflict: () => void;
  save: (publish: boolean, more?: { details?: Details; overwrite?: boolean }) => Promise<void>;
  /** Why it cannot be published; empty where it can. */
  blocked: string;
}

/** Saving drafts and publishing (FLOW-34, FLOW-35). */
export function useSaving({ shelf, loaded, reread, work, content, check, version, onNameless }: Given): Saving {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [busy, setBusy] = useState<Saving["busy"]>("");
  const [problem, setProblem] = useState("");
  const [conflict, setConflict] = useState<Saving["conflict"]>(null);
  const { working, live } = loaded;

  const store = async (publish: boolean, details: Details): Promise<string> => {
    const id = working.id || (await shelf.create(instanceId, { ...details, type: working.type, content }));
    if (working.id && (details.name !== working.name || details.description !== working.description)) await shelf.rename(instanceId, id, details.name, details.description);
    if (publish) await shelf.publish(instanceId, id, content);
    else if (working.id && content !== working.content) await shelf.saveDraft(instanceId, id, content);
    return id;
  };

  const save: Saving["save"] = async (publish, { details = work.details, overwrite = false } = {}) => {
    const called = { name: details.name.trim(), description: details.description };
    if (!called.name) return onNameless(publish);
    setBusy(publish ? "publish" : "save");
    setProblem("");
    setConflict(null);
    try {
      if (working.id && !overwrite) {
        const theirs = await shelf.describe(instanceId, `${working.id}:$SAVED`);
        if (theirs.content !== working.content) return setConflict({ theirs, publish });
      }
      const id = await store(publish, called);
      const published = version.shown?.document;
      if (publish && published) work.designer.edit(t("designer.did.version", { version: version.shown!.number }), () => published);
      work.settle(called, content);
      version.close();
      await reread(id);
      if (!working.id) history.replaceState(null, "", `#/r/${shelf.key}/${encodeURIComponent(id)}`);
      forgetChoices();
      forgetTargets();
      notices.success(t(publish ? "flows.published" : "flows.saved", { name: called.name }));
    } catch (error) {
      setProblem(errorText(error, t));
    } finally {
      setBusy("");
    }
  };

  const errors = check.problems.filter((one) => one.Severity === "ERROR").length;
  const blocked = ((): string => {
    if (!may(`${shelf.permission}.Publish`)) return t("designer.blocked.permission");
    if (working.archived) return t("designer.blocked.archived");
    if (check.failed) return check.failed;
    if (errors) return t("designer.blocked.errors", { count: errors });
    if (check.busy) return t("flows.checking");
    if (live && live.content === content && !work.renamed) return t("designer.blocked.same");
    return "";
  })();
  return { busy, problem, dismiss: () => setProblem(""), conflict, settleConflict: () => setConflict(null), save, blocked };
}
