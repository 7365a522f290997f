import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { connect } from "../../api";
import type { Rule } from "../../api/connect";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";
import { useCrumb } from "../crumb";
import { RuleWizard } from "./RuleWizard";

/** The wizard over a rule that exists. */
export function RuleEdit({ id }: { id: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [rule, setRule] = useState<Rule | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    connect("DescribeRule", { InstanceId: instanceId, RuleId: id }).then((answer) => setRule(answer.Rule), (error: unknown) => setProblem(errorText(error, t)));
  }, [instanceId, id]);
  useCrumb(rule?.Name);
  if (problem) return <Alert type="error">{problem}</Alert>;
  return rule ? <RuleWizard rule={rule} /> : <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
}
