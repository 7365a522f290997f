import "@cloudscape-design/global-styles/index.css";
import { createRoot } from "react-dom/client";
import { I18nRoot } from "../i18n";
import "../shared/base.css";
import { applyTheme } from "../shared/theme";
import { EndpointTest } from "./EndpointTest";
import { readOptions } from "./options";
import "./endpointtest.css";

const options = readOptions(location.search);
localStorage.setItem("switchroom-language", options.language ?? localStorage.getItem("switchroom-language") ?? (navigator.language.startsWith("ja") ? "ja" : "en"));
applyTheme();
createRoot(document.getElementById("root")!).render(
  <I18nRoot>
    <EndpointTest options={options} />
  </I18nRoot>,
);
