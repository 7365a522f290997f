import { start } from "../shared/start";
import { Workspace } from "./Workspace";
import "./workspace.css";

start(<Workspace />);
