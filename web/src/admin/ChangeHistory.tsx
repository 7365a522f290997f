import { useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Table from "@cloudscape-design/components/table";
import { switchroom } from "../api";
import type { Change } from "../api/switchroom";
import { useI18n } from "../i18n";
import { useSession } from "../shared/session";
import { differences } from "./differences";

/** Who changed what and when, newest first. */
export function ChangeHistory({ kind, id }: { kind: string; id: string }): ReactNode {
  const { t, code, dateTime } = useI18n();
  const { instanceId } = useSession();
  const [changes, setChanges] = useState<Change[] | null>(null);
  const [next, setNext] = useState<string | undefined>();
  const [failed, setFailed] = useState(false);

  const load = (token?: string): void => {
    switchroom("ListChanges", { InstanceId: instanceId, ResourceType: kind, ResourceId: id, NextToken: token, MaxResults: 20 }).then(
      (answer) => {
        setChanges((now) => [...(token ? (now ?? []) : []), ...answer.Changes]);
        setNext(answer.NextToken);
      },
      () => setFailed(true),
    );
  };
  useEffect(() => load(), [kind, id]);

  if (failed) return null;
  return (
    <ExpandableSection variant="container" headerText={t("history.title")} headerCounter={changes ? `(${changes.length}${next ? "+" : ""})` : ""}>
      <Table
        variant="embedded"
        loading={changes === null}
        items={changes ?? []}
        trackBy="ChangeId"
        wrapLines
        columnDefinitions={[
          { id: "at", header: t("history.at"), cell: (change) => dateTime(change.At), width: 190, isRowHeader: true },
          { id: "who", header: t("history.who"), cell: (change) => change.ByName || change.ById || "–", width: 150 },
          { id: "what", header: t("history.what"), cell: (change) => code("change", change.Action), width: 120 },
          { id: "details", header: t("history.details"), cell: (change) => <Differences change={change} /> },
        ]}
        empty={t("common.noData")}
        footer={next && <Box textAlign="center"><Button onClick={() => load(next)}>{t("common.more")}</Button></Box>}
      />
    </ExpandableSection>
  );
}

const SHOWN = 160;
const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

function Differences({ change }: { change: Change }): ReactNode {
  if (change.Action === "CREATED" || change.Action === "DELETED") return change.ResourceName ?? "";
  return (
    <ul style={{ margin: 0, paddingInlineStart: 18 }}>
      {differences(change.Before, change.After).map((one) => (
        <li key={one.name}>
          <b>{one.name}</b>: <del>{cut(one.before)}</del> → {cut(one.after)}
        </li>
      ))}
    </ul>
  );
}
