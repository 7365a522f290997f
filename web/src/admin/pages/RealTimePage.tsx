import { useState, type ReactNode } from "react";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Box from "@cloudscape-design/components/box";
import { useI18n } from "../../i18n";
import { AgentsTable } from "./AgentsTable";
import { QueuesTable } from "./QueuesTable";

const INTERVALS = [5, 15, 30, 60, 0];

/** Queues and agents of this moment. */
export function RealTimePage(): ReactNode {
  const { t, dateTime } = useI18n();
  const [seconds, setSeconds] = useState(5);
  const [updated, setUpdated] = useState<number | undefined>();
  const options = INTERVALS.map((one) => ({ value: String(one), label: one ? t("realtime.every", { seconds: one }) : t("realtime.never") }));
  const done = (): void => setUpdated(Date.now() / 1000);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            <Box color="text-body-secondary">{t("realtime.updated", { time: dateTime(updated) })}</Box>
            <Select ariaLabel={t("realtime.interval")} options={options} selectedOption={options.find((one) => one.value === String(seconds))!} onChange={({ detail }) => setSeconds(Number(detail.selectedOption.value))} />
          </SpaceBetween>
        }
      >
        {t("realtime.title")}
      </Header>
      <QueuesTable seconds={seconds} onLoaded={done} />
      <AgentsTable seconds={seconds} onLoaded={done} />
    </SpaceBetween>
  );
}
