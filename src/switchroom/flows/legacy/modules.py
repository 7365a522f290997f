"""What each block of the old language is in the current one. A rule answers the actions of one block."""

import itertools
from collections.abc import Callable
from typing import Any

from switchroom.flows.legacy.module import OPERATORS, Module, text, when

Actions = list[dict[str, Any]]
Rule = Callable[[Module], Actions]

_STAFFING = {
    "available": "NumberOfAgentsAvailable",
    "staffed": "NumberOfAgentsStaffed",
    "online": "NumberOfAgentsOnline",
}
_RECORDED = {"both": ["Agent", "Customer"], "agent": ["Agent"], "customer": ["Customer"]}
_STATES = {"agent": "AgentOnHold", "customer": "CustomerOnHold", "conference": "OffHold", "none": "OffHold"}
_SOUNDS = ("AudioPrompt", "Prompt", "PromptId")
_SWITCH = {"enable": "Enabled", "disable": "Disabled"}


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, {}, [])}


def _prompt(module: Module) -> dict[str, Any]:
    audio = module.value("AudioPrompt", "PromptId", place="PromptId")
    if audio is not None:
        return {"PromptId": audio}
    speech, kind = module.value("Text"), module.value("TextToSpeechType") or ""
    return {} if speech is None else {"SSML" if kind.lower() == "ssml" else "Text": speech}


def _queue(module: Module) -> dict[str, Any]:
    agent = module.value("Agent", "AgentId", place="AgentId")
    return (
        {"AgentId": agent} if agent is not None else _given(QueueId=module.value("Queue", "QueueId", place="QueueId"))
    )


def plain(type: str) -> Rule:
    """A block without parameters."""
    return lambda module: [module.action(type)]


def unknown(module: Module) -> Actions:
    """A block that nothing here knows: its type and its data stay as they are."""
    for one in module.parameters:
        module.all(str(one.get("name")))
    return [module.action(module.type, {"LegacyModule": module.raw})]


def play(module: Module) -> Actions:
    return [module.action("MessageParticipant", _prompt(module))]


def menu(module: Module) -> Actions:
    """One key, whatever the old `MaxDigits` says."""
    module.all("MaxDigits")
    given = _given(StoreInput="False", InputTimeLimitSeconds=module.value("Timeout"))
    return [module.action("GetParticipantInput", _prompt(module) | given, errors={"Timeout": "InputTimeLimitExceeded"})]


def bot(module: Module) -> Actions:
    alias = module.value("BotAliasArn", "LexV2BotAliasArn", "AliasArn", place="LexV2Bot.AliasArn")
    name = module.value("BotName", "Bot")
    classic = _given(Name=name, Region=module.value("BotRegion"), Alias=module.value("BotAlias"))
    seconds = module.value("TextTimeout", "ChatTimeout")
    given = _given(
        LexV2Bot={"AliasArn": alias} if alias else None,
        LexBot=None if alias else classic,
        LexSessionAttributes=module.pairs("Parameter", "SessionAttribute"),
        LexTimeoutSeconds={"Text": seconds} if seconds else None,
    )
    return [
        module.action(
            "ConnectParticipantWithLexBot", _prompt(module) | given, errors={"Timeout": "InputTimeLimitExceeded"}
        )
    ]


def store(module: Module) -> Actions:
    given: dict[str, Any] = {"StoreInput": "True"} | _given(InputTimeLimitSeconds=module.value("Timeout"))
    if (module.value("CustomerInputType") or "").lower() == "phonenumber":
        international = (module.value("PhoneNumberFormat") or "").lower() in ("international", "e164")
        phone = {"NumberFormat": "E164" if international else "Local"}
        country = _given(CountryCode=module.value("CountryCode"))
        given["InputValidation"] = {"PhoneNumberValidation": phone | country}
    else:
        given["InputValidation"] = {"CustomValidation": _given(MaximumLength=module.value("MaxDigits"))}
    if (module.value("EncryptEntry") or "").lower() == "true":
        key, certificate = module.value("EncryptionKeyId"), module.value("EncryptionKey")
        given["InputEncryption"] = _given(EncryptionKeyId=key, Key=certificate)
    keys = _given(
        InputTerminationSequence=module.value("TerminatorDigits", "CustomTerminator"),
        DisableCancelKey=module.value("DisableCancel", "DisableCancelKey"),
    )
    errors = {"InvalidNumber": "InvalidPhoneNumber"}
    return [
        module.action("GetParticipantInput", _prompt(module) | given | _given(DTMFConfiguration=keys), errors=errors)
    ]


