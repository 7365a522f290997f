import { useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { switchroom } from "../../api";
import type { DescribeSimulationResponse, SimulationReport } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { downloadText } from "../../shared/download";
import { errorText } from "../../shared/errors";
import { goTo, usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";
import { JsonEditor } from "../editors/JsonEditor";
import { ChartsView } from "./ChartsView";
import { ComparisonView } from "./ComparisonView";
import { toCsv } from "./figures";
import { IntervalsTable } from "./IntervalsTable";
import { ReplayView } from "./ReplayView";
import { isUnderWay, StateOf } from "./state";

const SECONDS = 1;

/** One simulation: progress while it runs, then what came of it. */
export function SimulationView({ id }: { id: string }): ReactNode {
  const { t, dateTime } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [found, setFound] = useState<DescribeSimulationResponse | null>(null);
  const [failure, setFailure] = useState("");
  const [deleting, setDeleting] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  const load = (): void => {
    switchroom("DescribeSimulation", { InstanceId: instanceId, SimulationId: id }).then(
      (next) => { setFound(next); setFailure(""); },
      (error: unknown) => !found && setFailure(errorText(error, t)),
    );
  };
  usePolling(load, found && !isUnderWay(found.Simulation) ? 0 : SECONDS);
  if (failure) return <Alert type="error" action={<Button onClick={() => goTo("simulator")}>{t("sim.toList")}</Button>}>{failure}</Alert>;
  if (!found) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;
  const one = found.Simulation;
  const cancel = async (): Promise<void> => {
    setCancelling(true);
    try {
      await switchroom("CancelSimulation", { InstanceId: instanceId, SimulationId: id });
      load();
    } catch (error) {
      notices.failure(error);
    } finally {
      setCancelling(false);
    }
  };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1" description={t("sim.startedLine", { who: one.StartedBy ?? "–", at: dateTime(one.StartedAt) })}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {isUnderWay(one) && <Button loading={cancelling} onClick={() => void cancel()}>{t("sim.cancel")}</Button>}
            {found.Results?.length ? <Button iconName="download" onClick={() => downloadText(`${one.Name}.csv`, "text/csv", toCsv(found.Results!))}>CSV</Button> : null}
            {!isUnderWay(one) && <Button iconName="remove" onClick={() => setDeleting(true)}>{t("action.delete")}</Button>}
            {!isUnderWay(one) && <Button variant="primary" onClick={() => goTo("simulator", one.Kind === "STUDY" ? "new" : "replay", id)}>{t("sim.again")}</Button>}
          </SpaceBetween>
        }
      >
        {one.Name}
      </Header>
      <Standing found={found} />
      {found.Results?.length ? <Results reports={found.Results} scenario={one.Scenario ?? ""} /> : null}
      {found.Replay && <ReplayView replay={found.Replay} />}
      {deleting && (
        <DeleteDialog
          name={one.Name} remove={() => switchroom("DeleteSimulation", { InstanceId: instanceId, SimulationId: id })}
          onClose={(done) => { setDeleting(false); if (done) goTo("simulator"); }}
        />
      )}
    </SpaceBetween>
  );
}

function Standing({ found: { Simulation: one } }: { found: DescribeSimulationResponse }): ReactNode {
  const { t } = useI18n();
  if (one.State === "DONE") return null;
  if (one.State === "FAILED") return <Alert type="error" header={t("sim.failed")}>{one.Error}</Alert>;
  if (one.State === "CANCELLED") return <Alert type="info" header={t("sim.cancelled")}>{t("sim.cancelledHelp")}</Alert>;
  return (
    <Container>
      {one.State === "QUEUED" ? <SpaceBetween size="xs"><StateOf one={one} /><Box color="text-body-secondary">{t("sim.queuedHelp")}</Box></SpaceBetween> : <ProgressBar value={Math.round(one.Progress * 100)} label={t("sim.running")} description={t("sim.runningHelp")} />}
    </Container>
  );
}

function Results({ reports, scenario }: { reports: SimulationReport[]; scenario: string }): ReactNode {
  const { t } = useI18n();
  return (
    <SpaceBetween size="l">
      <ComparisonView reports={reports} />
      <Tabs
        ariaLabel={t("sim.results")}
        tabs={[
          { id: "charts", label: t("sim.charts"), content: <ChartsView reports={reports} /> },
          { id: "table", label: t("sim.table"), content: <IntervalsTable reports={reports} /> },
          { id: "scenario", label: t("sim.scenario"), content: <JsonEditor mode="yaml" value={scenario} label={t("sim.yaml")} readOnly onChange={() => {}} /> },
        ]}
      />
    </SpaceBetween>
  );
}
