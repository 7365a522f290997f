import "./storage";
import { switchroom } from "../api";
import { start } from "../shared/start";
import { isFramed } from "./bridge";
import { Door } from "./Door";
import { keepToken, storedToken } from "./handOver";
import { Root } from "./Root";
import { answerStorageRequests } from "./storageAccess";
import "../workspace/workspace.css";
import "./ccp.css";

/** A frame that was given a token uses it while it is good; else the cookie counts, as on every page. */
async function begin(): Promise<void> {
  answerStorageRequests();
  const token = isFramed() ? storedToken() : "";
  if (token) {
    keepToken(token);
    await switchroom("GetSession", {}).catch((error: { status?: number }) => error.status !== 0 && keepToken(""));
  }
  start(<Root />, Door);
}

void begin();
