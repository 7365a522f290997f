import { useEffect, useState } from "react";
import { switchroom } from "../../api";
import type { CheckFlowRequest, FlowProblem } from "../../api/switchroom";
import { sorted } from "../../admin/flowText";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";

const AFTER_MS = 350;

export interface Check {
  problems: FlowProblem[];
  /** The findings are not those of the present content yet. */
  busy: boolean;
  failed: string;
}

/** The checker's findings for the content, a moment after its last change. */
export function useChecker(instanceId: string, content: string, type: string): Check {
  const { t, language } = useI18n();
  const [found, setFound] = useState<Check & { content: string }>({ problems: [], busy: true, failed: "", content: "" });
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(() => {
      switchroom("CheckFlow", { InstanceId: instanceId, Content: content, Type: type as CheckFlowRequest["Type"], Language: language }).then(
        (answer) => !stale && setFound({ problems: sorted(answer.Problems), busy: false, failed: "", content }),
        (error: unknown) => !stale && setFound({ problems: [], busy: false, failed: errorText(error, t), content }),
      );
    }, AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [instanceId, content, type, language, t]);
  return { problems: found.problems, failed: found.failed, busy: found.busy || found.content !== content };
}
