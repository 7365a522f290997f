import { Fragment, lazy, Suspense, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import AppLayout from "@cloudscape-design/components/app-layout";
import Box from "@cloudscape-design/components/box";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import ErrorBoundary from "@cloudscape-design/components/error-boundary";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import Spinner from "@cloudscape-design/components/spinner";
import { useI18n, type TextKey } from "../i18n";
import { useHashRoute } from "../shared/hooks";
import { NoticeBar } from "../shared/notices";
import { useSession } from "../shared/session";
import { TopBar } from "../shared/TopBar";
import { useCrumbName } from "./crumb";
import { Denied } from "./Denied";
import { ChangesPage } from "./history/ChangesPage";
import { ContactPage } from "./pages/ContactPage";
import { ContactSearchPage } from "./pages/ContactSearchPage";
import { CoveragePage } from "./pages/CoveragePage";
import { FlowAlertsPage } from "./pages/FlowAlertsPage";
import { HomePage } from "./pages/HomePage";
import { InstancePage } from "./pages/InstancePage";
import { RealTimePage } from "./pages/RealTimePage";
import { ResourceList } from "./ResourceList";
import { ResourcePage } from "./ResourcePage";
import { resources } from "./resources";

const SimulatorPage = lazy(async () => ({ default: (await import("./simulator/SimulatorPage")).SimulatorPage }));
const ApplicationsPage = lazy(async () => ({ default: (await import("./applications/ApplicationsPage")).ApplicationsPage }));
const RulesPage = lazy(async () => ({ default: (await import("./rules/RulesPage")).RulesPage }));
const JourneyPage = lazy(async () => ({ default: (await import("./pages/JourneyPage")).JourneyPage }));

const GROUPS: { title: TextKey; keys: string[] }[] = [
  { title: "nav.routing", keys: ["queues", "hours", "routing-profiles", "quick-connects", "task-templates"] },
  { title: "nav.channels", keys: ["flows", "flow-modules", "bots", "prompts", "phone-numbers", "trunks"] },
  { title: "nav.users", keys: ["users", "agent-statuses", "security-profiles", "hierarchy"] },
];

const PAGES: { key: string; title: TextKey; permissions: string[] }[] = [
  { key: "realtime", title: "realtime.title", permissions: ["AccessMetrics", "AccessMetrics.RealTimeMetrics.Access"] },
  { key: "contacts", title: "contacts.title", permissions: ["ContactSearch.View", "MyContacts.View"] },
  { key: "simulator", title: "simulator.title", permissions: ["AccessMetrics", "AccessMetrics.HistoricalMetrics.Access"] },
  { key: "rules", title: "rules.title", permissions: ["Rules.View"] },
  { key: "applications", title: "apps.title", permissions: ["Rules.View", "SecurityProfiles.Edit"] },
  { key: "flow-alerts", title: "flowAlerts.title", permissions: ["ContactFlows.View"] },
  { key: "changes", title: "history.pageTitle", permissions: ["HistoricalChanges.View", "Users.Edit"] },
];
/** Lists that are a tab of another's page, for those who may see that one. */
const HOMES: Record<string, string> = { "flow-modules": "flows" };
const INSTANCE = "SecurityProfiles.Edit";

/** The administration site: navigation on the left, one page in the middle. */
export function App(): ReactNode {
  const route = useHashRoute();
  const { may } = useSession();
  const navigation = useNavigation();
  const [first = "", second = "", third = "", fourth = ""] = route;
  const whole = useWholePage(first, second, third, fourth);
  if (whole) {
    return (
      <div className="whole-page">
        <TopBar page="admin" />
        <ErrorBoundary key={route.join("/")} onError={({ error }) => console.error(error)}>
          <Suspense fallback={<Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>}>{whole}</Suspense>
        </ErrorBoundary>
      </div>
    );
  }
  return (
    <>
      <TopBar page="admin" />
      <AppLayout
        headerSelector="#top-bar"
        toolsHide
        navigation={<SideNavigation activeHref={first === "r" ? `#/r/${may("ContactFlows.View") ? (HOMES[second] ?? second) : second}` : `#/${first}`} items={navigation} />}
        breadcrumbs={<Crumbs route={route} />}
        notifications={<NoticeBar />}
        stickyNotifications
        contentType={first === "r" && !third ? "table" : "default"}
        content={<Fragment key={route.join("/")}><Page first={first} second={second} third={third} fourth={fourth} /></Fragment>}
      />
    </>
  );
}

/** The page that has the window to itself, if the address names one that the person may see. */
function useWholePage(first: string, second: string, third: string, fourth: string): ReactNode {
  const { may } = useSession();
  const resource = resources.find((one) => one.key === second);
  if (first === "contacts" && third === "journey") return may("ContactSearch.View", "MyContacts.View") ? <JourneyPage key={second} id={second} /> : null;
  if (first !== "r" || !third || !resource?.wholePage) return null;
  const needed = third === "new" ? "Create" : "View";
  return may(`${resource.permission}.${needed}`) ? resource.wholePage({ id: third, rest: fourth }) : null;
}

function useNavigation(): SideNavigationProps.Item[] {
  const { t } = useI18n();
  const { may } = useSession();
  const link = (key: string): SideNavigationProps.Item[] => {
    const resource = resources.find((one) => one.key === key);
    if (HOMES[key] && may("ContactFlows.View")) return [];
    return resource && may(`${resource.permission}.View`) ? [{ type: "link", text: t(resource.title), href: `#/r/${key}` }] : [];
  };
  const groups = GROUPS.map((group) => ({ type: "section" as const, text: t(group.title), items: group.keys.flatMap(link) }));
  const pages = PAGES.filter((page) => may(...page.permissions)).map((page) => ({ type: "link" as const, text: t(page.title), href: `#/${page.key}` }));
  return [
    { type: "link", text: t("home.title"), href: "#/" },
    ...(pages.length ? [{ type: "section" as const, text: t("nav.analytics"), items: pages }] : []),
    ...groups.filter((group) => group.items.length),
    { type: "divider" },
    ...(may(INSTANCE) ? [{ type: "link" as const, text: t("instance.title"), href: "#/instance" }] : []),
    { type: "link", text: t("coverage.title"), href: "#/coverage" },
    { type: "link", text: t("home.testChat"), href: "/test-chat", external: true },
  ];
}

function Crumbs({ route }: { route: string[] }): ReactNode {
  const { t, code } = useI18n();
  const name = useCrumbName();
  const [first = "", second = "", third = ""] = route;
  const items = [{ text: t("home.title"), href: "#/" }];
  const resource = resources.find((one) => one.key === second);
  if (first === "r" && resource) {
    items.push({ text: t(resource.title), href: `#/r/${second}` });
    const known: Record<string, TextKey> = { new: resource.one, import: "import.title", edit: "bulk.title", archive: "flows.archiveTitle", changes: "history.title" };
    if (third) items.push({ text: known[third] ? t(known[third]) : name ?? third, href: `#/r/${second}/${third}` });
  }
  const page = PAGES.find((one) => one.key === first);
  if (page) items.push({ text: t(page.title), href: `#/${first}` });
  const made: Record<string, TextKey> = { rules: "rules.new", applications: "apps.add" };
  const parts: Record<string, TextKey> = { new: made[first] ?? "sim.new", replay: "sim.replay" };
  const part = parts[second] ?? (first === "simulator" ? "sim.results" : undefined);
  if (page && second) items.push({ text: part ? t(part) : name ?? code("resourceKind", second), href: `#/${first}/${second}` });
  return items.length > 1 ? <BreadcrumbGroup ariaLabel={t("nav.breadcrumbs")} items={items} /> : null;
}

function Page({ first, second, third, fourth }: { first: string; second: string; third: string; fourth: string }): ReactNode {
  const { t } = useI18n();
  const { may } = useSession();
  const denied = <Denied />;
  if (!first) return <HomePage />;
  if (first === "coverage") return <CoveragePage />;
  if (first === "instance") return may(INSTANCE) ? <InstancePage /> : denied;
  const page = PAGES.find((one) => one.key === first);
  if (page && !may(...page.permissions)) return denied;
  if (first === "realtime") return <RealTimePage />;
  if (first === "simulator") return <Suspense fallback={<Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>}><SimulatorPage second={second} third={third} /></Suspense>;
  if (first === "rules") return <Suspense fallback={<Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>}><RulesPage second={second} third={third} /></Suspense>;
  if (first === "applications") return <Suspense fallback={<Box textAlign="center" padding="xxl"><Spinner size="large" /></Box>}><ApplicationsPage second={second} /></Suspense>;
  if (first === "flow-alerts") return <FlowAlertsPage />;
  if (first === "changes") return <ChangesPage kind={second} id={third} />;
  if (first === "contacts") return second ? <ContactPage id={second} /> : <ContactSearchPage />;
  const resource = resources.find((one) => one.key === second);
  if (first !== "r" || !resource) return <Alert type="warning">{t("access.noPage")}</Alert>;
  if (!may(`${resource.permission}.View`)) return denied;
  if (!third && resource.listPage) return resource.listPage();
  if (!third) return <ResourceList resource={resource} />;
  if (resource.page && third !== "new") return resource.page({ id: third, rest: fourth });
  return <ResourcePage resource={resource} id={third} />;
}
