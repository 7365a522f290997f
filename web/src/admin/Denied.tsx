import type { ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import { useI18n } from "../i18n";

/** The refusal of a page: it says nothing of what is there (USER-70). */
export function Denied(): ReactNode {
  const { t } = useI18n();
  return <Alert type="error" header={t("access.denied")}>{t("access.text")}</Alert>;
}
