import { useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useI18n } from "../../i18n";
import { ArrivalsChart } from "./ArrivalsChart";
import { LengthBox, NumberBox, TextBox } from "./boxes";
import { IntervalChart } from "./IntervalChart";
import { PlacesTable } from "./PlacesTable";
import { change, clockAt, effective, formOf, inParts, startsWith, workAndPeople, type Form, type Path, type QueueView, type Source } from "./scenario";
import { StaffTable } from "./StaffTable";

export interface Problem {
  path: Path;
  reason: string;
}

/** What the parts of the form share. */
export interface Editing {
  form: Form;
  /** Of a variant, what the scenario says is shown until it is changed. */
  variant: string | undefined;
  set: (path: Path, value: unknown) => void;
  problemAt: (path: Path) => string | undefined;
}

interface Props {
  source: Source;
  variant: string | undefined;
  problems: Problem[];
  onChange: (text: string) => void;
}

/** What people change of a scenario, or of one of its variants. */
export function ScenarioForm({ source, variant, problems, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const form = formOf(effective(source.value, variant));
  const prefix: Path = variant === undefined ? [] : ["variants", variant];
  const editing: Editing = {
    form,
    variant,
    set: (path, value) => onChange(change(source.text, variant, path, value)),
    problemAt: (path) => problems.find((one) => startsWith(one.path, [...prefix, ...path]))?.reason,
  };
  return (
    <SpaceBetween size="l">
      <General editing={editing} />
      <Container header={<Header variant="h2" description={t("sim.queuesHelp")}>{t("sim.whoComes")}</Header>}>
        <SpaceBetween size="s">
          {form.queues.map((queue, at) => <QueueSection key={queue.name} queue={queue} at={at} first={form.queues.length < 3 || at === 0} editing={editing} />)}
          {!form.queues.length && <Box color="text-body-secondary">{t("sim.noQueues")}</Box>}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description={t("sim.staffHelp")}>{t("sim.whoWorks")}</Header>}>
        <SpaceBetween size="l">
          <StaffTable editing={editing} raw={source.value} />
          <WorkChart form={form} />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2" description={t("sim.placesHelp")}>{t("sim.routing")}</Header>}>
        <PlacesTable editing={editing} />
      </Container>
    </SpaceBetween>
  );
}

function General({ editing: { form, variant, set, problemAt } }: { editing: Editing }): ReactNode {
  const { t } = useI18n();
  const field = (label: string, help: string | undefined, path: string, box: ReactNode): ReactNode => (
    <FormField label={label} description={help} errorText={problemAt([path])}>{box}</FormField>
  );
  const number = (path: string, label: string, value: number, help?: string, least = 0): ReactNode =>
    field(label, help, path, <NumberBox label={label} value={value} least={least} onChange={(next) => set([path], next)} />);
  return (
    <Container header={<Header variant="h2">{t("sim.theDay")}</Header>}>
      <SpaceBetween size="l">
        <ColumnLayout columns={4}>
          {number("service_level", t("sim.threshold"), form.serviceLevel, t("sim.thresholdHelp"))}
          {variant === undefined && number("replications", t("sim.replications"), form.replications, t("sim.replicationsHelp"), 1)}
          {field(t("sim.start"), t("sim.startHelp"), "start", <TextBox label={t("sim.start")} value={form.start} invalid={Boolean(problemAt(["start"]))} onChange={(next) => set(["start"], next.trim())} />)}
          {number("hours", t("sim.hours"), form.hours, t("sim.hoursHelp"))}
        </ColumnLayout>
        {variant === undefined && (
          <ExpandableSection headerText={t("sim.more")}>
            <ColumnLayout columns={4}>
              {number("interval", t("sim.interval"), form.interval, t("sim.intervalHelp"), 1)}
              {number("warm_up", t("sim.warmUp"), form.warmUp, t("sim.warmUpHelp"))}
              {number("seed", t("sim.seed"), form.seed, t("sim.seedHelp"))}
            </ColumnLayout>
          </ExpandableSection>
        )}
      </SpaceBetween>
    </Container>
  );
}

