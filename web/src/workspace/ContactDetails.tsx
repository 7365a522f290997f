import { type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { AgentContact } from "../api/switchroom";
import { useI18n } from "../i18n";
import { ReferenceValue } from "./TaskView";

/** What is known of a contact: where it came from, its attributes and references. */
export function ContactDetails({ contact }: { contact: AgentContact }): ReactNode {
  const { t, code, dateTime } = useI18n();
  const attributes = Object.entries(contact.Attributes ?? {}).sort(([a], [b]) => a.localeCompare(b));
  const references = contact.Channel === "TASK" ? [] : Object.entries(contact.References ?? {});
  const copy = (value: string): ReactNode => (
    <CopyToClipboard variant="inline" textToCopy={value} copyButtonAriaLabel={t("action.copy")} copySuccessText={t("action.copied")} copyErrorText={t("action.notCopied")} />
  );
  return (
    <aside className="details" aria-label={t("details.title")}>
      <ExpandableSection headerText={t("details.contact")} defaultExpanded>
        <KeyValuePairs
          columns={1}
          items={[
            { label: t("field.channel"), value: code("channel", contact.Channel) },
            ...(contact.CustomerName ? [{ label: t("field.customer"), value: contact.CustomerName }] : []),
            { label: t("field.queue"), value: contact.Queue?.Name ?? "–" },
            { label: t("field.initiationMethod"), value: code("initiation", contact.InitiationMethod) || "–" },
            { label: t("field.initiated"), value: dateTime(contact.InitiationTimestamp) },
            { label: t("field.contactId"), value: copy(contact.ContactId) },
            ...(contact.RelatedContactId ? [{ label: t("field.relatedContact"), value: copy(contact.RelatedContactId) }] : []),
            ...(contact.PreviousContactId ? [{ label: t("field.previousContact"), value: copy(contact.PreviousContactId) }] : []),
          ]}
        />
      </ExpandableSection>
      <ExpandableSection headerText={t("details.attributes")} headerCounter={`(${attributes.length})`} defaultExpanded>
        {attributes.length ? (
          <KeyValuePairs columns={1} items={attributes.map(([name, value]) => ({ label: name, value: value || "–" }))} />
        ) : (
          <Box color="text-body-secondary">{t("details.noAttributes")}</Box>
        )}
      </ExpandableSection>
      {references.length > 0 && (
        <ExpandableSection headerText={t("details.references")} headerCounter={`(${references.length})`} defaultExpanded>
          <KeyValuePairs columns={1} items={references.map(([name, reference]) => ({ label: name, value: <ReferenceValue reference={reference} /> }))} />
        </ExpandableSection>
      )}
    </aside>
  );
}
