import { useMemo } from "react";
import { useTargets, type Target } from "../panel/sources";

/** Names of what blocks refer to, by ARN and by id, for their faces. */
export function useNames(): ReadonlyMap<string, string> {
  const queues = useTargets("queue").targets;
  const prompts = useTargets("prompt").targets;
  const flows = useTargets("contact-flow").targets;
  const modules = useTargets("contact-flow-module").targets;
  const hours = useTargets("hours-of-operation").targets;
  const functions = useTargets("lambda-function").targets;
  const bots = useTargets("bot-alias").targets;
  return useMemo(() => namesOf([queues, prompts, flows, modules, hours, functions, bots].flat()), [queues, prompts, flows, modules, hours, functions, bots]);
}

function namesOf(targets: readonly Target[]): Map<string, string> {
  return new Map(targets.flatMap(({ value, label }) => [[value, label], [value.split("/").at(-1)!, label]] as [string, string][]));
}