function QueueSection({ queue, at, first, editing }: { queue: QueueView; at: number; first: boolean; editing: Editing }): ReactNode {
  const { t, code, number } = useI18n();
  const { form, variant, set, problemAt } = editing;
  const [open, setOpen] = useState(first);
  const place: Path = ["queues", queue.name];
  const length = (key: "handle" | "wrap" | "patience", label: string, help: string): ReactNode => (
    <FormField label={label} description={help} errorText={problemAt([...place, key])}>
      <LengthBox
        label={`${queue.name}: ${label}`} value={queue[key]} invalid={Boolean(problemAt([...place, key]))}
        nothing={key === "patience" ? t("sim.endless") : undefined}
        onChange={(value) => set([...place, key], value ?? (variant === undefined ? undefined : null))}
      />
    </FormField>
  );
  return (
    <ExpandableSection
      variant="stacked" expanded={open || Boolean(problemAt(place))} onChange={({ detail }) => setOpen(detail.expanded)}
      headerText={queue.name} headerDescription={queue.perDay ? t("sim.queueSummary", { channel: code("channel", queue.channel), count: number(Math.round(queue.perDay)) }) : code("channel", queue.channel)}
    >
      <div className="sim-queue">
        <FormField stretch label={t("sim.perHour")} description={queue.perHour ? t("sim.perHourHelp") : undefined} errorText={problemAt([...place, "arrivals"])}>
          {queue.perHour ? (
            <SpaceBetween size="xs">
              <ArrivalsChart label={t("sim.arrivalsOf", { name: queue.name })} rates={queue.perHour} start={form.start} hours={form.hours} colour={at % 6} onChange={(rates) => set([...place, "arrivals", "per_hour"], rates)} />
              <Parts queue={queue} editing={editing} />
            </SpaceBetween>
          ) : (
            <Alert type="info" action={<Button onClick={() => set([...place, "arrivals"], instead({ per_hour: Math.round((queue.perDay / form.hours) * 10) / 10 || 10 }, variant))}>{t("sim.useRate")}</Button>}>
              {queue.recorded ? t("sim.recorded", { count: number(queue.recorded) }) : t("sim.fromFile")}
            </Alert>
          )}
        </FormField>
        <SpaceBetween size="m">
          {length("handle", t("sim.handle"), t("sim.handleHelp"))}
          {length("wrap", t("sim.wrap"), t("sim.wrapHelp"))}
          {length("patience", t("sim.patience"), t("sim.patienceHelp"))}
          <FormField label={t("sim.limit")} description={t("sim.limitHelp")} errorText={problemAt([...place, "limit"])}>
            <NumberBox label={`${queue.name}: ${t("sim.limit")}`} value={queue.limit} nothing={t("sim.noLimit")} onChange={(value) => set([...place, "limit"], value ?? (variant === undefined ? undefined : null))} />
          </FormField>
        </SpaceBetween>
      </div>
    </ExpandableSection>
  );
}

/** Arrivals of another kind; a variant must say that those of the scenario no longer count. */
function instead(arrivals: Record<string, unknown>, variant: string | undefined): unknown {
  return variant === undefined ? arrivals : { per_hour: null, at: null, file: null, csv: null, ...arrivals };
}

/** Past contacts take the place of the rate. */
function FromCsv({ queue, editing: { variant, set } }: { queue: QueueView; editing: Editing }): ReactNode {
  const { t } = useI18n();
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (file) set(["queues", queue.name, "arrivals"], instead({ csv: (await file.text()).replace(/\r\n/g, "\n") }, variant));
  };
  return (
    <>
      <Button variant="inline-link" ariaLabel={t("sim.csvOf", { name: queue.name })} onClick={() => input.current?.click()}>{t("sim.csv")}</Button>
      <input ref={input} type="file" accept=".csv,text/csv" hidden onChange={(event) => void read(event.currentTarget.files?.[0])} />
    </>
  );
}

function Parts({ queue, editing }: { queue: QueueView; editing: Editing }): ReactNode {
  const { t } = useI18n();
  const { form, set } = editing;
  const rates = queue.perHour!;
  const path: Path = ["queues", queue.name, "arrivals", "per_hour"];
  const scale = (factor: number): void => set(path, rates.map((rate) => Math.round(rate * factor * 10) / 10));
  return (
    <div className="sim-parts">
      <Button variant="inline-link" ariaLabel={t("sim.lessOf", { name: queue.name })} onClick={() => scale(1 / 1.1)}>{t("sim.less")}</Button>
      <Button variant="inline-link" ariaLabel={t("sim.moreOf", { name: queue.name })} onClick={() => scale(1.1)}>{t("sim.moreContacts")}</Button>
      <span>{t("sim.parts")}</span>
      <span className="sim-small"><NumberBox label={`${queue.name}: ${t("sim.parts")}`} value={rates.length} least={1} onChange={(parts) => parts && parts <= 288 && set(path, inParts(rates, Math.round(parts)))} /></span>
      <Box variant="small" color="text-body-secondary">{t("sim.partLength", { minutes: Math.round((form.hours * 60) / rates.length) })}</Box>
      <FromCsv queue={queue} editing={editing} />
    </div>
  );
}

function WorkChart({ form }: { form: Form }): ReactNode {
  const { t, language } = useI18n();
  const { work, people } = workAndPeople(form);
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <IntervalChart
      legend title={t("sim.workAndPeople")} about={t("sim.workHelp")} labels={people.map((_, at) => clockAt(form.start, at * form.interval))} format={(value) => numbers.format(value)}
      series={[{ name: t("sim.onDuty"), colour: 0, values: people, steps: true }, { name: t("sim.work"), colour: 1, values: work, steps: true }]}
    />
  );
}
