import type { Change, ChangedField } from "../../api/switchroom";
import { differences } from "../differences";

export interface FieldRow {
  key: string;
  change: Change;
  field: string;
  before: string;
  after: string;
}

function fieldsOf(change: Change): ChangedField[] {
  if (change.Fields?.length) return change.Fields;
  if (change.Action === "CREATED" || change.Action === "DELETED") return [];
  return differences(change.Before, change.After).map((one) => ({ Field: one.name, Before: one.before, After: one.after }));
}

/** A row for each field that changed; one for a change without any (USER-22). */
export function fieldRows(changes: Change[]): FieldRow[] {
  return changes.flatMap((change) => {
    const fields = fieldsOf(change);
    if (!fields.length) return [{ key: change.ChangeId, change, field: "", before: "", after: "" }];
    return fields.map((one, at) => ({ key: `${change.ChangeId} ${at}`, change, field: one.Field, before: one.Before ?? "", after: one.After ?? "" }));
  });
}
