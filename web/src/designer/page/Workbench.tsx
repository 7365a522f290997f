import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { DeleteDialog } from "../../admin/DeleteDialog";
import type { JsonEditorHandle } from "../../admin/editors/JsonEditor";
import { pretty, rowOf } from "../../admin/flowText";
import type { FlowProblem, ImportFlowResponse } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { NoticeBar, useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { Canvas, type CanvasHandle } from "../canvas/Canvas";
import { Find } from "../canvas/Find";
import { NotesList } from "../canvas/NotesList";
import { Palette } from "../canvas/Palette";
import { blockOf, blocksOf, ownersOf, type Block } from "../model/blocks";
import type { Catalogue } from "../model/catalogue";
import { parseDocument, type FlowDocument } from "../model/document";
import { applyChange, type BlockChange } from "../model/edits";
import { BlockPanel } from "../panel/BlockPanel";
import { TryPanel } from "../tryit/TryPanel";
import type { Marks } from "../tryit/trail";
import { comparablesOf, comparedFirst } from "../versions/comparables";
import { DiffView } from "../versions/DiffView";
import { ArchiveDialog } from "./ArchiveDialog";
import { Bars } from "./Bars";
import { DetailsDialog } from "./DetailsDialog";
import { ConflictDialog, DiscardDialog, LeaveDialog, ShortcutsDialog } from "./Dialogs";
import { exportFlow } from "./exporting";
import { HeaderBar } from "./HeaderBar";
import { ImportDialog } from "./ImportDialog";
import { JsonView } from "./JsonView";
import { forgetKept, keptKey, readKept, useKeeper, type Kept } from "./keeper";
import { useLeaveGuard } from "./leaveGuard";
import { ProblemsDrawer } from "./ProblemsDrawer";
import { ReferencesBar, type Imported } from "./ReferencesBar";
import type { Shelf } from "./shelf";
import { Toolbar, type View } from "./Toolbar";
import { useChecker } from "./useChecker";
import type { Loaded } from "./useFlow";
import { useNames } from "./useNames";
import { usePageKeys } from "./usePageKeys";
import { useSaving } from "./useSaving";
import { useVersion } from "./useVersion";
import { useWork, type Details } from "./useWork";

interface Props {
  shelf: Shelf;
  loaded: Loaded;
  reread: (id: string) => Promise<Loaded>;
  catalogue: Catalogue;
  /** Why the blocks are not known. */
  noBlocks: string;
}

export type Dialog = "" | "details" | "saveFirst" | "publishFirst" | "saveAs" | "archive" | "delete" | "import" | "compare" | "shortcuts";

type Aside = "palette" | "notes" | "find";

const JSON_AFTER_MS = 300;
const NONE: ReadonlySet<string> = new Set();

/** The designer of one flow or module that has been read. */
export function Workbench({ shelf, loaded, reread, catalogue, noBlocks }: Props): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId, user, may } = useSession();
  const notices = useNotices();
  const { working } = loaded;
  const work = useWork(working);
  const { designer } = work;
  const version = useVersion(shelf, working.id);
  const names = useNames();
  const canvas = useRef<CanvasHandle>(null);
  const editor = useRef<JsonEditorHandle>(null);
  const [view, setView] = useState<View>(work.raw === null ? "canvas" : "json");
  const [opened, setOpened] = useState<string | null>(null);
  const unsavedSettings = useRef(false);
  const [wanted, setWanted] = useState<string | null>(null);
  const [aside, setAside] = useState<Aside>("palette");
  const [hits, setHits] = useState<ReadonlySet<string>>(NONE);
  const [trying, setTrying] = useState(false);
  const [tried, setTried] = useState<Partial<Marks>>({});
  const [dialog, setDialog] = useState<Dialog>("");
  const [imported, setImported] = useState<Imported | null>(null);
  const close = (): void => setDialog("");

  const key = keptKey(instanceId, user.Username ?? "", working.id || `new:${working.type}`);
  const [kept, setKept] = useState<Kept | null>(() => {
    const found = readKept(key);
    return found && found.content !== working.content ? found : null;
  });
  useKeeper(key, work.dirty ? { ...work.details, content: work.content } : null, kept === null || work.dirty);
  const keptAs = useRef(key);
  useEffect(() => {
    if (keptAs.current !== key) forgetKept(keptAs.current);
    keptAs.current = key;
  }, [key]);
  const guard = useLeaveGuard(work.dirty);

  const mayEdit = may(`${shelf.permission}.${working.id ? "Edit" : "Create"}`);
  const readOnly = !mayEdit || working.archived || version.shown !== null;
  const shown: FlowDocument | null = version.shown ? version.shown.document : work.raw === null ? designer.document : null;
  const content = version.shown?.content ?? work.content;
  const check = useChecker(instanceId, content, working.type);
  const blocks = useMemo(() => (shown ? blocksOf(shown, catalogue) : []), [shown, catalogue]);
  const owners = useMemo(() => ownersOf(blocks), [blocks]);
  const problems = useMemo(() => byBlock(check.problems, owners), [check.problems, owners]);
  const titles = useMemo(() => new Map(blocks.map((block) => [block.id, block.title])), [blocks]);
  const saving = useSaving({ shelf, loaded, reread, work, content, check, version, onNameless: (publish) => setDialog(publish ? "publishFirst" : "saveFirst") });
  const edit = useCallback((label: string, change: (document: FlowDocument) => FlowDocument) => designer.edit(label, change), [designer.edit]);

  usePageKeys({
    save: () => void (!readOnly && (work.dirty || !working.id) && saving.save(false)),
    undo: () => void (!readOnly && designer.undo()),
    redo: () => void (!readOnly && designer.redo()),
    find: () => setAside("find"),
    help: () => setDialog("shortcuts"),
  });

  const applyText = useDelayed((text: string): void => {
    const document = parseDocument(text);
    work.setRaw(document ? null : text);
    if (document && JSON.stringify(document) !== JSON.stringify(designer.document)) designer.edit(t("designer.did.json"), () => document);
  }, JSON_AFTER_MS);

  const chooseProblem = (problem: FlowProblem): void => {
    const id = problem.ActionId ? owners.get(problem.ActionId) : undefined;
    if (view === "json" || !id) {
      setView("json");
      requestAnimationFrame(() => editor.current?.goToRow(rowOf(pretty(content), problem)));
      return;
    }
    openBlock(id);
  };
  const open = useCallback((id: string): void => {
    if (unsavedSettings.current) setWanted(id);
    else setOpened(id);
  }, []);
  const openBlock = (id: string): void => {
    designer.select(new Set([id]));
    setView("canvas");
    open(id);
  };
  useEffect(() => {
    if (opened) canvas.current?.reveal(opened);
  }, [opened]);

  const apply = (block: Block, change: BlockChange): void => {
    let now = block.id;
    designer.edit(t("designer.did.settings", { name: block.title }), (document) => {
      const made = applyChange(document, catalogue, block.id, change);
      now = made.id;
      return made.document;
    });
    setOpened(now);
    designer.select(new Set([now]));
  };
  const leaveBlock = (): void => {
    unsavedSettings.current = false;
    setOpened(null);
    canvas.current?.focus();
  };

  const takeKept = (restore: boolean): void => {
    if (restore && kept) {
      const document = parseDocument(kept.content);
      if (document) designer.edit(t("designer.did.restore"), () => document);
      work.setRaw(document ? null : kept.content);
      work.setDetails({ name: kept.name, description: kept.description });
    } else forgetKept(key);
    setKept(null);
  };
  const editVersion = (): void => {
    const { shown: old } = version;
    if (!old?.document) return;
    const document = old.document;
    designer.edit(t("designer.did.version", { version: old.number }), () => document);
    work.setRaw(null);
    version.close();
  };
  const takeTheirs = (): void => {
    const theirs = saving.conflict?.theirs;
    const document = theirs && parseDocument(theirs.content);
    if (document) designer.edit(t("designer.did.theirs"), () => document);
    void reread(working.id);
  };
  const saveAs = async (details: Details): Promise<string> => {
    try {
      const id = await shelf.create(instanceId, { ...details, type: working.type, content });
      guard.release();
      if (!version.shown) forgetKept(key);
      notices.success(t("flows.saved", { name: details.name }));
      goTo("r", shelf.key, id);
      return "";
    } catch (error) {
      return errorText(error, t);
    }
  };
  const saveFirst = async (publish: boolean, details: Details): Promise<string> => {
    work.setDetails(details);
    close();
    await saving.save(publish, { details });
    return "";
  };
  const menu = (action: string): void => {
    if (action === "export") void exportIt();
    else if (action === "restore") void restore();
    else setDialog(action as Dialog);
  };
  const exportIt = async (): Promise<void> => {
    try {
      await exportFlow(shelf, instanceId, `${working.id}:${version.shown?.number ?? "$SAVED"}`);
      if (work.dirty && !version.shown) notices.info(t("designer.exportSaved"));
    } catch (error) {
      notices.failure(error);
    }
  };
  const takeImport = (read: ImportFlowResponse, file: string): void => {
    const document = parseDocument(read.Content);
    if (document) designer.edit(t("designer.did.import", { name: file }), () => document);
    work.setRaw(document ? null : read.Content);
    work.setDetails({ name: read.Name ?? work.details.name, description: read.Description ?? work.details.description });
    setImported({ file, converted: read.Converted ?? false, references: read.References });
    setOpened(null);
    close();
    requestAnimationFrame(() => canvas.current?.fit());
  };
  const restore = async (): Promise<void> => {
    try {
      await shelf.setArchived(instanceId, working.id, false);
      await reread(working.id);
      notices.success(t("flows.restored", { name: working.name }));
    } catch (error) {
      notices.failure(error);
    }
  };

  const titleOf = (action: string): string => titles.get(owners.get(action) ?? "") ?? action;
  const block = opened && shown ? blockOf(shown, catalogue, opened) : undefined;
  const isGone = opened !== null && shown !== null && !block;
  useEffect(() => {
    if (isGone) leaveBlock();
  }, [isGone]);
  return (
    <div className="designer">
      <HeaderBar
        shelf={shelf} loaded={loaded} work={work} version={version} saving={saving} mayEdit={mayEdit} trying={trying}
        onTry={() => setTrying(!trying)} onDialog={setDialog} onMenu={menu}
      />
      <Toolbar
        designer={designer} canvas={canvas} readOnly={readOnly} view={view} onView={setView} undrawable={!shown} aside={aside}
        onAside={(part) => setAside(aside === part ? "palette" : part)} onShortcuts={() => setDialog("shortcuts")}
      />
      <div className="designer-notices"><NoticeBar /></div>
      <Bars
        shelf={shelf} loaded={loaded} reread={reread} version={version} saving={saving} kept={kept} onKept={takeKept} mayEdit={mayEdit} noBlocks={noBlocks} 
        unresolved={imported && !version.shown && <ReferencesBar imported={imported} titleOf={titleOf} onChoose={(action) => openBlock(owners.get(action) ?? action)} onClose={() => setImported(null)} />}
        onEditVersion={editVersion} onCompare={() => setDialog("compare")}
      />
      <div className="designer-body">
        {view === "canvas" && shown && (
          <aside className="designer-aside">
            {aside === "find" && <Find document={shown} catalogue={catalogue} onHits={setHits} onChoose={(id) => canvas.current?.centre(id)} onClose={() => setAside("palette")} />}
            {aside === "notes" && <NotesList document={shown} catalogue={catalogue} onChoose={(id) => canvas.current?.centre(id)} />}
            {aside === "palette" && !readOnly && <Palette catalogue={catalogue} flowType={working.type} onAdd={(block) => canvas.current?.add(block)} />}
          </aside>
        )}
        <main className="designer-middle">
          {view === "canvas" && shown ? (
            <Canvas
              document={shown} catalogue={catalogue} flowType={working.type} readOnly={readOnly} selection={designer.selection} onSelect={designer.select} onOpen={open}
              onEdit={readOnly ? undefined : edit} onUndo={designer.undo} onRedo={designer.redo} onFind={() => setAside("find")}
              problems={problems} names={names} hits={hits} handle={canvas} marks={tried.marks} edgeMarks={tried.edgeMarks}
            />
          ) : (
            <JsonView content={content} readOnly={readOnly} problems={check.problems} onText={applyText} handle={editor} />
          )}
        </main>
        {trying && shown && (
          <aside className="designer-pane designer-try" hidden={block !== undefined && view === "canvas"}>
            <TryPanel
              document={shown} flowType={working.type} flowId={working.id} name={work.details.name}
              onMarks={(marks, edgeMarks) => setTried({ marks, edgeMarks })} onFocus={(id) => { designer.select(new Set([id])); canvas.current?.reveal(id); }} onClose={() => setTrying(false)}
            />
          </aside>
        )}
        {block && view === "canvas" && (
          <aside className="designer-pane">
            <BlockPanel
              key={block.id} block={block} document={shown!} catalogue={catalogue} flowType={working.type} problems={problems.get(block.id) ?? []} readOnly={readOnly}
              onApply={(change) => apply(block, change)} onClose={leaveBlock} onDirty={(dirty) => { unsavedSettings.current = dirty; }}
            />
          </aside>
        )}
      </div>
      <ProblemsDrawer check={check} titleOf={titleOf} onChoose={chooseProblem} />
      {dialog === "details" && (
        <DetailsDialog
          title={t("designer.details")} action={t("designer.apply")} start={work.details} readOnly={readOnly} held={working} onClose={close}
          onDone={(details) => { work.setDetails(details); close(); return ""; }}
        />
      )}
      {(dialog === "saveFirst" || dialog === "publishFirst") && (
        <DetailsDialog
          title={t("designer.nameIt")} action={t(dialog === "saveFirst" ? "action.save" : "flows.publish")} start={work.details} onClose={close}
          onDone={(details) => saveFirst(dialog === "publishFirst", details)}
        />
      )}
      {dialog === "saveAs" && (
        <DetailsDialog title={t("designer.saveAs")} action={t("action.save")} start={{ ...work.details, name: work.details.name && t("designer.copyOf", { name: work.details.name }) }} onDone={saveAs} onClose={close} />
      )}
      {dialog === "archive" && (
        <ArchiveDialog shelf={shelf} id={working.id} name={working.name} onClose={(done) => { close(); if (done) void reread(working.id); }} />
      )}
      {dialog === "delete" && (
        <DeleteDialog
          name={working.name}
          remove={() => shelf.remove(instanceId, working.id)}
          onClose={(done) => {
            close();
            if (!done) return;
            guard.release();
            forgetKept(key);
            goTo("r", shelf.key, "archive");
          }}
        />
      )}
      {dialog === "import" && <ImportDialog working={working} onImported={takeImport} onClose={close} />}
      {dialog === "compare" && (
        <DiffView
          choices={comparablesOf({ shelf, instanceId, loaded, unsaved: work.dirty ? work.content : null, t, dateTime })} {...comparedFirst(loaded, work.dirty, version.shown?.number)}
          catalogue={catalogue} flowType={working.type} names={names} onClose={close}
        />
      )}
      {dialog === "shortcuts" && <ShortcutsDialog onClose={close} />}
      {wanted && (
        <DiscardDialog
          onStay={() => setWanted(null)}
          onDiscard={() => {
            unsavedSettings.current = false;
            setOpened(wanted);
            setWanted(null);
          }}
        />
      )}
      <ConflictDialog saving={saving} onTheirs={takeTheirs} />
      <LeaveDialog guard={guard} onDiscard={() => forgetKept(key)} />
    </div>
  );
}

function byBlock(problems: readonly FlowProblem[], owners: ReadonlyMap<string, string>): Map<string, FlowProblem[]> {
  const found = new Map<string, FlowProblem[]>();
  for (const problem of problems) {
    const id = problem.ActionId ? owners.get(problem.ActionId) : undefined;
    if (id) found.set(id, [...(found.get(id) ?? []), problem]);
  }
  return found;
}

/** Calls with the last argument only, a moment after it was given. */
function useDelayed<Argument>(run: (argument: Argument) => void, after: number): (argument: Argument) => void {
  const latest = useRef(run);
  latest.current = run;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback((argument: Argument) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(argument), after);
  }, [after]);
}
