import { useCallback, useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { connect } from "../../api";
import type { AssociatedContactSummary, Contact, ReferenceSummary } from "../../api/connect";
import { useI18n } from "../../i18n";
import { errorText } from "../../shared/errors";
import { useSession } from "../../shared/session";
import { MonitorButton } from "../MonitorButton";
import { Recordings } from "../recordings/Recordings";
import { ORIGINAL } from "../recordings/rights";
import { TranscriptDownload } from "../recordings/TranscriptDownload";
import { NameOf } from "../sources";
import { ContactActions } from "./ContactActions";
import { FlowLog } from "./FlowLog";
import { FunctionLog } from "./FunctionLog";
import { StoredTranscript } from "./StoredTranscript";
import { Timeline } from "./Timeline";

/** Everything kept of one contact: record, timeline, transcript, attributes, flow log. */
export function ContactPage({ id }: { id: string }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId, user, may } = useSession();
  const [contact, setContact] = useState<Contact | null>(null);
  const [attributes, setAttributes] = useState<Record<string, string>>({});
  const [references, setReferences] = useState<ReferenceSummary[]>([]);
  const [linked, setLinked] = useState<AssociatedContactSummary[]>([]);
  const [problem, setProblem] = useState("");
  const [version, setVersion] = useState(0);

  const load = useCallback(async () => {
    setProblem("");
    try {
      const { Contact: found } = await connect("DescribeContact", { InstanceId: instanceId, ContactId: id });
      setContact(found!);
      const [given, listed, associated] = await Promise.all([
        connect("GetContactAttributes", { InstanceId: instanceId, InitialContactId: found!.InitialContactId ?? id }).catch(() => null),
        connect("ListContactReferences", { InstanceId: instanceId, ContactId: id, ReferenceTypes: ["URL", "NUMBER", "STRING", "DATE", "EMAIL", "ATTACHMENT"] }).catch(() => null),
        connect("ListAssociatedContacts", { InstanceId: instanceId, ContactId: id }).catch(() => null),
      ]);
      setAttributes(found!.Attributes ?? given?.Attributes ?? {});
      setReferences(listed?.ReferenceSummaryList ?? []);
      setLinked(associated?.ContactSummaryList ?? []);
      setVersion((now) => now + 1);
    } catch (error) {
      setProblem(errorText(error, t));
    }
  }, [instanceId, id, t]);
  useEffect(() => void load(), [load]);

  if (problem) return <Alert type="error" header={t("contacts.notFound")}>{problem}</Alert>;
  if (!contact) return <Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>;

  const open = contact.DisconnectTimestamp === undefined;
  const readable = may(...ORIGINAL) || contact.AgentInfo?.Id === user.UserId;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={<CopyToClipboard variant="inline" textToCopy={id} copyButtonAriaLabel={t("action.copy")} copySuccessText={t("action.copied")} copyErrorText={t("action.notCopied")} />}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {open && contact.AgentInfo?.ConnectedToAgentTimestamp !== undefined && <MonitorButton contactId={id} channel={contact.Channel} label={t("monitor.start")} />}
            <ContactActions contact={contact} onDone={() => void load()} />
            <Button href={`#/contacts/${encodeURIComponent(id)}/journey`} ariaLabel={t("journey.open")}>{t("journey.title")}</Button>
            <Button iconName="refresh" ariaLabel={t("action.refresh")} onClick={() => void load()} />
          </SpaceBetween>
        }
      >
        {contact.Name || code("channel", contact.Channel)} <Badge color={open ? "blue" : "grey"}>{t(open ? "contacts.inProgress" : "contacts.completed")}</Badge>
        {isPaused(contact) && <> <Badge color="severity-medium">{t("contactState.PAUSED")}</Badge></>}
      </Header>
      <Record contact={contact} linked={linked} />
      {contact.Channel === "VOICE" && <Recordings key={`recordings-${version}`} contactId={id} />}
      <Tabs
        tabs={[
          ...(contact.Channel === "CHAT" ? [{ id: "transcript", label: t("contacts.transcript"), content: (
            <SpaceBetween size="s">
              <TranscriptDownload key={`file-${version}`} contactId={id} />
              {readable ? <StoredTranscript key={version} contactId={id} /> : <Box color="text-body-secondary">{t("contacts.transcriptNotAllowed")}</Box>}
            </SpaceBetween>
          ) }] : []),
          { id: "timeline", label: t("contacts.timeline"), content: <Timeline key={version} contactId={id} /> },
          {
            id: "attributes",
            label: `${t("details.attributes")} (${Object.keys(attributes).length})`,
            content: <Pairs pairs={Object.entries(attributes)} empty={t("details.noAttributes")} />,
          },
          { id: "references", label: `${t("details.references")} (${references.length})`, content: <Pairs pairs={references.map(referencePair)} empty={t("common.noData")} /> },
          { id: "tags", label: t("tags.title"), content: <Pairs pairs={Object.entries(contact.Tags ?? {})} empty={t("tags.none")} /> },
          ...(may("ContactFlows.View") ? [{ id: "log", label: t("contacts.flowLog"), content: <SpaceBetween size="m"><FlowLog key={version} contactId={id} /><FunctionLog key={`functions-${version}`} contactId={id} /></SpaceBetween> }] : []),
          { id: "json", label: "JSON", content: <pre className="record-json">{JSON.stringify(contact, null, 2)}</pre> },
        ]}
      />
    </SpaceBetween>
  );
}

/** A task that is paused now (ROUT-115). */
function isPaused(contact: Contact): boolean {
  const { LastPausedTimestamp: paused, LastResumedTimestamp: resumed, DisconnectTimestamp: ended } = contact;
  return paused !== undefined && ended === undefined && (resumed === undefined || resumed < paused);
}

