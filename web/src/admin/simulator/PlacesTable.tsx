import { type ReactNode } from "react";
import Table from "@cloudscape-design/components/table";
import { useI18n } from "../../i18n";
import { NumberBox } from "./boxes";
import type { PlaceView } from "./scenario";
import type { Editing } from "./ScenarioForm";

/** Which queue comes first for whom: priority and delay of each queue in each routing profile. */
export function PlacesTable({ editing: { form, set } }: { editing: Editing }): ReactNode {
  const { t } = useI18n();
  const write = (row: PlaceView, part: { priority?: number; delay?: number }): void => {
    const { priority, delay } = { priority: row.priority, delay: row.delay, ...part };
    set(["profiles", row.profile, "queues", row.queue], delay || row.whole ? { priority, delay } : priority);
  };
  const name = (row: PlaceView, text: string): string => `${row.profile}, ${row.queue}: ${text}`;
  return (
    <Table
      variant="embedded" contentDensity="compact" items={form.places} trackBy={(row) => `${row.profile} ${row.queue}`}
      ariaLabels={{ tableLabel: t("sim.routing") }}
      columnDefinitions={[
        { id: "profile", header: t("field.routingProfile"), isRowHeader: true, cell: (row) => row.profile },
        { id: "queue", header: t("field.queue"), cell: (row) => row.queue },
        { id: "priority", header: t("sim.priority"), width: 160, cell: (row) => <NumberBox label={name(row, t("sim.priority"))} value={row.priority} least={1} onChange={(value) => write(row, { priority: Math.round(value ?? 1) })} /> },
        { id: "delay", header: t("sim.delay"), width: 160, cell: (row) => <NumberBox label={name(row, t("sim.delay"))} value={row.delay} onChange={(value) => write(row, { delay: Math.round(value ?? 0) })} /> },
      ]}
    />
  );
}
