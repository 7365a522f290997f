import { useState, type ReactNode } from "react";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Box from "@cloudscape-design/components/box";
import type { SimulationReport } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { isTime, onAxis, shown, titleOf, type Estimates } from "./figures";
import { IntervalChart, type Series } from "./IntervalChart";
import { clockAt } from "./scenario";

const CHARTS = ["service_level", "queue_length", "abandonment", "answer_time", "queued", "longest_wait"];

/** The day of a queue, and of the agents, interval by interval; the scenario and its variants in one chart. */
export function ChartsView({ reports }: { reports: SimulationReport[] }): ReactNode {
  const writer = useI18n();
  const { t } = writer;
  const [queue, setQueue] = useState(reports[0]?.Queues[0]?.Name ?? "");
  const [profile, setProfile] = useState(reports[0]?.Profiles[0]?.Name ?? "");
  const [hidden, setHidden] = useState<string[]>([]);
  const labels = labelsOf(reports);
  const visible = reports.map((report, colour) => ({ report, colour })).filter(({ report }) => !hidden.includes(report.Name));
  const ofQueue = (figure: string): Series[] => visible.map(({ report, colour }) => seriesOf(report.Name, colour, report.Queues.find((one) => one.Name === queue)?.Intervals, figure));
  const ofProfile = (figure: string): Series[] => visible.map(({ report, colour }) => seriesOf(report.Name, colour, report.Profiles.find((one) => one.Name === profile)?.Intervals, figure));
  const chart = (figure: string, series: Series[], most?: number): ReactNode => (
    <IntervalChart key={figure} title={t(titleOf(figure))} series={series} labels={labels} most={most} time={isTime(figure)} format={(value) => shown(figure, value, writer)} axis={(value) => onAxis(figure, value, writer)} />
  );
  const share = (figure: string): number | undefined => (figure === "service_level" ? 1 : undefined);
  return (
    <SpaceBetween size="l">
      <div className="sim-legend">
        <FormField label={t("field.queue")}><Chooser label={t("field.queue")} names={namesOf(reports, "Queues")} value={queue} onChange={setQueue} /></FormField>
        {reports.length > 1 && (
          <SpaceBetween direction="horizontal" size="m">
            {reports.map((report, at) => (
              <Checkbox key={report.Name} checked={!hidden.includes(report.Name)} onChange={({ detail }) => setHidden(detail.checked ? hidden.filter((one) => one !== report.Name) : [...hidden, report.Name])}>
                <i className={`sim-swatch sim-colour-${at}`} /> {report.Name}
              </Checkbox>
            ))}
          </SpaceBetween>
        )}
        <Box variant="small" color="text-body-secondary">{t("sim.bandHelp")}</Box>
      </div>
      <div className="sim-charts">{CHARTS.map((figure) => chart(figure, ofQueue(figure), share(figure)))}</div>
      <FormField label={t("field.routingProfile")}><Chooser label={t("field.routingProfile")} names={namesOf(reports, "Profiles")} value={profile} onChange={setProfile} /></FormField>
      <div className="sim-charts">
        {chart("occupancy", ofProfile("occupancy"), 1)}
        {chart("staffed", ofProfile("staffed").map(({ name, colour, values }) => ({ name, colour, values, steps: true })))}
      </div>
    </SpaceBetween>
  );
}

export function Chooser({ label, names, value, onChange }: { label: string; names: string[]; value: string; onChange: (name: string) => void }): ReactNode {
  const options = names.map((name) => ({ value: name, label: name }));
  return <div className="sim-chooser"><Select ariaLabel={label} options={options} selectedOption={options.find((one) => one.value === value) ?? null} onChange={({ detail }) => onChange(detail.selectedOption.value!)} expandToViewport /></div>;
}

export function namesOf(reports: SimulationReport[], part: "Queues" | "Profiles"): string[] {
  return [...new Set(reports.flatMap((report) => report[part].map((one) => one.Name)))];
}

/** The times of day at which the intervals begin; the longest day of all scenarios. */
export function labelsOf(reports: SimulationReport[]): string[] {
  const [base] = reports;
  const longest = Math.max(0, ...reports.flatMap((report) => report.Queues.map((one) => one.Intervals.length)));
  return base ? Array.from({ length: longest }, (_, at) => clockAt(base.Start, at * base.IntervalMinutes)) : [];
}

function seriesOf(name: string, colour: number, intervals: Estimates[] | undefined, figure: string): Series {
  const found = (intervals ?? []).map((one) => one[figure]);
  return { name, colour, values: found.map((one) => one?.Mean), low: found.map((one) => one?.Low), high: found.map((one) => one?.High) };
}