function referencePair(one: ReferenceSummary): [string, string] {
  const found = Object.values(one).find((value) => value) as { Name?: string; Value?: string } | undefined;
  return [found?.Name ?? "", found?.Value ?? ""];
}

function Pairs({ pairs, empty }: { pairs: [string, string][]; empty: string }): ReactNode {
  if (!pairs.length) return <Box color="text-body-secondary">{empty}</Box>;
  return (
    <Container>
      <KeyValuePairs
        columns={3}
        items={[...pairs].sort(([a], [b]) => a.localeCompare(b)).map(([label, value]) => ({
          label,
          value: /^https?:\/\//.test(value) ? <Link href={value} external>{value}</Link> : value || "–",
        }))}
      />
    </Container>
  );
}

/** Mean opinion scores of both sides, 1 to 5. */
function quality(contact: Contact): string {
  const sides = [contact.QualityMetrics?.Agent, contact.QualityMetrics?.Customer];
  return sides.map((one) => one?.Audio?.QualityScore?.toFixed(1) ?? "–").join(" / ");
}

function Record({ contact, linked }: { contact: Contact; linked: AssociatedContactSummary[] }): ReactNode {
  const { t, code, dateTime, duration } = useI18n();
  const between = (from: number | undefined, to: number | undefined): string => (from === undefined || to === undefined ? "–" : duration(to - from));
  const link = (id: string | undefined): ReactNode => (id ? <Link href={`#/contacts/${id}`}>{id}</Link> : "–");
  const { AgentInfo: agent, QueueInfo: queue } = contact;
  const groups: KeyValuePairsProps.Item[] = [
    {
      type: "group", title: t("contacts.overview"),
      items: [
        { label: t("field.channel"), value: code("channel", contact.Channel) },
        { label: t("field.initiationMethod"), value: code("initiation", contact.InitiationMethod) },
        { label: t("field.initiated"), value: dateTime(contact.InitiationTimestamp) },
        { label: t("field.disconnected"), value: dateTime(contact.DisconnectTimestamp) },
        { label: t("metric.duration"), value: between(contact.InitiationTimestamp, contact.DisconnectTimestamp) },
        { label: t("field.disconnectReason"), value: code("disconnectReason", contact.DisconnectReason) || "–" },
        ...(contact.CustomerEndpoint ? [{ label: t("contacts.customerNumber"), value: contact.CustomerEndpoint.Address }] : []),
        ...(contact.SystemEndpoint ? [{ label: t("contacts.systemNumber"), value: contact.SystemEndpoint.Address }] : []),
        ...(contact.Description ? [{ label: t("field.description"), value: contact.Description }] : []),
        ...(contact.ScheduledTimestamp !== undefined ? [{ label: t("task.scheduled"), value: dateTime(contact.ScheduledTimestamp) }] : []),
      ],
    },
    {
      type: "group", title: t("field.queue"),
      items: [
        { label: t("field.queue"), value: <NameOf source="queues" id={queue?.Id} /> },
        { label: t("contacts.enqueued"), value: dateTime(queue?.EnqueueTimestamp) },
        { label: t("contacts.waited"), value: between(queue?.EnqueueTimestamp, agent?.ConnectedToAgentTimestamp ?? contact.DisconnectTimestamp) },
      ],
    },
    {
      type: "group", title: t("field.agent"),
      items: [
        { label: t("field.agent"), value: <NameOf source="users" id={agent?.Id} /> },
        { label: t("contacts.connected"), value: dateTime(agent?.ConnectedToAgentTimestamp) },
        { label: t("contacts.interaction"), value: between(agent?.ConnectedToAgentTimestamp, contact.DisconnectTimestamp) },
        { label: t("contacts.acw"), value: agent?.AfterContactWorkDuration === undefined ? "–" : duration(agent.AfterContactWorkDuration) },
        ...(agent?.AgentInitiatedHoldDuration ? [{ label: t("contacts.held"), value: duration(agent.AgentInitiatedHoldDuration) }] : []),
        ...(contact.QualityMetrics ? [{ label: t("contacts.quality"), value: quality(contact) }] : []),
        ...(contact.TotalPauseCount
          ? [
              { label: t("contacts.pauseCount"), value: String(contact.TotalPauseCount) },
              { label: t("contacts.pauseTime"), value: duration(contact.TotalPauseDurationInSeconds ?? 0) },
              { label: t("contacts.lastPaused"), value: dateTime(contact.LastPausedTimestamp) },
              { label: t("contacts.lastResumed"), value: dateTime(contact.LastResumedTimestamp) },
              ...(agent?.AgentPauseDurationInSeconds ? [{ label: t("contacts.agentPause"), value: duration(agent.AgentPauseDurationInSeconds) }] : []),
            ]
          : []),
      ],
    },
    {
      type: "group", title: t("contacts.chain"),
      items: [
        { label: t("contacts.initial"), value: link(contact.InitialContactId) },
        { label: t("field.previousContact"), value: link(contact.PreviousContactId) },
        { label: t("field.relatedContact"), value: link(contact.RelatedContactId) },
        ...linked.filter((one) => one.PreviousContactId === contact.Id).map((one) => ({ label: t("contacts.next"), value: link(one.ContactId) })),
        ...linked.filter((one) => one.RelatedContactId === contact.Id).map((one) => ({ label: t("contacts.linked"), value: link(one.ContactId) })),
      ],
    },
  ];
  return (
    <Container>
      <KeyValuePairs columns={4} items={groups} />
    </Container>
  );
}
