import { useEffect, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { switchroom } from "../api";
import type { GetSessionResponse } from "../api/switchroom";
import { useI18n } from "../i18n";
import { SignIn, type SignInProps } from "../shared/SignIn";
import { isFramed } from "./bridge";
import { awaitToken, isSameSite, keepToken, OUR_POPUP } from "./handOver";
import { Event } from "./protocol";

/** The way into the panel: in a frame that gets no cookies through a window of our own origin, else by signing in here. */
export function Door({ reason, onSignedIn }: SignInProps): ReactNode {
  const [here, setHere] = useState(() => !isFramed() || sameSiteAsPage());
  useEffect(() => {
    if (!isFramed()) return;
    if (reason !== "fresh") keepToken("");
    return awaitToken((token) => {
      keepToken(token);
      switchroom("GetSession", {}).then(onSignedIn, () => keepToken(""));
    });
  }, [reason, onSignedIn]);
  const enter = (session: GetSessionResponse): void => {
    const { Token } = session as GetSessionResponse & { Token?: string };
    if (isFramed() && Token) keepToken(Token);
    onSignedIn(session);
  };
  return (
    <div className="ccp-door">
      {!here && <CookieBanner onHere={() => setHere(true)} />}
      {here && <PatientForm>{<SignIn reason={reason} onSignedIn={enter} />}</PatientForm>}
    </div>
  );
}

function sameSiteAsPage(): boolean {
  const page = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
  return !page || isSameSite(page, location.origin);
}

/** DESK-08, DESK-09: the browser keeps our cookies from this frame; a window of our own origin may hand the session over. */
function CookieBanner({ onHere }: { onHere: () => void }): ReactNode {
  const { t } = useI18n();
  const [help, setHelp] = useState(false);
  const [blocked, setBlocked] = useState(false);
  const grant = (): void => setBlocked(!window.open("/login", OUR_POPUP, "width=433,height=578"));
  return (
    <Alert type="warning" header={t("ccp.actionRequired")}>
      <SpaceBetween size="s">
        <strong>{t("ccp.cookiesTitle")}</strong>
        <span>
          {t("ccp.cookiesText")}{" "}
          <Link variant="primary" onFollow={() => setHelp(!help)}>
            {t("ccp.learnMore")}
          </Link>
        </span>
        {help && <span>{t("ccp.cookiesHelp")}</span>}
        {blocked && <span role="alert">{t("ccp.popupBlocked")}</span>}
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" onClick={grant}>
            {t("ccp.grant")}
          </Button>
          <Button onClick={onHere}>{t("ccp.signInHere")}</Button>
        </SpaceBetween>
      </SpaceBetween>
    </Alert>
  );
}

/**
 * The embedding library loads the frame anew every few seconds until somebody is signed in. While somebody types a password
 * here it is answered, so that the words are not lost.
 */
function PatientForm({ children }: { children: ReactNode }): ReactNode {
  const typing = useRef(false);
  useEffect(() => {
    const receive = (message: MessageEvent<{ event?: string } | undefined>): void => {
      if (typing.current && message.source === window.parent && message.data?.event === Event.SYNCHRONIZE) acknowledge();
    };
    window.addEventListener("message", receive);
    return () => window.removeEventListener("message", receive);
  }, []);
  const typed = (): void => {
    if (!typing.current) acknowledge();
    typing.current = true;
  };
  return <div onInput={typed}>{children}</div>;
}

/** It says no more than that a panel is here, so any page that is allowed to frame us may hear it. */
function acknowledge(): void {
  if (isFramed()) window.parent.postMessage({ event: Event.ACKNOWLEDGE, data: { id: "signing-in" } }, "*");
}
