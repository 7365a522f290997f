import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../../api";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { goTo } from "../../shared/hooks";
import { useSession } from "../../shared/session";
import { ReferenceMultiselect } from "../FieldControl";
import { daysChosen } from "./days";
import { ScenarioEditor } from "./ScenarioEditor";
import { OWN } from "./example";

interface Draft {
  text: string;
  notes: string[];
}

/** A new simulation: where it begins, then the scenario. `from`: `example`, `yaml`, the id of an earlier one, or nothing yet. */
export function NewSimulation({ from }: { from: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [draft, setDraft] = useState<Draft | null>(from === "yaml" ? { text: OWN, notes: [] } : null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure("");
    try {
      await work();
    } catch (error) {
      setFailure(errorText(error, t));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    if (!from || from === "yaml") return;
    void attempt(async () => {
      if (from === "example") {
        const made = await switchroom("DraftSimulation", { InstanceId: instanceId, Source: "EXAMPLE" });
        setDraft({ text: made.Scenario, notes: made.Notes });
      } else {
        const { Simulation } = await switchroom("DescribeSimulation", { InstanceId: instanceId, SimulationId: from });
        setDraft({ text: Simulation.Scenario ?? OWN, notes: [] });
      }
    });
  }, [from, instanceId]);
  const start = (name: string): Promise<void> =>
    attempt(async () => {
      const { SimulationId } = await switchroom("StartSimulation", { InstanceId: instanceId, Name: name || t("sim.base"), Scenario: draft!.text });
      goTo("simulator", SimulationId);
    });
  if (draft) {
    return (
      <ScenarioEditor
        text={draft.text} notes={draft.notes} busy={busy} failure={failure} onStart={(name) => void start(name)} onLeave={() => goTo("simulator")}
        onChange={(text) => setDraft({ ...draft, text })}
      />
    );
  }
  if (from && !failure) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
  return <Beginnings busy={busy} failure={failure} onDraft={(made) => attempt(async () => setDraft(await made()))} />;
}

function Beginnings({ busy, failure, onDraft }: { busy: boolean; failure: string; onDraft: (made: () => Promise<Draft>) => Promise<void> }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [span, setSpan] = useState<DateRangePickerProps.Value | null>({ type: "relative", amount: 7, unit: "day" });
  const [queues, setQueues] = useState<string[]>([]);
  const live = (): Promise<void> =>
    onDraft(async () => {
      const range = span && daysChosen(span);
      const made = await switchroom("DraftSimulation", {
        InstanceId: instanceId, Source: "LIVE", ...(range && { HistoryFrom: range.start, HistoryTo: range.end }), ...(queues.length && { Queues: queues }),
      });
      return { text: made.Scenario, notes: made.Notes };
    });
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t("sim.beginHelp")} actions={<Button variant="link" onClick={() => goTo("simulator")}>{t("action.cancel")}</Button>}>{t("sim.new")}</Header>
      {failure && <Alert type="error">{failure}</Alert>}
      <div className="sim-beginnings">
        <Container fitHeight header={<Header variant="h2" description={t("sim.centreHelp")}>{t("sim.centre")}</Header>} footer={<Button variant="primary" loading={busy} onClick={() => void live()}>{t("sim.fromCentre")}</Button>}>
          <SpaceBetween size="m">
            <FormField label={t("sim.history")} description={t("sim.historyHelp")}>
              <DateRangePicker
                value={span} onChange={({ detail }) => setSpan(detail.value)} dateOnly placeholder={t("sim.noHistory")} expandToViewport
                relativeOptions={[1, 7, 14, 28].map((amount) => ({ key: `${amount}-days`, amount, unit: "day", type: "relative" }))}
                isValidRange={(value) => (value?.type === "absolute" && (!value.startDate || !value.endDate) ? { valid: false, errorMessage: t("sim.noDays") } : { valid: true })}
              />
            </FormField>
            <FormField label={t("queues.title")} description={t("sim.queuesChosen")}>
              <ReferenceMultiselect source="queues" values={queues} placeholder={t("sim.allQueues")} set={setQueues} />
            </FormField>
          </SpaceBetween>
        </Container>
        <Container fitHeight header={<Header variant="h2" description={t("sim.exampleHelp")}>{t("sim.example")}</Header>} footer={<Button onClick={() => goTo("simulator", "new", "example")}>{t("sim.fromExample")}</Button>}>
          <Box color="text-body-secondary">{t("sim.exampleText")}</Box>
        </Container>
        <Container fitHeight header={<Header variant="h2" description={t("sim.ownHelp")}>{t("sim.own")}</Header>} footer={<Button onClick={() => goTo("simulator", "new", "yaml")}>{t("sim.fromText")}</Button>}>
          <FileUpload
            value={[]} accept=".yaml,.yml" onChange={({ detail }) => detail.value[0] && void onDraft(async () => ({ text: await detail.value[0]!.text(), notes: [] }))}
            i18nStrings={{ uploadButtonText: () => t("sim.file"), dropzoneText: () => t("sim.drop"), removeFileAriaLabel: () => t("action.remove"), limitShowFewer: "", limitShowMore: "", errorIconAriaLabel: "" }}
          />
        </Container>
        <Container fitHeight header={<Header variant="h2" description={t("sim.replayHelp")}>{t("sim.replay")}</Header>} footer={<Button onClick={() => goTo("simulator", "replay")}>{t("sim.fromDay")}</Button>}>
          <Box color="text-body-secondary">{t("sim.replayText")}</Box>
        </Container>
      </div>
    </SpaceBetween>
  );
}
