import { useEffect, useState } from "react";
import { switchroom } from "../api";
import type { ListFlowBlocksResponse } from "../api/switchroom";
import { useI18n } from "../i18n";
import { errorText } from "../shared/errors";
import { catalogueOf, type Catalogue } from "./model/catalogue";

export type { Catalogue } from "./model/catalogue";

const asked = new Map<string, Promise<ListFlowBlocksResponse>>();

/** The blocks of the instance in the language of the page; asked for once. */
export function useCatalogue(instanceId: string): { catalogue: Catalogue | null; problem: string } {
  const { language, t } = useI18n();
  const [state, setState] = useState<{ catalogue: Catalogue | null; problem: string }>({ catalogue: null, problem: "" });
  useEffect(() => {
    let stale = false;
    const key = `${instanceId}|${language}`;
    const answer = asked.get(key) ?? switchroom("ListFlowBlocks", { InstanceId: instanceId, Language: language });
    asked.set(key, answer);
    answer.then(
      (blocks) => !stale && setState({ catalogue: catalogueOf(blocks), problem: "" }),
      (error: unknown) => {
        asked.delete(key);
        if (!stale) setState({ catalogue: null, problem: errorText(error, t) });
      },
    );
    return () => {
      stale = true;
    };
  }, [instanceId, language, t]);
  return state;
}
