import { type ReactNode } from "react";
import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import Icon, { type IconProps } from "@cloudscape-design/components/icon";
import type { AgentContact, CallLeg } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNow } from "../hooks";
import type { CallActions } from "./actions";
import { partiesOf } from "./call";
import { showNumber } from "./numbers";

const ICONS: Record<CallLeg["Kind"], IconProps.Name> = { CUSTOMER: "user-profile", AGENT: "user-profile-active", THIRD_PARTY: "call", SUPERVISOR: "group-active" };

/** Everybody on the call with what may be done to each; the customer on top (DESK-65). */
export function Participants({ contact, skew, actions }: { contact: AgentContact; skew: number; actions: CallActions }): ReactNode {
  const { t } = useI18n();
  const parties = partiesOf(contact);
  return (
    <ul className="parties" aria-label={t("voice.participants")}>
      {parties.map((leg) => (
        <Party key={leg.LegId} leg={leg} contact={contact} skew={skew} actions={actions} />
      ))}
    </ul>
  );
}

/** What to call a party in the list. */
export function useLegName(): (leg: CallLeg, contact: AgentContact) => string {
  const { t, code } = useI18n();
  return (leg, contact) => {
    if (leg.Own) return t("voice.you");
    if (leg.Kind === "CUSTOMER") return leg.Name || contact.CustomerName || showNumber(leg.PhoneNumber) || t("contact.unnamed");
    return leg.QuickConnect || leg.Name || showNumber(leg.PhoneNumber) || leg.Username || code("voice.kind", leg.Kind);
  };
}

function Party({ leg, contact, skew, actions }: { leg: CallLeg; contact: AgentContact; skew: number; actions: CallActions }): ReactNode {
  const { t, code, duration } = useI18n();
  const now = useNow(skew);
  const name = useLegName()(leg, contact);
  const state = leg.Held && leg.State === "connected" ? "held" : leg.State;
  const number = showNumber(leg.PhoneNumber);
  const severalOthers = (contact.Call?.Legs.length ?? 0) > 2;
  return (
    <li className={`party party-${state}`}>
      <span className="party-face" aria-hidden="true">
        <Icon name={ICONS[leg.Kind]} />
      </span>
      <div className="party-text">
        <span className="party-name">
          {name}
          {leg.Muted && <Badge color="grey">{t(leg.ForcedMute ? "voice.mutedBySupervisor" : "voice.muted")}</Badge>}
        </span>
        <span className="dim small">
          {code("voice.kind", leg.Kind)}
          {number && number !== name ? ` · ${number}` : ""}
        </span>
      </div>
      <span className="party-state">
        <span className="party-dot" aria-hidden="true" />
        {code("voice.leg", state)} <span className="tabular dim">{duration(now - leg.Since)}</span>
      </span>
      <span className="party-actions">
        {leg.CanMute && !leg.Own && (
          <Button
            variant="icon"
            iconName={leg.Muted ? "microphone" : "microphone-off"}
            ariaLabel={t(leg.Muted ? "voice.unmuteOf" : "voice.muteOf", { name })}
            onClick={() => actions.mute(contact, !leg.Muted, leg)}
          />
        )}
        {severalOthers && leg.CanHold && <Button variant="icon" iconName="pause" ariaLabel={t("voice.holdOf", { name })} onClick={() => actions.hold(contact, leg)} />}
        {severalOthers && leg.CanResume && <Button variant="icon" iconName="play" ariaLabel={t("voice.resumeOf", { name })} onClick={() => actions.resume(contact, leg)} />}
        {severalOthers && leg.CanDrop && !leg.Own && (
          <Button variant="icon" iconName="close" ariaLabel={t("voice.dropOf", { name })} onClick={() => actions.drop(contact, leg)} />
        )}
      </span>
    </li>
  );
}
