import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import Table from "@cloudscape-design/components/table";
import type { ExternalEvent, RuleOutcome } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { StateOf } from "./states";

interface Props {
  events: ExternalEvent[];
  more: boolean;
  onMore: () => void;
}

/** What came, and what rules made of it. */
export function EventsTable({ events, more, onMore }: Props): ReactNode {
  const { t, code, dateTime } = useI18n();
  const [shown, setShown] = useState<ExternalEvent | null>(null);
  return (
    <>
      <Table
        variant="container" items={events} trackBy="EventId" wrapLines ariaLabels={{ tableLabel: t("apps.events") }}
        header={<Header variant="h2" description={t("apps.eventsHelp")} counter={events.length ? `(${events.length}${more ? "+" : ""})` : ""}>{t("apps.events")}</Header>}
        columnDefinitions={[
          { id: "at", header: t("apps.receivedAt"), isRowHeader: true, width: 190, cell: (one) => dateTime(one.ReceivedAt) },
          { id: "about", header: t("apps.eventAbout"), cell: (one) => <Button variant="inline-link" onClick={() => setShown(one)}>{one.Subject}</Button> },
          { id: "trigger", header: t("rules.trigger"), cell: (one) => (one.EventSourceName ? code("ruleTrigger", one.EventSourceName) : "–") },
          { id: "via", header: t("apps.via"), width: 120, cell: (one) => code("eventVia", one.Via) },
          { id: "state", header: t("apps.outcome"), width: 140, cell: (one) => <StateOf state={one.State} /> },
          { id: "outcomes", header: t("apps.ruleResults"), minWidth: 260, cell: (one) => <Outcomes event={one} /> },
        ]}
        empty={<Box color="text-body-secondary" textAlign="center" padding="m">{t("apps.noEvents")}</Box>}
        footer={more && <Box textAlign="center"><Button onClick={onMore}>{t("common.more")}</Button></Box>}
      />
      {shown && (
        <Modal visible size="large" header={shown.Subject} onDismiss={() => setShown(null)} footer={<Box float="right"><Button onClick={() => setShown(null)}>{t("designer.close")}</Button></Box>}>
          <pre className="record-json">{pretty(shown.Payload)}</pre>
        </Modal>
      )}
    </>
  );
}

function Outcomes({ event }: { event: ExternalEvent }): ReactNode {
  if (!event.Outcomes.length) return event.Reason ?? "–";
  return <ul className="app-outcomes">{event.Outcomes.map((one, index) => <li key={index}><Done outcome={one} /></li>)}</ul>;
}

function Done({ outcome }: { outcome: RuleOutcome }): ReactNode {
  const { code } = useI18n();
  const what = code("ruleAction", outcome.ActionType);
  return (
    <>
      <Link href={`#/rules/${outcome.RuleId}`}>{outcome.RuleName}</Link>:{" "}
      {outcome.ContactId ? <Link href={`#/contacts/${outcome.ContactId}`}>{what}</Link> : what}
      {!outcome.Succeeded && <Box color="text-status-error" display="inline"> – {outcome.Reason}</Box>}
    </>
  );
}

function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
