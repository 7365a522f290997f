import { type ReactNode } from "react";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Button from "@cloudscape-design/components/button";
import type { AgentSnapshot, AgentStatusChoice } from "../api/switchroom";
import { useI18n } from "../i18n";
import { useNow } from "../shared/hooks";

interface Props {
  snapshot: AgentSnapshot;
  skew: number;
  onChoose: (statusId: string) => void;
}

export function StatusPicker({ snapshot, skew, onChoose }: Props): ReactNode {
  const { t, code, duration } = useI18n();
  const now = useNow(skew);
  const label = (status: AgentStatusChoice): string => code("status", status.Name);
  const routable = snapshot.Statuses.find((status) => status.Type === "ROUTABLE");
  return (
    <div className="status">
      <span className={`dot dot-${snapshot.Status.Type.toLowerCase()}`} aria-hidden="true" />
      <div id="status-picker">
        <ButtonDropdown
          ariaLabel={t("status.change", { status: label(snapshot.Status) })}
          items={snapshot.Statuses.map((status) => ({
            id: status.StatusId,
            text: label(status),
            itemType: "checkbox",
            checked: (snapshot.NextStatus ?? snapshot.Status).StatusId === status.StatusId,
          }))}
          onItemClick={({ detail }) => onChoose(detail.id)}
        >
          {label(snapshot.Status)}
        </ButtonDropdown>
      </div>
      <span className="tabular dim" title={t("status.since")}>
        {duration(now - snapshot.StatusStart)}
      </span>
      {snapshot.NextStatus && (
        <span className="next-status" role="status">
          {t("status.next", { status: label(snapshot.NextStatus) })}
          {routable && (
            <Button variant="inline-link" onClick={() => onChoose(routable.StatusId)}>
              {t("status.cancelNext")}
            </Button>
          )}
        </span>
      )}
    </div>
  );
}
