import type { ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { useSession } from "../../shared/session";
import { useCatalogue } from "../catalogue";
import { EMPTY_CATALOGUE } from "../model/catalogue";
import "./designer.css";
import { MODULE, shelves, type Kind } from "./shelf";
import { useFlow } from "./useFlow";
import { Workbench } from "./Workbench";

interface Props {
  kind: Kind;
  /** Empty for one that does not exist yet. */
  id: string;
  /** Type of a new flow. */
  type?: string;
}

/** The designer of flows and modules (FLOW-32): draw, check, try, save, publish, go back to earlier versions. */
export function DesignerPage({ kind, id, type }: Props): ReactNode {
  const { instanceId } = useSession();
  const shelf = shelves[kind];
  const { loaded, problem, reread } = useFlow(shelf, id, type ?? (kind === "module" ? MODULE : "CONTACT_FLOW"));
  const { catalogue, problem: noBlocks } = useCatalogue(instanceId);
  if (problem) return <Box padding="l"><Alert type="error">{problem}</Alert></Box>;
  if (!loaded || (!catalogue && !noBlocks)) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
  return <Workbench shelf={shelf} loaded={loaded} reread={reread} catalogue={catalogue ?? EMPTY_CATALOGUE} noBlocks={noBlocks} />;
}
