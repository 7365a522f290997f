import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import Table from "@cloudscape-design/components/table";
import { useI18n } from "../../i18n";
import { NumberBox, TextBox } from "./boxes";
import { effective, valueAt, type StaffView } from "./scenario";
import type { Editing } from "./ScenarioForm";

/** Groups of agents who are alike: how many, which routing profile, when. */
export function StaffTable({ editing, raw }: { editing: Editing; raw: Record<string, unknown> }): ReactNode {
  const { t } = useI18n();
  const { form, set, problemAt } = editing;
  const rows = form.staff.map((one, at) => ({ ...one, at }));
  const profiles = form.profiles.map((one) => ({ value: one.name, label: one.name }));
  const name = (row: StaffView & { at: number }, text: string): string => t("sim.groupOf", { number: row.at + 1, text });
  const groups = (): unknown[] => (valueAt(effective(raw, editing.variant), ["staff"]) as unknown[] | undefined) ?? [];
  const total = form.staff.reduce((sum, one) => sum + one.count, 0);
  return (
    <Table
      variant="embedded" contentDensity="compact" items={rows} trackBy={(row) => String(row.at)} wrapLines
      ariaLabels={{ tableLabel: t("sim.whoWorks") }}
      columnDefinitions={[
        {
          id: "profile", header: t("field.routingProfile"), minWidth: 200,
          cell: (row) => <Select ariaLabel={name(row, t("field.routingProfile"))} options={profiles} invalid={Boolean(problemAt(["staff", row.at, "profile"]))} selectedOption={profiles.find((one) => one.value === row.profile) ?? { value: row.profile, label: row.profile }} expandToViewport onChange={({ detail }) => set(["staff", row.at, "profile"], detail.selectedOption.value)} />,
        },
        { id: "count", header: t("sim.agents"), width: 110, cell: (row) => <NumberBox label={name(row, t("sim.agents"))} value={row.count} invalid={Boolean(problemAt(["staff", row.at, "count"]))} onChange={(count) => set(["staff", row.at, "count"], Math.round(count ?? 0))} /> },
        {
          id: "shift", header: t("sim.shift"), width: 150,
          cell: (row) => <TextBox label={name(row, t("sim.shift"))} value={row.shift} placeholder={t("sim.allDay")} invalid={Boolean(problemAt(["staff", row.at, "shift"]))} onChange={(text) => set(["staff", row.at, "shift"], text.trim() || undefined)} />,
        },
        {
          id: "breaks", header: t("sim.breaks"), minWidth: 190,
          cell: (row) => (
            <TextBox
              label={name(row, t("sim.breaks"))} value={row.breaks.join(", ")} placeholder={t("sim.noBreaks")} invalid={Boolean(problemAt(["staff", row.at, "breaks"]))}
              onChange={(text) => {
                const spans = text.split(",").map((one) => one.trim()).filter(Boolean);
                set(["staff", row.at, "breaks"], spans.length ? spans : undefined);
              }}
            />
          ),
        },
        { id: "miss", header: t("sim.miss"), width: 120, cell: (row) => <NumberBox label={name(row, t("sim.miss"))} value={row.miss * 100} step={0.5} invalid={Boolean(problemAt(["staff", row.at, "miss"]))} onChange={(share) => set(["staff", row.at, "miss"], Math.min((share ?? 0) / 100, 1) || undefined)} /> },
        { id: "skills", header: t("sim.skills"), cell: (row) => Object.entries(row.skills).map(([skill, level]) => `${skill} ${level}`).join(", ") || "–" },
        {
          id: "actions", header: <span className="visually-hidden">{t("field.actions")}</span>, width: 90,
          cell: (row) => (
            <span className="sim-row-actions">
              <Button variant="icon" iconName="copy" ariaLabel={name(row, t("action.copy"))} onClick={() => set(["staff"], [...groups().slice(0, row.at + 1), groups()[row.at], ...groups().slice(row.at + 1)])} />
              <Button variant="icon" iconName="remove" ariaLabel={name(row, t("action.remove"))} onClick={() => set(["staff"], groups().filter((_, at) => at !== row.at))} />
            </span>
          ),
        },
      ]}
      empty={<Box textAlign="center" color="inherit">{t("sim.nobody")}</Box>}
      footer={
        <div className="sim-foot">
          <Button iconName="add-plus" disabled={!profiles.length} onClick={() => set(["staff"], [...groups(), { profile: profiles[0]!.value, count: 1 }])}>{t("sim.addStaff")}</Button>
          <Box color="text-body-secondary">{t("sim.totalAgents", { count: total })}</Box>
        </div>
      }
    />
  );
}
