import { useEffect, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../api";
import { getBearer } from "../api/client";
import { useI18n } from "../i18n";
import { useSession } from "../shared/session";
import { isFramed } from "./bridge";
import { destinationOf, handOver, isSignInWindow } from "./handOver";
import { Panel } from "./Panel";
import { Event } from "./protocol";

/** What a signed-in person meets at the panel's addresses. */
export function Root(): ReactNode {
  const session = useSession();
  if (isSignInWindow()) return <HandOver />;
  if (location.pathname.replace(/\/$/, "").endsWith("/login")) return <GoOn />;
  return session.may("BasicAgentAccess") ? <Approved /> : <Denied />;
}

/** DESK-05: after signing in, on to the page that was asked for. */
function GoOn(): ReactNode {
  useEffect(() => location.replace(destinationOf(location.search) ?? "/ccp-v2/"), []);
  return <Waiting />;
}

function HandOver(): ReactNode {
  const { t } = useI18n();
  useEffect(() => {
    let stop = (): void => {};
    switchroom("ShareSession", {}).then(
      ({ Token }) => {
        stop = handOver(Token, () => window.name === "switchroom-sign-in" && window.close());
      },
      () => {},
    );
    return () => stop();
  }, []);
  return (
    <Box padding="l">
      <Alert type="success" header={t("ccp.signedIn")}>
        {t("ccp.signedInText")}
      </Alert>
    </Box>
  );
}

function Denied(): ReactNode {
  const { t } = useI18n();
  useEffect(() => {
    if (isFramed()) window.parent.postMessage({ event: Event.ACCESS_DENIED }, "*");
  }, []);
  return (
    <Box padding="l">
      <Alert type="error" header={t("access.denied")}>
        {t("access.noDesk")}
      </Alert>
    </Box>
  );
}

/** Which origins may embed: those of this person's instance, which may be fewer than those the server lets frame the page. */
function Approved(): ReactNode {
  const { t } = useI18n();
  const [origins, setOrigins] = useState<ReadonlySet<string> | null>(isFramed() ? null : new Set());
  useEffect(() => {
    if (!isFramed()) return;
    void approvedOrigins().then(setOrigins);
  }, []);
  if (!origins) return <Waiting />;
  const page = location.ancestorOrigins?.[0];
  if (isFramed() && page && !origins.has(page)) {
    return (
      <Box padding="l">
        <Alert type="error" header={t("ccp.notApproved")}>
          {t("ccp.notApprovedText", { origin: page })}
        </Alert>
      </Box>
    );
  }
  return <Panel origins={origins} />;
}

async function approvedOrigins(): Promise<ReadonlySet<string>> {
  const bearer = getBearer();
  for (;;) {
    try {
      const answer = await fetch("/whitelisted-origins", { headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} });
      const { whitelistedOrigins = [] } = (await answer.json()) as { whitelistedOrigins?: string[] };
      return new Set([location.origin, ...whitelistedOrigins]);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

function Waiting(): ReactNode {
  const { t } = useI18n();
  return (
    <Box padding="xxl" textAlign="center">
      <Spinner size="large" /> <span className="visually-hidden">{t("common.loading")}</span>
    </Box>
  );
}