def loop_prompts(module: Module) -> Actions:
    messages: list[dict[str, Any]] = []
    said, played = module.all("Text"), [one for name in _SOUNDS for one in module.all(name)]
    for one in module.parameters:
        if one in said:
            messages.append({"SSML" if one.get("key") == "ssml" else "Text": text(one.get("value") or "")})
        elif one in played:
            if one.get("resourceName"):
                module.names[f"Messages.{len(messages)}.PromptId"] = str(one["resourceName"])
            messages.append({"PromptId": text(one.get("value") or "")})
    given = {"Messages": messages} | _given(InterruptFrequencySeconds=module.value("InterruptSeconds"))
    return [module.action("MessageParticipantIteratively", given, outcomes={"Timeout": "MessagesInterrupted"})]


def check_attribute(module: Module) -> Actions:
    compared: dict[str, Any] = {"value": module.value("Attribute"), "namespace": module.value("Namespace")}
    whole = Module({"id": "", "type": "", "parameters": [{"name": "Attribute", **compared}]}, "")
    return [module.action("Compare", {"ComparisonValue": whole.value("Attribute") or ""})]


def check_hours(module: Module) -> Actions:
    given = _given(HoursOfOperationId=module.value("Hours", "HoursOfOperationId", place="HoursOfOperationId"))
    return [module.action("CheckHoursOfOperation", given, outcomes={"True": "True", "False": "False"})]


def check_staffing(module: Module) -> Actions:
    metric = _STAFFING.get((module.value("Status") or "available").lower(), "NumberOfAgentsAvailable")
    some = [when("NumberGreaterThan", "0", module.branch("True") or "")]
    made = module.action(
        "CheckMetricData",
        {"MetricType": metric} | _queue(module),
        errors={"False": "NoMatchingCondition"},
        conditions=some,
    )
    made["Transitions"]["Errors"] = [one for one in made["Transitions"]["Errors"] if one["ErrorType"] != "True"]
    return [made]


def check_queue(module: Module) -> Actions:
    """Time in queue, in milliseconds in either language, or queue capacity; a block that asks for both becomes two."""
    rows: dict[str, list[dict[str, Any]]] = {"CheckQueueTime": [], "CheckQueueSize": []}
    for branch in module.branches:
        condition = str(branch.get("condition"))
        if condition in rows:
            operator, following = str(branch.get("conditionType")), str(branch.get("transition") or "")
            operand = text(branch.get("conditionValue", ""))
            rows[condition].append(when(OPERATORS.get(operator, operator), operand, following))
    metrics = {"CheckQueueTime": "OldestContactInQueueAgeSeconds", "CheckQueueSize": "NumberOfContactsInQueue"}
    asked = [kind for kind, found in rows.items() if found] or ["CheckQueueTime"]
    made = [
        module.action("CheckMetricData", {"MetricType": metrics[kind]} | _queue(module), conditions=rows[kind])
        for kind in asked
    ]
    for first, second in itertools.pairwise(made):
        second["Identifier"] = f"{module.id}-2"
        for error in first["Transitions"]["Errors"]:
            if error["ErrorType"] == "NoMatchingCondition":
                error["NextAction"] = second["Identifier"]
        first["Transitions"]["NextAction"] = second["Identifier"]
    return made


def queue_metrics(module: Module) -> Actions:
    return [module.action("GetMetricData", _queue(module) | _given(QueueChannel=module.value("Channel")))]


def distribute(module: Module) -> Actions:
    """Shares become the ascending thresholds of the current language."""
    made, reached = [], 1
    for branch in module.branches:
        if branch.get("condition") == "Evaluate":
            reached += int(float(text(branch.get("conditionValue") or 0)))
            made.append(when("NumberLessThan", str(reached), str(branch.get("transition") or "")))
    return [module.action("DistributeByPercentage", conditions=made)]


def loop(module: Module) -> Actions:
    outcomes = {"Looping": "ContinueLooping", "Complete": "DoneLooping"}
    return [module.action("Loop", _given(LoopCount=module.value("LoopCount")), outcomes=outcomes)]


def wait(module: Module) -> Actions:
    events = {"CustomerReturned": "CustomerReturned", "BotParticipantDisconnected": "BotParticipantDisconnected"}
    asked = [name for name in events if module.branch(name) is not None]
    seconds = module.value("TimeoutSeconds", "TimeLimitSeconds")
    errors = {"ParticipantNotFound": "ParticipantNotFound"}
    return [
        module.action(
            "Wait",
            _given(TimeLimitSeconds=seconds, Events=asked),
            outcomes={"Timeout": "WaitCompleted", **events},
            errors=errors,
        )
    ]


