import { start } from "../shared/start";
import { holdWorkspaceLock } from "../shared/workspaceLock";
import { Workspace } from "./Workspace";
import "./workspace.css";

holdWorkspaceLock();
start(<Workspace />);
