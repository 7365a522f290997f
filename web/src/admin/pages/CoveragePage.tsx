import { useEffect, useState, type ReactNode } from "react";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { switchroom } from "../../api";
import type { ServiceCoverage } from "../../api/switchroom";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";

/** Which operations of each service answer. */
export function CoveragePage(): ReactNode {
  const { t } = useI18n();
  const notices = useNotices();
  const [services, setServices] = useState<ServiceCoverage[]>([]);
  useEffect(() => {
    switchroom("ListApiCoverage", {}).then((answer) => setServices(answer.Services), notices.failure);
  }, []);
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t("coverage.text")}>{t("coverage.title")}</Header>
      {services.map((service) => (
        <ExpandableSection
          key={service.Service}
          variant="container"
          headerText={service.Service}
          headerCounter={`(${service.Bound}/${service.Total})`}
        >
          <ProgressBar value={(100 * service.Bound) / Math.max(1, service.Total)} ariaLabel={service.Service} />
          <div className="operations">
            {service.Operations.map((one) => (
              <StatusIndicator key={one.Name} type={one.Bound ? "success" : "stopped"}>{one.Name}</StatusIndicator>
            ))}
          </div>
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}
