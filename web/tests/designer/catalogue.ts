import type { FlowBlock, FlowBlockVariant, FlowBranch, FlowField } from "../../src/api/switchroom";
import { catalogueOf } from "../../src/designer/model/catalogue";

const INBOUND = ["CONTACT_FLOW", "CUSTOMER_QUEUE", "AGENT_TRANSFER", "QUEUE_TRANSFER"];
const ALL = [...INBOUND, "CUSTOMER_HOLD", "CUSTOMER_WHISPER", "OUTBOUND_WHISPER", "AGENT_HOLD", "AGENT_WHISPER", "MODULE"];
const NEXT: FlowBranch = { Kind: "NEXT", Label: "Success", Required: true };
const ERROR: FlowBranch = { Kind: "ERROR", Outcome: "NoMatchingError", Label: "Error", Required: true };
const OTHERWISE: FlowBranch = { Kind: "ERROR", Outcome: "NoMatchingCondition", Label: "No match", Required: true };

function error(Outcome: string, Label: string, more: Partial<FlowBranch> = {}): FlowBranch {
  return { Kind: "ERROR", Outcome, Label, Required: true, ...more };
}

function condition(Outcome: string, Label: string): FlowBranch {
  return { Kind: "CONDITION", Outcome, Label, Required: true };
}

function field(Path: string, Kind: FlowField["Kind"], more: Partial<FlowField> = {}): FlowField {
  return { Path, Label: Path, Kind, Required: false, Manual: true, Dynamic: true, ...more };
}

function variant(ActionType: string, Branches: FlowBranch[], more: Partial<FlowBlockVariant> = {}): FlowBlockVariant {
  return { Key: more.Key ?? "only", ActionType, Tells: [], Preset: "{}", Fields: [], Branches, ...more };
}

function block(Key: string, Name: string, Group: FlowBlock["Group"], Variants: FlowBlockVariant[], FlowTypes = INBOUND): FlowBlock {
  return { Key, Name, About: `About ${Name}.`, Group, FlowTypes, Channels: { VOICE: "Y", CHAT: "Y", TASK: "Y" }, Variants, Available: true };
}

const EQUALS = { Value: "Equals", Label: "Equals" };
const GREATER = { Value: "NumberGreaterThan", Label: "Is greater than" };

