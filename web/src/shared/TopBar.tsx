import { useState, type ReactNode } from "react";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { switchroom } from "../api";
import { useI18n, type Language } from "../i18n";
import { useSession } from "./session";
import { applyTheme, storedTheme, type Theme } from "./theme";

/** Header of every page: where one is, the other page, language, look, and the person. */
export function TopBar({ page }: { page: "admin" | "workspace" }): ReactNode {
  const { t, language, setLanguage } = useI18n();
  const session = useSession();
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const name = session.user.DisplayName || session.user.Username;
  const other =
    page === "admin"
      ? { show: session.may("BasicAgentAccess"), text: t("top.workspace"), href: "/workspace", icon: "call" as const }
      : { show: session.may("AccessMetrics", "AccessMetrics.RealTimeMetrics.Access", "ContactSearch.View", "Users.View", "Queues.View"), text: t("top.admin"), href: "/", icon: "settings" as const };

  const choose = (id: string): void => {
    if (id === "out") void session.signOut();
    else if (id === "light" || id === "dark" || id === "system") {
      applyTheme(id);
      setTheme(id);
    }
  };
  const chooseLanguage = (next: Language): void => {
    setLanguage(next);
    void switchroom("UpdateSession", { Language: next }).catch(() => {});
  };
  const mark = (on: boolean): "check" | undefined => (on ? "check" : undefined);

  return (
    <div id="top-bar">
      <TopNavigation
        identity={{
          href: page === "admin" ? "#/" : "/workspace",
          title: page === "admin" ? "Switchroom" : `Switchroom · ${t("top.workspace")}`,
          logo: { src: "/favicon.svg", alt: "" },
        }}
        utilities={[
          ...(other.show ? [{ type: "button" as const, iconName: other.icon, text: other.text, href: other.href, external: false }] : []),
          {
            type: "menu-dropdown",
            text: language === "ja" ? "日本語" : "English",
            iconName: "globe",
            ariaLabel: t("top.language"),
            items: [
              { id: "en", text: "English", iconName: mark(language === "en") },
              { id: "ja", text: "日本語", iconName: mark(language === "ja") },
            ],
            onItemClick: ({ detail }) => chooseLanguage(detail.id as Language),
          },
          {
            type: "menu-dropdown",
            text: name,
            description: `${session.user.Username} · ${session.instance.Alias ?? ""}`,
            iconName: "user-profile",
            items: [
              {
                id: "look",
                text: t("top.look"),
                items: [
                  { id: "system", text: t("top.system"), iconName: mark(theme === "system") },
                  { id: "light", text: t("top.light"), iconName: mark(theme === "light") },
                  { id: "dark", text: t("top.dark"), iconName: mark(theme === "dark") },
                ],
              },
              { id: "out", text: t("top.signOut") },
            ],
            onItemClick: ({ detail }) => choose(detail.id),
          },
        ]}
      />
    </div>
  );
}
