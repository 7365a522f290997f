import { useState, type ReactNode } from "react";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { SimulationReport } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { Chooser, labelsOf, namesOf } from "./ChartsView";
import { margin, PROFILE_FIGURES, QUEUE_FIGURES, shown, titleOf, type Estimates } from "./figures";

interface Line {
  row: Estimates;
  at: number;
}

/** Every interval of a queue or of the agents of a profile, as figures. */
export function IntervalsTable({ reports }: { reports: SimulationReport[] }): ReactNode {
  const writer = useI18n();
  const { t } = writer;
  const [scenario, setScenario] = useState(reports[0]?.Name ?? "");
  const queues = namesOf(reports, "Queues");
  const profiles = namesOf(reports, "Profiles").map((name) => t("sim.agentsIn", { name }));
  const [of, setOf] = useState(queues[0] ?? "");
  const report = reports.find((one) => one.Name === scenario);
  const people = profiles.indexOf(of);
  const intervals: Estimates[] = (people >= 0 ? report?.Profiles[people]?.Intervals : report?.Queues.find((one) => one.Name === of)?.Intervals) ?? [];
  const labels = labelsOf(reports);
  const figures = Object.keys(people >= 0 ? PROFILE_FIGURES : QUEUE_FIGURES);
  return (
    <SpaceBetween size="m">
      <div className="sim-legend">
        {reports.length > 1 && <FormField label={t("sim.scenario")}><Chooser label={t("sim.scenario")} names={reports.map((one) => one.Name)} value={scenario} onChange={setScenario} /></FormField>}
        <FormField label={t("sim.of")}><Chooser label={t("sim.of")} names={[...queues, ...profiles]} value={of} onChange={setOf} /></FormField>
      </div>
      <Table
        contentDensity="compact" stripedRows items={intervals.map((row, at) => ({ row, at }))} trackBy={(one) => String(one.at)} ariaLabels={{ tableLabel: of }}
        columnDefinitions={[
          { id: "time", header: t("sim.time"), isRowHeader: true, cell: ({ at }: Line) => <span className="tabular">{labels[at]}</span> },
          ...figures.map((figure) => ({
            id: figure, header: t(titleOf(figure)),
            cell: ({ row }: Line) => <span className="tabular" title={margin(figure, row[figure], writer)}>{shown(figure, row[figure]?.Mean, writer)}</span>,
          })),
        ]}
      />
    </SpaceBetween>
  );
}
