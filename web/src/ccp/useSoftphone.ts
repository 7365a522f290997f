import { useEffect, useRef } from "react";
import type { AgentContact, AgentSnapshot } from "../api/switchroom";
import { SOFTPHONE_ERRORS } from "../shared/voice/faults";
import type { TelephoneHandle } from "../shared/voice/useTelephone";
import type { Agent } from "../workspace/useAgent";
import type { Dialog } from "./Dialogs";
import { Event } from "./protocol";
import type { Embedding } from "./useBridge";

interface Given {
  agent: Agent;
  snapshot: AgentSnapshot;
  telephone: TelephoneHandle;
  embedding: Embedding;
  onCall: AgentContact | undefined;
  muted: boolean;
  show: (contactId: string) => void;
  open: (dialog: Dialog) => void;
}

const DEVICES = {
  [Event.SET_SPEAKER]: ["speaker", Event.SPEAKER_CHANGED],
  [Event.SET_MICROPHONE]: ["microphone", Event.MICROPHONE_CHANGED],
  [Event.SET_RINGER]: ["ringer", Event.RINGER_CHANGED],
} as const;

/** What the page says to all (mute, devices, which contact to show) is done here, and it is told what became of it. */
export function useSoftphone(given: Given): (event: string, data: unknown) => void {
  const { embedding, telephone, muted, onCall } = given;
  useEffect(() => embedding.post(Event.MUTE_TOGGLE, { muted }), [embedding.post, muted]);
  const trouble = softphoneError(telephone);
  useEffect(() => {
    if (trouble) embedding.post(Event.SOFTPHONE_ERROR, JSON.parse(trouble));
  }, [embedding.post, trouble]);
  const latest = useRef(given);
  latest.current = given;

  const mute = (wanted: boolean | undefined): void => {
    if (wanted === undefined || !onCall || wanted === muted) {
      embedding.post(Event.MUTE_TOGGLE, { muted });
      return;
    }
    telephone.phone.mute(wanted);
    void given.agent.act("MuteContactParticipant", { ContactId: onCall.ContactId, Muted: wanted });
  };
  const choose = async (event: keyof typeof DEVICES, deviceId: string): Promise<void> => {
    const [name, changed] = DEVICES[event];
    await telephone.phone.choose({ ...telephone.devices, [name]: deviceId });
    embedding.post(changed, { deviceId });
  };
  return (event, data) => {
    const values = (data ?? {}) as { mute?: boolean; deviceId?: string; contactId?: string; viewType?: string };
    if (event === Event.MUTE) mute(values.mute);
    else if (event in DEVICES) void choose(event as keyof typeof DEVICES, values.deviceId ?? "").catch(() => {});
    else if (event === Event.VIEW_CONTACT || event === Event.CONTACT_ACCEPTED) given.show(values.contactId ?? "");
    else if (event === Event.ACTIVATE_VIEW) given.open(dialogOf(values.viewType, onCall));
  };
}

function dialogOf(view: string | undefined, to: AgentContact | undefined): Dialog {
  if (view === "create_task") return { kind: "task" };
  if (view === "number_pad") return { kind: "dial", tab: "pad", to };
  return view === "quick_connects" ? { kind: "dial", tab: "quick", to } : { kind: "none" };
}

/** What `agent.onSoftphoneError` is told, as text so that it is told once. */
function softphoneError(telephone: TelephoneHandle): string {
  if (telephone.link !== "failed") return "";
  const errorType = telephone.fault ? SOFTPHONE_ERRORS[telephone.fault] : "signalling_connection_failure";
  return JSON.stringify({ errorType, errorMessage: telephone.trouble, endPointUrl: location.origin });
}
