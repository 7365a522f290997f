import { useState, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { switchroom } from "../../api";
import type { DescribeHomeResponse } from "../../api/switchroom";
import { useI18n, type TextKey } from "../../i18n";
import { usePolling } from "../../shared/hooks";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { resources } from "../resources";

const EVERY_SECONDS = 10;

const STEPS: Record<string, { text: TextKey; href: string }> = {
  CLAIM_NUMBER: { text: "home.number", href: "#/r/phone-numbers" },
  HOURS: { text: "home.hours", href: "#/r/hours" },
  QUEUE: { text: "home.queue", href: "#/r/queues" },
  FLOW: { text: "home.flow", href: "#/r/flows" },
  ROUTING_PROFILE: { text: "home.routing", href: "#/r/routing-profiles" },
  USERS: { text: "home.users", href: "#/r/users" },
  TEST_CHAT: { text: "home.test", href: "/test-chat" },
};

/** The guide for setting up, the moment in numbers, and what there is. */
export function HomePage(): ReactNode {
  const { t, number, duration } = useI18n();
  const session = useSession();
  const notices = useNotices();
  const [home, setHome] = useState<DescribeHomeResponse | null>(null);
  usePolling(() => {
    switchroom("DescribeHome", { InstanceId: session.instanceId }).then(setHome, (error: unknown) => !home && notices.failure(error));
  }, EVERY_SECONDS);

  const live = home?.Live;
  const figure = (label: TextKey, value: string | undefined): ReactNode => (
    <div>
      <Box variant="awsui-key-label">{t(label)}</Box>
      <Box fontSize="display-l" fontWeight="bold"><span className="tabular">{value ?? "–"}</span></Box>
    </div>
  );
  const count = (value: number | undefined): string | undefined => (value === undefined ? undefined : number(value));

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t("home.instance", { alias: session.instance.Alias ?? session.instanceId })}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button href="/test-chat" target="_blank" iconName="external" iconAlign="right">{t("home.testChat")}</Button>
            {session.may("BasicAgentAccess") && <Button href="/workspace" variant="primary" iconName="call">{t("top.workspace")}</Button>}
          </SpaceBetween>
        }
      >
        {t("home.title")}
      </Header>
      {session.may("AccessMetrics", "AccessMetrics.RealTimeMetrics.Access") && (
        <Container header={<Header variant="h2" actions={<Link href="#/realtime">{t("realtime.title")}</Link>}>{t("home.now")}</Header>}>
          <ColumnLayout columns={4} variant="text-grid">
            {figure("home.inQueue", count(live?.ContactsInQueue))}
            {figure("home.oldest", live?.OldestContactAge === undefined ? undefined : duration(live.OldestContactAge))}
            {figure("home.active", count(live?.ContactsActive))}
            {figure("home.online", live && `${count(live.AgentsAvailable) ?? 0} / ${count(live.AgentsOnline) ?? 0}`)}
          </ColumnLayout>
        </Container>
      )}
      <ColumnLayout columns={2}>
        <Container fitHeight header={<Header variant="h2">{t("home.guide")}</Header>}>
          <ol className="steps">
            {(home?.Checklist ?? []).map((step) => {
              const known = STEPS[step.Key];
              return (
                known && (
                  <li key={step.Key}>
                    <StatusIndicator type={step.Done ? "success" : "pending"}>
                      <Link href={known.href}>{t(known.text)}</Link>
                    </StatusIndicator>
                  </li>
                )
              );
            })}
          </ol>
        </Container>
        <Container fitHeight header={<Header variant="h2">{t("home.what")}</Header>}>
          <ColumnLayout columns={2}>
            {(home?.Counts ?? []).map((one) => {
              const resource = resources.find((candidate) => candidate.kind === one.ResourceType);
              return (
                resource && (
                  <div key={one.ResourceType}>
                    <Link href={`#/r/${resource.key}`}>{t(resource.title)}</Link> <Box variant="span" color="text-body-secondary">{number(one.Count)}</Box>
                  </div>
                )
              );
            })}
          </ColumnLayout>
        </Container>
      </ColumnLayout>
    </SpaceBetween>
  );
}