def function(module: Module) -> Actions:
    given = _given(
        LambdaFunctionARN=module.value("FunctionArn", place="LambdaFunctionARN"),
        InvocationTimeLimitSeconds=module.value("TimeLimit"),
        LambdaInvocationAttributes=module.pairs("Parameter"),
    )
    return [module.action("InvokeLambdaFunction", given)]


def to_flow(module: Module) -> Actions:
    return [module.action("TransferToFlow", _given(ContactFlowId=module.value("ContactFlowId", place="ContactFlowId")))]


def to_queue(module: Module) -> Actions:
    queue = _queue(module)
    if module.flow == "customerQueue":
        return [module.action("DequeueContactAndTransferToQueue", queue)]
    return [module.action("TransferContactToQueue", queue)]


def call_phone(module: Module) -> Actions:
    caller = module.value("CallerIdNumber", "CallerId", place="CallerId.Number")
    return [module.action("CompleteOutboundCall", {"CallerId": {"Number": caller}} if caller else {})]


def to_phone(module: Module) -> Actions:
    caller = _given(Number=module.value("CallerIdNumber"), Name=module.value("CallerIdName"))
    given = _given(
        ThirdPartyPhoneNumber=module.value("PhoneNumber"),
        ThirdPartyConnectionTimeLimitSeconds=module.value("TimeLimit", "Timeout"),
        ContinueFlowExecution="False" if module.value("BlindTransfer") == "true" else "True",
        ThirdPartyDTMFDigits=module.value("DTMF", "SendDTMF"),
        CallerId=caller,
    )
    errors = {"Timeout": "ConnectionTimeLimitExceeded"}
    return [module.action("TransferParticipantToThirdParty", given, errors=errors)]


def callback(module: Module) -> Actions:
    """The old language counts retries, the current one attempts."""
    retries = module.value("MaxRetryAttempts") or "0"
    given = _queue(module) | _given(
        InitialCallDelaySeconds=module.value("InitialDelaySeconds"),
        RetryDelaySeconds=module.value("RetryDelaySeconds"),
        MaximumConnectionAttempts=str(int(retries) + 1) if retries.isdigit() else retries,
    )
    return [module.action("CreateCallbackContact", given)]


def callback_number(module: Module) -> Actions:
    number = module.value("CallBackNumber", "CallbackNumber")
    errors = {"InvalidPhoneNumber": "InvalidCallbackNumber", "NonDialableNumber": "CallbackNumberNotDialable"}
    errors["InvalidNumber"] = "InvalidCallbackNumber"
    return [module.action("UpdateContactCallbackNumber", _given(CallbackNumber=number), errors=errors)]


def set_queue(module: Module) -> Actions:
    return [module.action("UpdateContactTargetQueue", _queue(module))]


def event_hook(module: Module) -> Actions:
    hook = module.value("Type") or "CustomerQueue"
    flow = module.value("ContactFlowId", place=f"EventHooks.{hook}")
    return [module.action("UpdateContactEventHooks", {"EventHooks": {hook: flow or ""}}, must_fail=True)]


def attributes(module: Module) -> Actions:
    """Also the older block that set one attribute for the screen pop."""
    given = module.pairs("Attribute")
    key = module.value("key")
    if key:
        given[key] = module.value("value") or ""
    return [module.action("UpdateContactAttributes", {"Attributes": given, "TargetContact": "Current"})]


def contact_data(module: Module) -> Actions:
    given: dict[str, Any] = dict(module.pairs("ContactData", "Parameter"))
    for one in module.all("ContactData"):
        found = one.get("contactReference")
        if isinstance(found, dict) and isinstance(found.get("key"), str):
            held = Module({"id": "", "type": "", "parameters": [{**one, **found, "name": "Reference"}]}, "")
            value = {"Type": str(found.get("type") or "URL"), "Value": held.pairs("Reference").get(found["key"], "")}
            given.setdefault("References", {})[found["key"]] = value
    return [module.action("UpdateContactData", given | {"TargetContact": "Current"})]


def logging(module: Module) -> Actions:
    on = _SWITCH.get((module.value("LoggingBehavior") or "").lower(), "Disabled")
    return [module.action("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": on})]


def recording(module: Module) -> Actions:
    on = (module.value("RecordingBehaviorOption") or "").lower() == "enable"
    who = _RECORDED.get((module.value("RecordingParticipantOption") or "both").lower(), ["Agent", "Customer"])
    behavior = {"RecordingBehavior": {"RecordedParticipants": who if on else []}}
    return [module.action("UpdateContactRecordingBehavior", behavior)]


