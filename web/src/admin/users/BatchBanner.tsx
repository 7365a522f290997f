import { useEffect, useRef, useState, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../../api";
import type { UserBatch } from "../../api/switchroom";
import { useI18n, type I18n } from "../../i18n";
import { downloadText } from "../../shared/download";
import { goTo, usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { newlyEnded, overview, processed } from "./batches";
import { keepChosen } from "./chosen";

const BUSY_SECONDS = 1;
const IDLE_SECONDS = 15;
const MOST = 50;
const MOST_APART = 3;

interface Props {
  /** Called when batches have come to their end. */
  onEnded: () => void;
  /** Changes when somebody has started a batch. */
  started?: number;
}

/** What becomes of additions, edits and deletions of many users: the one at work, those behind it, those that are over (USER-11..19). */
export function BatchBanner({ onEnded, started = 0 }: Props): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const notices = useNotices();
  const [batches, setBatches] = useState<UserBatch[]>([]);
  const before = useRef<UserBatch[] | null>(null);
  const { current, waiting, ended } = overview(batches);

  const look = async (): Promise<void> => {
    const answer = await switchroom("ListUserBatches", { InstanceId: instanceId, MaxResults: MOST });
    const done = before.current ? newlyEnded(before.current, answer.Batches) : [];
    before.current = answer.Batches;
    setBatches(answer.Batches);
    if (done.length) onEnded();
  };
  usePolling(() => void look().catch(() => undefined), current ? BUSY_SECONDS : IDLE_SECONDS);
  useEffect(() => {
    if (started) void look().catch(() => undefined);
  }, [started]);
  const act = (work: Promise<unknown>): void => void work.then(look).catch(notices.failure);

  const items: FlashbarProps.MessageDefinition[] = [];
  if (current) {
    items.push({
      id: current.BatchId,
      type: "in-progress",
      loading: true,
      content: <Running batch={current} waiting={waiting} />,
      action: <Button onClick={() => act(switchroom("CancelUserBatch", { InstanceId: instanceId, BatchId: current.BatchId }))}>{t("action.cancel")}</Button>,
    });
  }
  for (const batch of ended) {
    items.push({
      id: batch.BatchId,
      type: batch.Failed ? (batch.Succeeded ? "warning" : "error") : batch.State === "CANCELLED" ? "info" : "success",
      header: batch.Failed ? t("batch.failedTitle", { count: batch.Failed }) : undefined,
      content: outcome(batch, t),
      action: batch.Failed ? <FailureActions batch={batch} act={act} /> : undefined,
      dismissible: true,
      dismissLabel: t("batch.dismiss"),
      onDismiss: () => act(switchroom("DismissUserBatch", { InstanceId: instanceId, BatchId: batch.BatchId })),
    });
  }
  return items.length ? <Flashbar items={items} stackItems={items.length > MOST_APART} /> : null;
}

function outcome(batch: UserBatch, t: I18n["t"]): string {
  const counts = { done: batch.Succeeded, failed: batch.Failed, total: batch.Total };
  const text = t(`batch.${batch.Kind}.done`, counts);
  return batch.State === "CANCELLED" ? t("batch.cancelled", { text, left: batch.Total - processed(batch) }) : text;
}

function Running({ batch, waiting }: { batch: UserBatch; waiting: UserBatch[] }): ReactNode {
  const { t } = useI18n();
  const behind = waiting.map((one) => t(`batch.${one.Kind}.waiting`, { total: one.Total })).join(t("batch.and"));
  return (
    <ProgressBar
      variant="flash"
      value={batch.Total ? (100 * processed(batch)) / batch.Total : 0}
      label={t(`batch.${batch.Kind}.running`)}
      description={t("batch.leave")}
      additionalInfo={[t("batch.progress", { done: processed(batch), total: batch.Total }), behind && t("batch.behind", { text: behind })].filter(Boolean).join(" ")}
    />
  );
}

function FailureActions({ batch, act }: { batch: UserBatch; act: (work: Promise<unknown>) => void }): ReactNode {
  const { t } = useI18n();
  const { instanceId } = useSession();
  const at = { InstanceId: instanceId, BatchId: batch.BatchId };
  const download = async (): Promise<void> => downloadText(`users-${batch.Kind.toLowerCase()}-failed.csv`, "text/csv", (await switchroom("DescribeUserBatch", at)).FailuresCsv);
  const edit = async (): Promise<void> => {
    const { Failures } = await switchroom("DescribeUserBatch", at);
    keepChosen(Failures.flatMap((one) => one.UserId ?? []));
    goTo("r", "users", "edit", batch.BatchId);
  };
  const again = async (): Promise<void> => {
    await switchroom("RetryUserBatch", at);
    await switchroom("DismissUserBatch", at);
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => act(download())}>{t("users.download")}</Button>
      <Button onClick={() => act(again())}>{t("batch.again")}</Button>
      {batch.Kind === "EDIT" && <Button onClick={() => act(edit())}>{t("action.edit")}</Button>}
    </SpaceBetween>
  );
}
