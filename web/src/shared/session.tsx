import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ComponentType, type ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { switchroom } from "../api";
import { ServiceError, setCsrfToken, whenSignedOut } from "../api/client";
import type { GetSessionResponse } from "../api/switchroom";
import { useI18n } from "../i18n";
import { NewPassword } from "./NewPassword";
import { forgetLink, oneTimeLink } from "./oneTimeLink";
import { SignIn, type SignInProps } from "./SignIn";

export interface Session {
  user: GetSessionResponse["User"];
  instance: GetSessionResponse["Instance"];
  instanceId: string;
  expiresAt?: number;
  /** True if the person holds any of the permissions. */
  may: (...permissions: string[]) => boolean;
  signOut: () => Promise<void>;
}

const Context = createContext<Session | null>(null);

export function useSession(): Session {
  const value = useContext(Context);
  if (!value) throw new Error("no SessionGate above");
  return value;
}

type State = { kind: "loading" } | { kind: "out"; reason: SignInProps["reason"] } | { kind: "in"; session: GetSessionResponse };

interface GateProps {
  children: ReactNode;
  /** What to show instead of the sign-in page. */
  door?: ComponentType<SignInProps>;
}

/** Shows the sign-in page until there is a session, then its children. */
export function SessionGate({ children, door: Door = SignIn }: GateProps): ReactNode {
  const [state, setState] = useState<State>({ kind: "loading" });
  const [link, setLink] = useState(oneTimeLink);
  const { t } = useI18n();

  const enter = useCallback((session: GetSessionResponse) => {
    setCsrfToken(session.CsrfToken);
    setState({ kind: "in", session });
  }, []);

  useEffect(() => {
    const ended = (): void => setState((now) => (now.kind === "out" ? now : { kind: "out", reason: now.kind === "in" ? "expired" : "fresh" }));
    whenSignedOut(ended);
    let cancelled = false;
    const load = (): void => {
      const begun = link?.kind === "sign-in" ? switchroom("CompleteEmergencySignIn", { Token: link.token }) : switchroom("GetSession", {});
      if (link?.kind === "sign-in") forgetLink();
      begun.then(
        (session) => !cancelled && enter(session),
        (error: unknown) => {
          if (cancelled) return;
          if (error instanceof ServiceError && error.status === 0) setTimeout(load, 2000);
          else setState({ kind: "out", reason: link?.kind === "sign-in" ? "link" : "fresh" });
        },
      );
    };
    load();
    return () => {
      cancelled = true;
    };
  }, [enter]);

  useEffect(() => {
    const followed = (): void => {
      if (oneTimeLink()) location.reload();
    };
    window.addEventListener("hashchange", followed);
    return () => window.removeEventListener("hashchange", followed);
  }, []);

  const value = useMemo<Session | null>(() => {
    if (state.kind !== "in") return null;
    const { session } = state;
    const held = new Set(session.Permissions);
    return {
      user: session.User,
      instance: session.Instance,
      instanceId: session.Instance.InstanceId,
      expiresAt: session.ExpiresAt,
      may: (...permissions) => permissions.some((permission) => held.has(permission)),
      signOut: async () => {
        await switchroom("SignOut", {}).catch(() => {});
        setState({ kind: "out", reason: "left" });
      },
    };
  }, [state]);

  if (link?.kind === "password-reset") {
    return (
      <NewPassword
        token={link.token}
        onDone={() => {
          forgetLink();
          setLink(null);
        }}
      />
    );
  }
  if (state.kind === "loading") {
    return (
      <Box padding="xxxl" textAlign="center">
        <Spinner size="large" /> <span className="visually-hidden">{t("common.loading")}</span>
      </Box>
    );
  }
  if (state.kind === "out" || !value) {
    return <Door reason={state.kind === "out" ? state.reason : "fresh"} onSignedIn={enter} />;
  }
  return <Context.Provider value={value}>{children}</Context.Provider>;
}
