import { lazy, type ReactNode } from "react";
import { FLOW_TYPES, shelves, type Held, type Kind } from "../../designer/page/shelf";
import { FlowArchive } from "../flows/FlowArchive";
import { FlowChanges } from "../flows/FlowChanges";
import { FlowsPage } from "../flows/FlowsPage";
import type { Draft, Resource } from "../resource";

const DesignerPage = lazy(() => import("../../designer/page/DesignerPage").then((page) => ({ default: page.DesignerPage })));

/** Flows or modules: their lists, and the designer that fills the window. */
function shelfResource(kind: Kind, texts: Pick<Resource<Held, Draft>, "title" | "one">): Resource<Held, Draft> {
  const shelf = shelves[kind];
  return {
    ...texts,
    key: shelf.key,
    kind: shelf.resource,
    permission: shelf.permission,
    list: async ({ instanceId }, { search, nextToken }) => {
      const page = await shelf.search(instanceId, { text: search, archived: false, next: nextToken });
      return { items: page.items, nextToken: page.next };
    },
    id: (one) => one.id,
    name: (one) => one.name,
    columns: [{ id: "name", header: "field.name", cell: (one) => one.name }],
    fields: [],
    blank: () => ({ Tags: {} }),
    load: () => Promise.reject(new Error("it has a page of its own")),
    nameOf: () => "",
    update: () => Promise.resolve(),
    listPage: () => <FlowsPage kind={kind} />,
    page: ({ id }) => (id === "archive" ? <FlowArchive kind={kind} /> : <FlowChanges kind={kind} />),
    wholePage: ({ id, rest }) => (id === "archive" || id === "changes" ? null : designer(kind, id, rest)),
  };
}

function designer(kind: Kind, id: string, rest: string): ReactNode {
  if (id !== "new") return <DesignerPage kind={kind} id={id} />;
  return <DesignerPage kind={kind} id="" type={kind === "module" ? "MODULE" : (FLOW_TYPES.find((one) => one === rest) ?? "CONTACT_FLOW")} />;
}

export const flows = shelfResource("flow", { title: "flows.title", one: "flows.add" });
export const modules = shelfResource("module", { title: "flows.modulesTitle", one: "flows.addModule" });
