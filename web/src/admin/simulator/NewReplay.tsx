import { useEffect, useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import DatePicker from "@cloudscape-design/components/date-picker";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { useSession } from "../../shared/session";
import { JsonEditor } from "../editors/JsonEditor";
import { daysChosen } from "./days";

/** A past day once more: its customers, its agents, its handle times, and its routing or a changed one. `from`: an earlier replay. */
export function NewReplay({ from }: { from: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [day, setDay] = useState(yesterday);
  const [name, setName] = useState("");
  const [changes, setChanges] = useState("");
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    if (!from) return;
    switchroom("DescribeSimulation", { InstanceId: instanceId, SimulationId: from }).then(
      ({ Simulation: one }) => {
        if (one.From !== undefined) setDay(dayOf(new Date(one.From * 1000)));
        setName(one.Name);
        setChanges(one.Scenario ?? "");
        setOpen(Boolean(one.Scenario));
      },
      (error: unknown) => setFailure(errorText(error, t)),
    );
  }, [from, instanceId]);
  const start = async (): Promise<void> => {
    setBusy(true);
    setFailure("");
    try {
      const span = daysChosen({ type: "absolute", startDate: day, endDate: day });
      const made = await switchroom("ReplayDay", { InstanceId: instanceId, From: span.start, To: span.end, Name: name.trim() || t("sim.replayOf", { day }), ...(changes.trim() && { Changes: changes }) });
      goTo("simulator", made.SimulationId);
    } catch (error) {
      setFailure(errorText(error, t));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); void start(); }}>
      <Form
        header={<Header variant="h1" description={t("sim.replayHelp")}>{t("sim.replay")}</Header>} errorText={failure || undefined}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" onClick={() => goTo("simulator")}>{t("action.cancel")}</Button>
            <Button variant="primary" formAction="submit" loading={busy} disabled={!day}>{t("sim.replayStart")}</Button>
          </SpaceBetween>
        }
      >
        <Container>
          <SpaceBetween size="l">
            <FormField label={t("sim.day")} description={t("sim.dayHelp")}>
              <DatePicker value={day} onChange={({ detail }) => setDay(detail.value)} isDateEnabled={(date) => date.getTime() <= Date.now()} expandToViewport />
            </FormField>
            <FormField label={t("field.name")}><Input value={name} placeholder={t("sim.replayOf", { day })} onChange={({ detail }) => setName(detail.value)} /></FormField>
            <ExpandableSection expanded={open} onChange={({ detail }) => setOpen(detail.expanded)} headerText={t("sim.changes")} headerDescription={t("sim.changesHelp")}>
              <SpaceBetween size="s">
                <Box color="text-body-secondary">{t("sim.changesExample")}</Box>
                <pre className="record-json">{EXAMPLE}</pre>
                <div className="sim-changes"><JsonEditor mode="yaml" label={t("sim.changes")} value={changes} onChange={setChanges} /></div>
              </SpaceBetween>
            </ExpandableSection>
          </SpaceBetween>
        </Container>
      </Form>
    </form>
  );
}

const EXAMPLE = `profiles:
  Basic Routing Profile: {queues: {BasicQueue: {priority: 1, delay: 30}}, concurrency: {CHAT: 3}}
agents:
  agent2: {skills: {"Language:English": 4}}`;

function yesterday(): string {
  const day = new Date();
  day.setDate(day.getDate() - 1);
  return dayOf(day);
}

function dayOf(day: Date): string {
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}
