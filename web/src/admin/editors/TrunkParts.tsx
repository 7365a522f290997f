import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Popover from "@cloudscape-design/components/popover";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Toggle from "@cloudscape-design/components/toggle";
import { switchroom } from "../../api";
import type { Trunk } from "../../api/switchroom";
import { useI18n, type TextKey } from "../../i18n";
import { goTo, usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { healthOf, type Health } from "../trunkHealth";

export const CHANGE = "PhoneNumbers.Release";
export const REFRESH_SECONDS = 5;

const PICTURES: Record<Health, { type: StatusIndicatorProps.Type; text: TextKey }> = {
  off: { type: "stopped", text: "trunks.health.off" },
  waiting: { type: "pending", text: "trunks.health.waiting" },
  unregistered: { type: "error", text: "trunks.health.unregistered" },
  unreachable: { type: "error", text: "trunks.health.unreachable" },
  registered: { type: "success", text: "trunks.health.registered" },
  reachable: { type: "success", text: "trunks.health.reachable" },
  ready: { type: "success", text: "trunks.health.ready" },
};

/** How a trunk fares: registered, reachable and how fast, calls now, the last error. */
export function TrunkPicture({ trunk }: { trunk: Trunk }): ReactNode {
  const { t, number, dateTime } = useI18n();
  const state = healthOf(trunk);
  const { type, text } = PICTURES[state.health];
  const parts = [t(text)];
  if (type === "success" && state.roundTrip !== undefined) parts.push(t("trunks.roundTrip", { ms: number(state.roundTrip) }));
  if (state.calls) parts.push(t("trunks.callsNow", { count: state.calls }));
  const error = trunk.Enabled !== false && state.error;
  return (
    <div>
      <StatusIndicator type={type}>{parts.join(" · ")}</StatusIndicator>
      {error && type === "error" && <Box fontSize="body-s" color="text-status-error">{error}</Box>}
      {error && type !== "error" && (
        <div>
          <Popover dismissButton={false} size="medium" header={dateTime(state.errorAt)} content={error}>
            <Box fontSize="body-s" color="text-body-secondary">{t("trunks.lastError")}</Box>
          </Popover>
        </div>
      )}
    </div>
  );
}

/** The picture of one trunk, kept fresh. */
export function TrunkState({ id }: { id: string }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const [trunk, setTrunk] = useState<Trunk | null>(null);
  usePolling(() => void switchroom("DescribeTrunk", { InstanceId: instanceId, TrunkId: id }).then((answer) => setTrunk(answer.Trunk ?? null), () => undefined), REFRESH_SECONDS);
  return <FormField label={t("trunks.state")}>{trunk ? <TrunkPicture trunk={trunk} /> : "–"}</FormField>;
}

/** Switches a trunk on and off from the list. */
export function TrunkSwitch({ trunk }: { trunk: Trunk }): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [on, setOn] = useState(trunk.Enabled !== false);
  const [busy, setBusy] = useState(false);
  useEffect(() => setOn(trunk.Enabled !== false), [trunk]);
  const turn = async (Enabled: boolean): Promise<void> => {
    setOn(Enabled);
    setBusy(true);
    try {
      await switchroom("UpdateTrunk", { InstanceId: instanceId, TrunkId: trunk.TrunkId!, Enabled });
    } catch (error) {
      setOn(!Enabled);
      notices.failure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Toggle checked={on} disabled={busy || !may(CHANGE)} ariaLabel={t("trunks.use", { name: trunk.Name ?? "" })} onChange={({ detail }) => void turn(detail.checked)}>
      {t(on ? "common.on" : "common.off")}
    </Toggle>
  );
}

interface SecretProps {
  label: TextKey;
  value: string;
  kept: boolean;
  disabled: boolean;
  problem?: string;
  onChange: (value: string) => void;
}

/** A password that is never shown again: empty keeps the present one. */
export function SecretInput({ label, value, kept, disabled, problem, onChange }: SecretProps): ReactNode {
  const { t } = useI18n();
  return (
    <FormField label={t(label)} description={t(kept ? "trunks.secretKept" : "trunks.secretNone")} errorText={problem}>
      <Input type="password" value={value} disabled={disabled} autoComplete="new-password" placeholder={kept ? "••••••••" : undefined} onChange={({ detail }) => onChange(detail.value.slice(0, 256))} />
    </FormField>
  );
}

/** What a trunk is, and how to begin. */
export function NoTrunks(): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [busy, setBusy] = useState(false);
  const loopback = async (): Promise<void> => {
    setBusy(true);
    try {
      const made = await switchroom("CreateTrunk", { InstanceId: instanceId, Name: t("trunks.loopbackName"), Loopback: true });
      notices.success(t("form.created", { name: made.Trunk!.Name! }));
      goTo("r", "trunks", made.Trunk!.TrunkId!);
    } catch (error) {
      notices.failure(error);
      setBusy(false);
    }
  };
  return (
    <Box textAlign="center" padding="l" color="inherit">
      <SpaceBetween size="m">
        <b>{t("trunks.none")}</b>
        <Box color="inherit">{t("trunks.noneText")}</Box>
        <Box color="inherit">{t("trunks.noneDemo")}</Box>
        {may(CHANGE) && (
          <div className="centred-row">
            <Button onClick={() => goTo("r", "trunks", "new")}>{t("trunks.add")}</Button>
            <Button loading={busy} onClick={() => void loopback()}>{t("trunks.loopbackTry")}</Button>
          </div>
        )}
      </SpaceBetween>
    </Box>
  );
}

/** What the loopback does, and what it does to the open door of a demo. */
export function LoopbackNote(): ReactNode {
  const { t } = useI18n();
  return <Alert type="info">{t("trunks.loopbackNote")}</Alert>;
}
