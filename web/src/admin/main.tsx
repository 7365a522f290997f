import { start } from "../shared/start";
import { App } from "./App";
import "../workspace/workspace.css";
import "./admin.css";

start(<App />);