def voice(module: Module) -> Actions:
    given = _given(
        TextToSpeechVoice=module.value("GlobalVoice", "Voice"),
        TextToSpeechEngine=module.value("GlobalEngine", "Engine"),
        TextToSpeechStyle=module.value("GlobalStyle", "Style"),
    )
    return [module.action("UpdateContactTextToSpeechVoice", given)]


def priority(module: Module) -> Actions:
    absolute, offset = module.value("AbsolutePosition", "Priority"), module.value("TimeOffset")
    given = {"QueuePriority": absolute} if absolute is not None else _given(QueueTimeAdjustmentSeconds=offset)
    return [module.action("UpdateContactRoutingBehavior", given)]


def hold(module: Module) -> Actions:
    asked = (module.value("HoldOption", "Hold", "Type") or "").lower()
    state = next((state for word, state in _STATES.items() if word in asked), "OffHold")
    return [module.action("UpdatePreviousContactParticipantState", {"PreviousContactParticipantState": state})]


def streaming(state: str) -> Rule:
    """Start or stop; without tracks named, both sides of the customer are streamed."""

    def rule(module: Module) -> Actions:
        tracks = [str(one.get("value")) for one in module.all("Track")] or ["FromCustomer", "ToCustomer"]
        ways = [way for way in ("From", "To") if f"{way}Customer" in tracks]
        who = [{"ParticipantType": "Customer", "MediaDirections": ways}]
        given = {"MediaStreamingState": state, "Participants": who, "MediaStreamType": "Audio"}
        module.all("MediaStreamTypes"), module.all("ParticipantTypes")
        return [module.action("UpdateContactMediaStreamingBehavior", given, must_fail=True)]

    return rule


def task(module: Module) -> Actions:
    links = {key: {"Type": "URL", "Value": value} for key, value in module.pairs("Reference").items()}
    given = _given(
        Name=module.value("Name", "TaskName"),
        Description=module.value("Description"),
        ContactFlowId=module.value("ContactFlowId", place="ContactFlowId"),
        Attributes=module.pairs("Attribute"),
        References=links,
        DelaySeconds=module.value("DelaySeconds"),
        ScheduledTime=module.value("ScheduledTime"),
    )
    return [module.action("CreateTask", given)]


def invoke_module(module: Module) -> Actions:
    called = module.value("FlowModuleId", "ModuleId", "ContactFlowModuleId", place="FlowModuleId")
    return [module.action("InvokeFlowModule", _given(FlowModuleId=called))]


RULES: dict[str, Rule] = {
    "PlayPrompt": play,
    "PlayAudio": play,
    "GetUserInput": menu,
    "GetUserInput/Digits": menu,
    "GetUserInput/Lex": bot,
    "GetUserInput/Bot": bot,
    "StoreUserInput": store,
    "StoreCustomerInput": store,
    "LoopPrompts": loop_prompts,
    "Disconnect": plain("DisconnectParticipant"),
    "Resume": plain("EndFlowExecution"),
    "Return": plain("EndFlowModuleExecution"),
    "CheckAttribute": check_attribute,
    "CheckHoursOfOperation": check_hours,
    "CheckStaffing": check_staffing,
    "CheckQueueStatus": check_queue,
    "GetQueueMetrics": queue_metrics,
    "PercentileBranching": distribute,
    "DistributeByPercentage": distribute,
    "Loop": loop,
    "Wait": wait,
    "InvokeExternalResource": function,
    "InvokeFlowModule": invoke_module,
    "Transfer/Flow": to_flow,
    "TransferToFlow": to_flow,
    "Transfer/Queue": to_queue,
    "TransferToQueue": to_queue,
    "CustomerInQueue": to_queue,
    "Transfer/Agent": plain("TransferContactToAgent"),
    "TransferToAgent": plain("TransferContactToAgent"),
    "Transfer/PhoneNumber": to_phone,
    "TransferToPhoneNumber": to_phone,
    "CallPhoneNumber": call_phone,
    "CreateCallback": callback,
    "SetCallBackNumber": callback_number,
    "SetCallbackNumber": callback_number,
    "SetQueue": set_queue,
    "SetContactFlow": event_hook,
    "SetEventHook": event_hook,
    "SetAttributes": attributes,
    "SetScreenPop": attributes,
    "SetContactData": contact_data,
    "SetLoggingBehavior": logging,
    "SetRecordingBehavior": recording,
    "SetVoice": voice,
    "UpdateRoutingPriority": priority,
    "ChangeRoutingPriority": priority,
    "HoldCustomerOrAgent": hold,
    "HoldParticipant": hold,
    "StartMediaStreaming": streaming("Enabled"),
    "StopMediaStreaming": streaming("Disabled"),
    "CreateTask": task,
}
