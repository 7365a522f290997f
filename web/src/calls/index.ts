/** Calls from a web page: see `web/client/README.md`. */
export { joinCall, type StartedCall } from "./service";
export { WebCall, REJOIN_MS, type CallOptions, type CallState, type CallView } from "./webCall";
export * from "./meeting";
export { listDevices, openMicrophone, outputsCanBeChosen } from "../shared/voice/devices";
export { faultOf, missingSupport, type MediaFault } from "../shared/voice/faults";
export { LevelMeter } from "../shared/voice/levels";
export { playTestTone } from "../shared/voice/testTone";
export { judge, type CallQuality, type MediaFigures, type Verdict } from "../shared/voice/quality";
