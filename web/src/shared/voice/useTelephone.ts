import { useEffect, useState, useSyncExternalStore } from "react";
import { switchroom } from "../../api";
import type { AgentSnapshot } from "../../api/switchroom";
import { Telephone, type TelephoneView } from "./telephone";

export interface TelephoneHandle extends TelephoneView {
  phone: Telephone;
}

/** The telephone of a signed-in agent, fed with the desk's snapshots; it carries no sound unless `enabled`. */
export function useTelephone(snapshot: AgentSnapshot, enabled = true): TelephoneHandle {
  const [phone] = useState(() => telephoneOf(snapshot.UserId));
  useEffect(() => {
    if (!enabled) return;
    phone.start();
    return () => phone.close();
  }, [phone, enabled]);
  useEffect(() => phone.update(snapshot), [phone, snapshot]);
  const view = useSyncExternalStore(phone.subscribe, phone.current);
  return { ...view, phone };
}

function telephoneOf(user: string): Telephone {
  return new Telephone(user, {
    exchange: async (ContactId, Offer) => (await switchroom("JoinContactMedia", { ContactId, Offer })).Answer,
    report: (ContactId, figures) =>
      void switchroom("ReportCallQuality", {
        ContactId,
        RoundTripTime: figures.roundTrip,
        Jitter: figures.jitter,
        PacketsReceived: figures.received,
        PacketsLost: figures.lost,
        JitterBufferDelay: figures.bufferDelay,
      }).catch(() => {}),
  });
}
