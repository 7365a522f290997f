import { type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import Icon from "@cloudscape-design/components/icon";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { AgentContact } from "../api/switchroom";
import { useI18n } from "../i18n";
import { useNow } from "../shared/hooks";
import { isCall, phaseOf } from "../shared/voice/call";
import { ACW, isClearable, isLive, titleOf } from "./contacts";

export interface ContactActions {
  end: (contact: AgentContact) => void;
  clear: (contact: AgentContact) => void;
  transfer: (contact: AgentContact) => void;
  pause: (contact: AgentContact) => void;
  resume: (contact: AgentContact) => void;
}

interface Props {
  contact: AgentContact;
  skew: number;
  actions: ContactActions;
}

/** Head of a contact: who, in which state for how long, and what can be done with it. */
export function ContactBar({ contact, skew, actions }: Props): ReactNode {
  const { t, code, duration } = useI18n();
  const now = useNow(skew);
  const task = contact.Channel === "TASK";
  const call = contact.Channel === "VOICE";
  return (
    <header className="contact-bar">
      <div>
        <h2>{titleOf(contact, t("contact.unnamed"))}</h2>
        <div className="dim">
          <span className={`state-${contact.State.toLowerCase()}`}>
            {contact.State === ACW && <Icon name="status-pending" size="small" />}{" "}
            {call ? t(`voice.phase.${phaseOf(contact)}`) : code("contactState", contact.State)}
          </span>{" "}
          <span className="tabular">{duration(now - contact.StateStart)}</span>
          {contact.State === ACW && contact.AcwExpiresAt !== undefined && (
            <span className="tabular"> · {t("acw.closes", { time: duration(contact.AcwExpiresAt - now) })}</span>
          )}
          {contact.InitiationTimestamp !== undefined && (isLive(contact) || isCall(contact)) && (
            <span className="tabular"> · {t("contact.total", { time: duration(now - contact.InitiationTimestamp) })}</span>
          )}
        </div>
      </div>
      <SpaceBetween direction="horizontal" size="xs">
        {isLive(contact) && !call && !contact.Monitoring && (
          <Button iconName="share" onClick={() => actions.transfer(contact)}>
            {t("action.transfer")}
          </Button>
        )}
        {task && contact.State === "CONNECTED" && <Button onClick={() => actions.pause(contact)}>{t("action.pause")}</Button>}
        {task && contact.State === "PAUSED" && (
          <Button variant="primary" onClick={() => actions.resume(contact)}>
            {t("action.resume")}
          </Button>
        )}
        {isLive(contact) && !call && (
          <Button onClick={() => actions.end(contact)}>{t(contact.Monitoring ? "voice.stopMonitoring" : task ? "action.endTask" : "action.endChat")}</Button>
        )}
        {isClearable(contact) && (
          <Button variant="primary" onClick={() => actions.clear(contact)}>
            {t("action.clear")}
          </Button>
        )}
      </SpaceBetween>
    </header>
  );
}
