import "@cloudscape-design/global-styles/index.css";
import { type ComponentProps, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { I18nRoot } from "../i18n";
import "./base.css";
import { NoticesRoot } from "./notices";
import { SessionGate } from "./session";
import { applyTheme } from "./theme";

/** Mount a page inside everything it needs: language, notices, a signed-in person. */
export function start(page: ReactNode, door?: ComponentProps<typeof SessionGate>["door"]): void {
  applyTheme();
  createRoot(document.getElementById("root")!).render(
    <I18nRoot>
      <NoticesRoot>
        <SessionGate door={door}>{page}</SessionGate>
      </NoticesRoot>
    </I18nRoot>,
  );
}
