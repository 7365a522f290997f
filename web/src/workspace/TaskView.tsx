import { type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Box from "@cloudscape-design/components/box";
import type { AgentContact, Reference } from "../api/switchroom";
import { useI18n } from "../i18n";

/** A task: what is to be done and where to look. */
export function TaskView({ contact }: { contact: AgentContact }): ReactNode {
  const { t, dateTime } = useI18n();
  const references = Object.entries(contact.References ?? {});
  return (
    <div className="task">
      <SpaceBetween size="l">
        {contact.State === "PAUSED" && <Alert type="info">{t("task.paused")}</Alert>}
        <div>
          <Box variant="awsui-key-label">{t("task.description")}</Box>
          <p className="description">{contact.Description || "–"}</p>
        </div>
        <KeyValuePairs
          columns={2}
          items={[
            ...(contact.TaskTemplate?.Name ? [{ label: t("task.template"), value: contact.TaskTemplate.Name }] : []),
            ...(contact.ScheduledTime !== undefined ? [{ label: t("task.scheduled"), value: dateTime(contact.ScheduledTime) }] : []),
            ...(contact.ExpiresAt !== undefined ? [{ label: t("task.expires"), value: dateTime(contact.ExpiresAt) }] : []),
            ...references.map(([name, reference]) => ({ label: name, value: <ReferenceValue reference={reference} answers={contact.TaskTemplate !== undefined} /> })),
          ]}
        />
      </SpaceBetween>
    </div>
  );
}

interface ValueProps {
  reference: Reference;
  /** "true" and "false" are answers to yes-or-no questions of a template. */
  answers?: boolean;
}

export function ReferenceValue({ reference, answers }: ValueProps): ReactNode {
  const { t, dateTime } = useI18n();
  const { Type: type, Value: value } = reference;
  if (type === "URL" && /^https?:\/\//i.test(value)) {
    return (
      <Link href={value} external>
        {value}
      </Link>
    );
  }
  if (type === "EMAIL") return <Link href={`mailto:${value}`}>{value}</Link>;
  if (type === "DATE") {
    const at = /^\d+$/.test(value) ? Number(value) : Date.parse(value) / 1000;
    if (!Number.isNaN(at)) return dateTime(at);
  }
  if (answers && type === "STRING" && (value === "true" || value === "false")) return t(value === "true" ? "common.yes" : "common.no");
  return value ? <span className="description">{value}</span> : "–";
}
