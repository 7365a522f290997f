import { useEffect, useState } from "react";
import { switchroom } from "../../api";
import type { EventConnection, RuleTrigger } from "../../api/switchroom";
import { errorText } from "../../shared/errors";
import { useI18n } from "../../i18n";
import { useSession } from "../../shared/session";

export interface RuleParts {
  loading: boolean;
  problem: string;
  triggers: RuleTrigger[];
  connections: EventConnection[];
}

/** What rules can be made of: triggers, and the connections they come from. */
export function useRuleParts(): RuleParts {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [parts, setParts] = useState<RuleParts>({ loading: true, problem: "", triggers: [], connections: [] });
  useEffect(() => {
    const at = { InstanceId: instanceId };
    Promise.all([switchroom("ListRuleTriggers", at), switchroom("ListEventConnections", at)]).then(
      ([triggers, connections]) => setParts({ loading: false, problem: "", triggers: triggers.Triggers, connections: connections.Connections }),
      (error: unknown) => setParts({ loading: false, problem: errorText(error, t), triggers: [], connections: [] }),
    );
  }, [instanceId]);
  return parts;
}
