import { type ReactNode } from "react";
import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import Icon from "@cloudscape-design/components/icon";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { AgentContact } from "../api/switchroom";
import { useI18n } from "../i18n";
import { useNow } from "../shared/hooks";
import { phaseOf } from "../shared/voice/call";
import { showNumber } from "../shared/voice/numbers";
import { RoundButton } from "../shared/voice/RoundButton";
import { ACW, iconOf, isClearable, isOffered, titleOf } from "./contacts";

interface Props {
  contacts: AgentContact[];
  selected: string;
  skew: number;
  /** Calls ring a telephone on the desk, which is where they are answered. */
  deskPhone: boolean;
  unread: (contactId: string) => number;
  onSelect: (contactId: string) => void;
  onAccept: (contact: AgentContact) => void;
  onReject: (contact: AgentContact) => void;
  onClear: (contact: AgentContact) => void;
}

/** Every contact on the desk: offers first, with their countdown. */
export function Inbox(props: Props): ReactNode {
  const { t } = useI18n();
  const offers = props.contacts.filter(isOffered);
  const others = props.contacts.filter((contact) => !isOffered(contact));
  return (
    <nav className="inbox" aria-label={t("inbox.title")}>
      <div aria-live="assertive">
        {offers.map((contact) => (
          <Offer key={contact.ContactId} contact={contact} {...props} />
        ))}
      </div>
      <ul>
        {others.map((contact) => (
          <Row key={contact.ContactId} contact={contact} {...props} />
        ))}
      </ul>
    </nav>
  );
}

function Offer({ contact, skew, deskPhone, onAccept, onReject }: Props & { contact: AgentContact }): ReactNode {
  const { t, code } = useI18n();
  const now = useNow(skew);
  const expires = contact.OfferExpiresAt ?? now;
  const left = Math.max(0, expires - now);
  const whole = Math.max(1, expires - contact.StateStart);
  const voice = contact.Channel === "VOICE";
  const what = voice ? t(contact.Callback ? "voice.incomingCallback" : "voice.incoming") : t("offer.incoming", { channel: code("channel", contact.Channel) });
  const title = titleOf(contact, t("contact.unnamed"));
  const number = showNumber(contact.CustomerEndpoint);
  return (
    <section className="offer" aria-label={what}>
      <div className="offer-head">
        <Icon name={iconOf(contact)} size="medium" />
        <div>
          <strong>{title}</strong>
          {voice && number && number !== title && <div>{number}</div>}
          <div className="dim">
            {what}
            {contact.Queue?.Name ? ` · ${contact.Queue.Name}` : ""}
          </div>
          {contact.TransferredFrom && <div className="dim">{t("offer.from", { name: contact.TransferredFrom })}</div>}
        </div>
        <span className="countdown tabular" aria-hidden="true">
          {Math.ceil(left)}
        </span>
      </div>
      {contact.Channel === "TASK" && contact.Description && <p className="clip">{contact.Description}</p>}
      <div className="bar" role="timer" aria-label={t("offer.left", { seconds: Math.ceil(left / 5) * 5 })}>
        <span style={{ width: `${(left / whole) * 100}%` }} />
      </div>
      {voice && deskPhone && <p className="clip">{t("voice.deskPhoneRings")}</p>}
      {voice ? (
        <div className="offer-call">
          <RoundButton icon="hangup" tone="bad" label={t("offer.reject")} shortcut="Alt+R" onClick={() => onReject(contact)} />
          {!(deskPhone && !contact.Callback) && (
            <RoundButton
              icon="accept"
              tone="good"
              label={t(contact.Callback ? "voice.acceptCallback" : "voice.accept")}
              shortcut="Alt+A"
              onClick={() => onAccept(contact)}
            />
          )}
        </div>
      ) : (
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" onClick={() => onAccept(contact)}>
            {t(contact.Channel === "TASK" ? "offer.acceptTask" : "offer.acceptChat")}
          </Button>
          <Button onClick={() => onReject(contact)}>{t("offer.reject")}</Button>
        </SpaceBetween>
      )}
    </section>
  );
}

function Row({ contact, selected, skew, unread, onSelect, onClear }: Props & { contact: AgentContact }): ReactNode {
  const { t, code, duration } = useI18n();
  const now = useNow(skew);
  const current = contact.ContactId === selected;
  const count = unread(contact.ContactId);
  const state = contact.Channel === "VOICE" ? t(`voice.phase.${phaseOf(contact)}`, { name: contact.Monitoring?.AgentName ?? "" }) : code("contactState", contact.State);
  return (
    <li className={current ? "row selected" : "row"}>
      <button type="button" className="row-main" aria-current={current} onClick={() => onSelect(contact.ContactId)}>
        <Icon name={iconOf(contact)} />
        <span className="row-text">
          <span className="row-title">{titleOf(contact, t("contact.unnamed"))}</span>
          <span className={`row-state state-${contact.State.toLowerCase()}`}>
            {contact.State === ACW && <Icon name="status-pending" size="small" />}{" "}
            {state}
            {contact.Queue?.Name ? ` · ${contact.Queue.Name}` : ""}
          </span>
        </span>
        <span className="row-side">
          <span className="tabular dim">{duration(now - contact.StateStart)}</span>
          {count > 0 && (
            <Badge color="red">
              {count}
              <span className="visually-hidden"> {t("inbox.unread")}</span>
            </Badge>
          )}
        </span>
      </button>
      {isClearable(contact) && !current && (
        <Button variant="inline-icon" iconName="close" ariaLabel={t("action.clearOf", { name: titleOf(contact, state) })} onClick={() => onClear(contact)} />
      )}
    </li>
  );
}
