import { type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { EventConnection } from "../../api/switchroom";
import { useI18n } from "../../i18n";

/** Where events go and what signs them. The secret is shown while it is known, which is once. */
export function SecretBox({ connection, secret, children }: { connection: EventConnection; secret: string; children?: ReactNode }): ReactNode {
  const { t } = useI18n();
  return (
    <SpaceBetween size="m">
      <Alert type="warning">{t("apps.secretOnce")}</Alert>
      <KeyValuePairs
        columns={1}
        items={[
          { label: t("apps.webhook"), value: <Copied text={connection.WebhookUrl} /> },
          { label: t("apps.secret"), value: <Copied text={secret} /> },
        ]}
      />
      {children}
    </SpaceBetween>
  );
}

/** What to do in the application. */
export function NextSteps({ connection }: { connection: EventConnection }): ReactNode {
  const { t } = useI18n();
  return (
    <>
      <Box variant="h4">{t("apps.next")}</Box>
      <ol className="steps">
        {t(`apps.steps.${connection.Application}`).split("\n").map((step) => <li key={step}>{step}</li>)}
      </ol>
    </>
  );
}

export function Copied({ text }: { text: string }): ReactNode {
  const { t } = useI18n();
  return <CopyToClipboard variant="inline" textToCopy={text} copyButtonAriaLabel={t("action.copy")} copySuccessText={t("action.copied")} copyErrorText={t("action.notCopied")} />;
}
