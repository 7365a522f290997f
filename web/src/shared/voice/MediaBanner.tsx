import { type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import type { AgentContact } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import type { MediaFault } from "./faults";
import type { TelephoneHandle } from "./useTelephone";

/** What is wrong with the sound of this call, and what helps. Nothing while all is well. */
export function MediaBanner({ contact, telephone }: { contact: AgentContact; telephone: TelephoneHandle }): ReactNode {
  const { t } = useI18n();
  const { phone } = telephone;
  if (!contact.Call?.OwnLegId) return null;
  if (!telephone.carries || telephone.link === "elsewhere") {
    return (
      <Alert type="info" header={t("voice.elsewhere")} action={<Button onClick={() => phone.takeOver()}>{t("voice.takeOver")}</Button>}>
        {t("voice.elsewhereText")}
      </Alert>
    );
  }
  if (telephone.contactId !== contact.ContactId) return null;
  if (telephone.fault) return <FaultAlert fault={telephone.fault} onRetry={() => phone.retryNow()} />;
  if (telephone.link === "failed") {
    return (
      <Alert type="error" header={t("voice.noMedia")} action={<Button onClick={() => phone.retryNow()}>{t("voice.tryAgain")}</Button>}>
        {t("voice.noMediaText")} {telephone.trouble}
      </Alert>
    );
  }
  if (telephone.link === "lost") {
    return (
      <Alert type="warning" header={t("voice.lost")} action={<Button onClick={() => phone.retryNow()}>{t("voice.tryAgain")}</Button>}>
        {t("voice.lostText")}
      </Alert>
    );
  }
  if (telephone.soundBlocked) {
    return (
      <Alert
        type="warning"
        header={t("voice.soundBlocked")}
        action={
          <Button variant="primary" onClick={() => void phone.allowSound()}>
            {t("sound.allow")}
          </Button>
        }
      >
        {t("voice.soundBlockedText")}
      </Alert>
    );
  }
  return null;
}

/** A microphone that cannot be used: which cause, and its cure (DESK-07, DESK-178). */
export function FaultAlert({ fault, onRetry, onDismiss }: { fault: MediaFault; onRetry?: () => void; onDismiss?: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <Alert type="error" dismissible={onDismiss !== undefined} onDismiss={onDismiss} header={t(`voice.fault.${fault}`)} action={onRetry && <Button onClick={onRetry}>{t("voice.tryAgain")}</Button>}>
      {t(`voice.cure.${fault}`)}
    </Alert>
  );
}