/** A catalogue of a few blocks that has every feature a catalogue can have. */
export const CATALOGUE = catalogueOf({
  Namespaces: [],
  Blocks: [
    block("play-prompt", "Play prompt", "INTERACT", [variant("MessageParticipant", [NEXT, { ...ERROR, Required: false }], { Fields: [field("", "PROMPT")], Preset: '{"Text":""}' })]),
    block("get-customer-input", "Get customer input", "INTERACT", [
      variant("GetParticipantInput", [error("InputTimeLimitExceeded", "Timeout"), error("NoMatchingCondition", "Default"), ERROR], {
        Key: "dtmf",
        Name: "DTMF",
        Tells: [{ Path: "StoreInput", Values: ["False", ""] }],
        Preset: '{"StoreInput":"False"}',
        Fields: [field("Text", "LONG_TEXT"), field("InputTimeLimitSeconds", "NUMBER", { Default: "5", Unit: "SECONDS" })],
        Rows: { Label: "Pressed {}", Operators: [EQUALS], Operand: "KEY" },
      }),
      variant("ConnectParticipantWithLexBot", [error("NoMatchingCondition", "Default"), ERROR], {
        Key: "bot",
        Name: "Bot",
        Fields: [field("LexV2Bot.AliasArn", "RESOURCE", { Resource: "bot-alias" })],
        Rows: { Label: "{}", Operators: [EQUALS], Operand: "INTENT" },
      }),
    ]),
    block("store-customer-input", "Store customer input", "INTERACT", [
      variant("GetParticipantInput", [NEXT, error("InvalidPhoneNumber", "Invalid number"), ERROR], { Tells: [{ Path: "StoreInput", Values: ["True"] }], Preset: '{"StoreInput":"True"}' }),
    ]),
    block("set-working-queue", "Set working queue", "SET", [
      variant("UpdateContactTargetQueue", [NEXT, ERROR], { Key: "queue", Tells: [{ Path: "AgentId", Absent: true }], Fields: [field("QueueId", "RESOURCE", { Resource: "queue" })] }),
      variant("UpdateContactTargetQueue", [NEXT, ERROR], { Key: "agent", Tells: [{ Path: "AgentId" }], Fields: [field("AgentId", "RESOURCE", { Resource: "user" })] }),
    ]),
    block("change-routing", "Change routing priority / age", "SET", [
      variant("UpdateContactRoutingBehavior", [NEXT], { Fields: [field("QueueTimeAdjustmentSeconds", "NUMBER", { Unit: "SECONDS", Low: -100 })] }),
    ]),
    block("set-voice", "Set voice", "SET", [
      variant("UpdateContactTextToSpeechVoice", [NEXT], {
        Fields: [field("TextToSpeechVoice", "CHOICE", { Default: "Joanna" })],
        Companion: { ActionType: "UpdateContactData", Fields: [field("LanguageCode", "CHOICE")] },
      }),
    ], ALL),
    block("set-voice-id", "Set Voice ID", "SET", [
      variant("StartVoiceIdStream", [NEXT, ERROR], { Companion: { ActionType: "UpdateContactData", Fields: [field("CustomerId", "REFERENCE")], Before: true } }),
    ]),
    block("set-attributes", "Set contact attributes", "SET", [
      variant("UpdateContactAttributes", [NEXT, ERROR], { Key: "user", Fields: [field("Attributes", "PAIRS")] }),
      variant("UpdateContactData", [NEXT, ERROR], { Key: "system", Fields: [field("Name", "TEXT")] }),
    ], ALL),
    block("check-attributes", "Check contact attributes", "CHECK", [
      variant("Compare", [OTHERWISE], { Fields: [field("ComparisonValue", "REFERENCE")], Rows: { Label: "{}", Operators: [EQUALS, GREATER], Operand: "TEXT", Dynamic: true } }),
    ], ALL),
    block("check-hours", "Check hours of operation", "CHECK", [variant("CheckHoursOfOperation", [condition("True", "In hours"), condition("False", "Out of hours"), ERROR])]),
    block("check-staffing", "Check staffing", "CHECK", [
      variant("CheckMetricData", [{ ...condition("0", "True"), Operator: "NumberGreaterThan" }, error("NoMatchingCondition", "False"), ERROR], { Tells: [{ Path: "MetricType", Values: ["NumberOfAgentsStaffed"] }] }),
    ]),
    block("check-queue-status", "Check queue status", "CHECK", [
      variant("CheckMetricData", [OTHERWISE, ERROR], { Tells: [{ Path: "MetricType", Values: ["OldestContactInQueueAgeSeconds"] }], Rows: { Label: "{}", Operators: [EQUALS, GREATER], Operand: "NUMBER", Unit: "MILLISECONDS" } }),
    ]),
    block("distribute", "Distribute by percentage", "CHECK", [
      variant("DistributeByPercentage", [error("NoMatchingCondition", "Default")], { Rows: { Label: "{} %", Operators: [{ Value: "NumberLessThan", Label: "Is less than" }], Operand: "PERCENT" } }),
    ]),
    block("wait", "Wait", "INTERACT", [variant("Wait", [condition("WaitCompleted", "Time expired"), ERROR], { Fields: [field("TimeLimitSeconds", "DURATION", { Unit: "SECONDS" })] })]),
    block("loop", "Loop", "CHECK", [variant("Loop", [condition("ContinueLooping", "Looping"), condition("DoneLooping", "Complete")], { Fields: [field("LoopCount", "NUMBER", { Label: "Number of loops", Default: "3" })] })], ALL),
    block("invoke-function", "Invoke AWS Lambda function", "INTEGRATE", [
      variant("InvokeLambdaFunction", [NEXT, ERROR], { Fields: [field("LambdaFunctionARN", "RESOURCE", { Resource: "lambda-function" }), field("InvocationTimeLimitSeconds", "NUMBER", { Default: "3", Unit: "SECONDS" })] }),
    ]),
    block("transfer-to-phone", "Transfer to phone number", "END", [
      variant("TransferParticipantToThirdParty", [
        { ...NEXT, When: [{ Path: "ContinueFlowExecution", Values: ["True"] }] },
        error("CallFailed", "Call failed", { When: [{ Path: "ContinueFlowExecution", Values: ["True"] }] }),
        ERROR,
      ]),
    ]),
    block("transfer-to-queue", "Transfer to queue", "END", [
      variant("TransferContactToQueue", [error("QueueAtCapacity", "At capacity"), ERROR], { Key: "queue", FlowTypes: ["CONTACT_FLOW", "AGENT_TRANSFER", "QUEUE_TRANSFER"] }),
      variant("DequeueContactAndTransferToQueue", [error("QueueAtCapacity", "At capacity"), ERROR], { Key: "move", FlowTypes: ["CUSTOMER_QUEUE"] }),
    ]),
    block("disconnect", "Disconnect / hang up", "END", [variant("DisconnectParticipant", [], { Aliases: ["Disconnect"] })]),
    block("return", "Return", "END", [variant("EndFlowModuleExecution", [])], ["MODULE"]),
  ],
});
