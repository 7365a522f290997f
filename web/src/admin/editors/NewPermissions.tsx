import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { switchroom } from "../../api";
import type { PermissionDetail } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { usePermissionNames } from "./PermissionGrid";

/** Permissions that a release added, until somebody has reviewed who is to hold them (USER-64). */
export function NewPermissions(): ReactNode {
  const { t } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const names = usePermissionNames();
  const [added, setAdded] = useState<PermissionDetail[]>([]);
  useEffect(() => {
    switchroom("ListPermissionCatalogue", { InstanceId: instanceId }).then(
      (answer) => setAdded(answer.Groups.flatMap((group) => group.Details.filter((one) => one.New))),
      () => undefined,
    );
  }, [instanceId]);
  if (!added.length || !may("SecurityProfiles.Edit")) return null;
  const reviewed = (): void => void switchroom("ReviewPermissions", { InstanceId: instanceId }).then(() => setAdded([]), notices.failure);
  return (
    <Alert type="info" header={t("permissions.newTitle", { count: added.length })} action={<Button onClick={reviewed}>{t("permissions.reviewed")}</Button>}>
      {t("permissions.newText")}
      <ul className="steps">
        {added.map((one) => (
          <li key={one.Permission}>
            {names.permission(one.Permission)}
            {one.Lacking?.length ? ` – ${t("permissions.lacking", { names: one.Lacking.join(", ") })}` : ""}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
