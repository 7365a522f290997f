import { connect } from "../../api";
import type { Rule } from "../../api/connect";

/** Switch a rule on or off and leave the rest of it as it is. */
export async function publish(InstanceId: string, RuleId: string, PublishStatus: Rule["PublishStatus"]): Promise<void> {
  const { Rule: rule } = await connect("DescribeRule", { InstanceId, RuleId });
  const { Name, Function, Actions, PreEvaluationFilters } = rule;
  await connect("UpdateRule", { InstanceId, RuleId, Name, Function, Actions, PublishStatus, PreEvaluationFilters });
}
