import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { switchroom } from "../../api";
import type { Simulation } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { everyPage } from "../../shared/everyPage";
import { goTo, usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { DeleteDialog } from "../DeleteDialog";
import { isUnderWay, StateOf } from "./state";

const SECONDS = 2;
const QUIET_SECONDS = 15;

/** What has been played, what is being played. */
export function SimulationList(): ReactNode {
  const { t, code, dateTime } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [items, setItems] = useState<Simulation[] | null>(null);
  const [deleting, setDeleting] = useState<Simulation | null>(null);
  const load = async (): Promise<void> => {
    try {
      setItems(await everyPage(async (NextToken) => {
        const page = await switchroom("ListSimulations", { InstanceId: instanceId, NextToken });
        return [page.Simulations, page.NextToken];
      }));
    } catch (error) {
      if (items === null) {
        setItems([]);
        notices.failure(error);
      }
    }
  };
  usePolling(() => void load(), items?.some(isUnderWay) ? SECONDS : QUIET_SECONDS);
  const act = async (action: string, one: Simulation): Promise<void> => {
    if (action === "delete") setDeleting(one);
    else if (action === "again") goTo("simulator", one.Kind === "STUDY" ? "new" : "replay", one.SimulationId);
    else {
      try {
        await switchroom("CancelSimulation", { InstanceId: instanceId, SimulationId: one.SimulationId });
        await load();
      } catch (error) {
        notices.failure(error);
      }
    }
  };
  const actions = (one: Simulation) => [
    { id: "again", text: t("sim.again"), iconName: "refresh" as const },
    ...(isUnderWay(one) ? [{ id: "cancel", text: t("sim.cancel"), iconName: "close" as const }] : [{ id: "delete", text: t("action.delete"), iconName: "remove" as const }]),
  ];
  const empty = items !== null && items.length === 0;
  return (
    <>
      <Table
        variant="container" loading={items === null} loadingText={t("common.loading")} items={items ?? []} trackBy="SimulationId"
        ariaLabels={{ tableLabel: t("simulator.title") }}
        header={
          <Header
            variant="h1" description={t("sim.about")} counter={items?.length ? `(${items.length})` : ""}
            actions={!empty && (
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => goTo("simulator", "replay")}>{t("sim.replay")}</Button>
                <Button variant="primary" onClick={() => goTo("simulator", "new")}>{t("sim.new")}</Button>
              </SpaceBetween>
            )}
          >
            {t("simulator.title")}
          </Header>
        }
        columnDefinitions={[
          { id: "name", header: t("field.name"), isRowHeader: true, minWidth: 200, cell: (one) => <Link href={`#/simulator/${one.SimulationId}`}>{one.Name}</Link> },
          { id: "kind", header: t("sim.kind"), cell: (one) => code("simKindOf", one.Kind) },
          { id: "state", header: t("field.status"), minWidth: 200, cell: (one) => <StateOf one={one} /> },
          { id: "by", header: t("sim.startedBy"), cell: (one) => one.StartedBy ?? "–" },
          { id: "at", header: t("sim.startedAt"), cell: (one) => dateTime(one.StartedAt) },
          {
            id: "actions", header: t("field.actions"), width: 90,
            cell: (one) => <ButtonDropdown variant="inline-icon" expandToViewport items={actions(one)} ariaLabel={t("sim.actionsOf", { name: one.Name })} onItemClick={({ detail }) => void act(detail.id, one)} />,
          },
        ]}
        empty={<Nothing />}
      />
      {deleting && (
        <DeleteDialog
          name={deleting.Name} remove={() => switchroom("DeleteSimulation", { InstanceId: instanceId, SimulationId: deleting.SimulationId })}
          onClose={(done) => { setDeleting(null); if (done) void load(); }}
        />
      )}
    </>
  );
}

function Nothing(): ReactNode {
  const { t } = useI18n();
  return (
    <div className="sim-nothing">
      <svg viewBox="0 0 220 80" aria-hidden="true">
        <path className="sim-band sim-colour-1" d="M10 62 C50 60 60 24 100 22 S160 48 210 40 L210 58 C160 66 150 40 100 40 S50 74 10 72Z" />
        <path className="sim-line sim-colour-0" d="M10 70 C50 68 60 44 100 42 S160 66 210 60" />
        <path className="sim-line sim-colour-1" d="M10 67 C50 66 60 34 100 31 S160 57 210 49" />
      </svg>
      <Box variant="h3">{t("sim.none")}</Box>
      <Box color="text-body-secondary">{t("sim.noneHelp")}</Box>
      <div className="centred-row">
        <Button variant="primary" onClick={() => goTo("simulator", "new")}>{t("sim.fromCentre")}</Button>
        <Button onClick={() => goTo("simulator", "new", "example")}>{t("sim.fromExample")}</Button>
        <Button onClick={() => goTo("simulator", "replay")}>{t("sim.replay")}</Button>
      </div>
    </div>
  );
}
