import { type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { ReplayedContact, ReplaySums, SimulationReplay } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { given, shown, signed, titleOf } from "./figures";

const ROWS: { figure: string; of: keyof ReplaySums }[] = [
  { figure: "service_level", of: "ServiceLevel" },
  { figure: "answer_time", of: "AnswerTime" },
  { figure: "longest_wait", of: "LongestWait" },
  { figure: "answered", of: "Answered" },
  { figure: "abandoned", of: "Abandoned" },
];

/** A past day beside itself: who took which contact then, and who takes it now. */
export function ReplayView({ replay }: { replay: SimulationReplay }): ReactNode {
  const writer = useI18n();
  const { t, number } = writer;
  const share = replay.Contacts ? replay.Same / replay.Contacts : 0;
  return (
    <SpaceBetween size="l">
      {replay.Notes?.length ? <Alert type="info" header={t("sim.notes")}><ul className="sim-notes">{replay.Notes.map((one) => <li key={one}>{one}</li>)}</ul></Alert> : null}
      <Container header={<Header variant="h2">{t("sim.sameTitle")}</Header>}>
        {replay.Contacts ? (
          <SpaceBetween size="xs">
            <Box fontSize="display-l" fontWeight="bold"><span className="tabular">{shown("service_level", share, writer)}</span></Box>
            <div className="sim-share" aria-hidden="true"><i style={{ inlineSize: `${share * 100}%` }} /></div>
            <Box color="text-body-secondary">{t("sim.sameText", { same: number(replay.Same), all: number(replay.Contacts) })}</Box>
          </SpaceBetween>
        ) : (
          <Box color="text-body-secondary">{t("sim.noContacts")}</Box>
        )}
      </Container>
      {replay.Contacts > 0 && <Sums replay={replay} />}
      {replay.Contacts > 0 && <Different rows={replay.Different} all={replay.Contacts - replay.Same} />}
    </SpaceBetween>
  );
}

function Sums({ replay }: { replay: SimulationReplay }): ReactNode {
  const writer = useI18n();
  const { t } = writer;
  const isCount = (figure: string): boolean => figure === "answered" || figure === "abandoned";
  const written = (figure: string, value: number | undefined): string => (isCount(figure) && given(value) ? writer.number(value) : shown(figure, value, writer));
  const cells = (name: string, recorded: ReplaySums, simulated: ReplaySums): ReactNode =>
    ROWS.map(({ figure, of }, at) => {
      const [before, after] = [recorded[of], simulated[of]];
      const change = given(before) && given(after) ? after - before : undefined;
      return (
        <tr key={`${name} ${figure}`}>
          {at === 0 && <th scope="rowgroup" rowSpan={ROWS.length}>{name}</th>}
          <th scope="row">{t(titleOf(figure))}</th>
          <td className="tabular">{written(figure, before)}</td>
          <td className="tabular">{written(figure, after)}</td>
          <td className="tabular">{change === undefined ? "–" : isCount(figure) ? new Intl.NumberFormat(writer.language, { signDisplay: "exceptZero" }).format(change) : signed(figure, change, writer)}</td>
        </tr>
      );
    });
  return (
    <Container header={<Header variant="h2">{t("sim.thenAndNow")}</Header>}>
      <div className="sim-scroll">
        <table className="sim-figures">
          <thead><tr><th scope="col">{t("field.queue")}</th><th scope="col">{t("sim.figure")}</th><th scope="col">{t("sim.then")}</th><th scope="col">{t("sim.now")}</th><th scope="col">{t("sim.change")}</th></tr></thead>
          <tbody>
            {cells(t("sim.allQueues"), replay.Recorded, replay.Simulated)}
            {(replay.Queues ?? []).length > 1 && replay.Queues!.map((one) => cells(one.Name, one.Recorded, one.Simulated))}
          </tbody>
        </table>
      </div>
    </Container>
  );
}

function Different({ rows, all }: { rows: ReplayedContact[]; all: number }): ReactNode {
  const writer = useI18n();
  const { t } = writer;
  return (
    <Table
      header={<Header variant="h2" counter={`(${all})`} description={rows.length < all ? t("sim.firstOf", { count: rows.length }) : t("sim.differentHelp")}>{t("sim.different")}</Header>}
      items={rows} trackBy="ContactId" stripedRows ariaLabels={{ tableLabel: t("sim.different") }}
      empty={<Box>{t("sim.allSame")}</Box>}
      columnDefinitions={[
        { id: "contact", header: t("field.contactId"), isRowHeader: true, cell: (row) => <Link href={`#/contacts/${encodeURIComponent(row.ContactId)}`}>{row.ContactId}</Link> },
        { id: "queue", header: t("field.queue"), cell: (row) => row.Queue },
        { id: "then", header: t("sim.agentThen"), cell: (row) => row.RecordedAgent ?? t("sim.noAgent") },
        { id: "now", header: t("sim.agentNow"), cell: (row) => row.SimulatedAgent ?? t("sim.noAgent") },
        { id: "waitThen", header: t("sim.waitThen"), cell: (row) => <span className="tabular">{shown("answer_time", row.RecordedWait, writer)}</span> },
        { id: "waitNow", header: t("sim.waitNow"), cell: (row) => <span className="tabular">{shown("answer_time", row.SimulatedWait, writer)}</span> },
      ]}
    />
  );
}
