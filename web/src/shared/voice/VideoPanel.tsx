import { useEffect, useRef, type ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AgentContact } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import type { TelephoneHandle } from "./useTelephone";

/** The customer's picture, and one's own where it may be sent (DESK-152). */
export function VideoPanel({ contact, telephone, may }: { contact: AgentContact; telephone: TelephoneHandle; may: boolean }): ReactNode {
  const { t } = useI18n();
  const call = contact.Call;
  if (!may || !(call?.CustomerVideo || call?.AgentVideo)) return null;
  return (
    <section className="video" aria-label={t("voice.video")}>
      {telephone.remoteVideo ? <Picture stream={telephone.remoteVideo} label={t("voice.customerVideo")} /> : <div className="video-none">{t("voice.noVideo")}</div>}
      {telephone.localVideo && <Picture stream={telephone.localVideo} label={t("voice.ownVideo")} own />}
      {call.AgentVideo && (
        <div className="video-controls">
          <Button
            iconName={telephone.cameraOn ? "video-camera-off" : "video-camera-on"}
            disabled={telephone.link !== "up"}
            onClick={() => void telephone.phone.camera(!telephone.cameraOn)}
          >
            {t(telephone.cameraOn ? "voice.cameraOff" : "voice.cameraOn")}
          </Button>
          {telephone.cameraFault && <StatusIndicator type="error">{t("voice.cameraFault")}</StatusIndicator>}
        </div>
      )}
    </section>
  );
}

function Picture({ stream, label, own = false }: { stream: MediaStream; label: string; own?: boolean }): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current && video.current.srcObject !== stream) video.current.srcObject = stream;
  }, [stream]);
  return <video ref={video} className={own ? "video-own" : "video-far"} autoPlay playsInline muted aria-label={label} />;
}
