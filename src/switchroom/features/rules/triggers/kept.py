"""Event sources whose rules are kept and checked by name only: what they listen to is not part of this centre yet.

One that begins to run leaves this list for a file of its own.
"""

from switchroom.features.rules.triggers import Trigger, declare

_CATEGORY, _EVENT, _TASK = "ASSIGN_CONTACT_CATEGORY", "GENERATE_EVENTBRIDGE_EVENT", "CREATE_TASK"
_MAIL, _IN_APP = "SEND_NOTIFICATION", "SEND_IN_APP_NOTIFICATION"
_CASE = ("CREATE_CASE", "UPDATE_CASE")
_AFTER_CONTACT = (_CATEGORY, _EVENT, _TASK, _MAIL, _CASE[0], "SUBMIT_AUTO_EVALUATION", "EXTRACT_INFORMATION", _IN_APP)
_CASES = (_TASK, _MAIL, _CASE[1], "ASSIGN_SLA", _IN_APP)
_PLAIN = (_EVENT, _TASK, _MAIL, _IN_APP)

_KEPT: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "OnPostCallAnalysisAvailable": ("A call was analysed", "$.ContactLens.PostCall.", _AFTER_CONTACT),
    "OnRealTimeCallAnalysisAvailable": (
        "A call is analysed while it goes on",
        "$.ContactLens.RealTimeCall.",
        (_CATEGORY, _EVENT, _TASK, _MAIL, _IN_APP),
    ),
    "OnRealTimeChatAnalysisAvailable": (
        "A chat is analysed while it goes on",
        "$.ContactLens.RealTimeChat.",
        (_CATEGORY, _EVENT, _MAIL, _IN_APP),
    ),
    "OnPostChatAnalysisAvailable": ("A chat was analysed", "$.ContactLens.PostChat.", _AFTER_CONTACT),
    "OnAfterCallWorkAvailable": ("After-contact work of a call ended", "$.ContactLens.PostCall.", _AFTER_CONTACT),
    "OnAfterChatWorkAvailable": ("After-contact work of a chat ended", "$.ContactLens.PostChat.", _AFTER_CONTACT),
    "OnEmailAnalysisAvailable": (
        "An email was analysed",
        "$.ContactLens.Email.",
        (*_AFTER_CONTACT, "END_ASSOCIATED_EMAILS"),
    ),
    "OnContactEvaluationSubmit": ("An evaluation was submitted", "$.ContactEvaluation.", (_CATEGORY, *_PLAIN)),
    "OnMetricDataUpdate": ("A metric changed", "$.MetricData.", _PLAIN),
    "OnCaseCreate": ("A case was created", "$.Case.", _CASES),
    "OnCaseUpdate": ("A case was updated", "$.Case.", (*_CASES, "END_ASSOCIATED_TASKS")),
    "OnSlaBreach": ("The service level of a case was missed", "$.Case.", _CASES),
    "OnAlertUpdate": ("An alert changed", "$.Alert.", _PLAIN),
    "OnSchedulePublish": ("A schedule was published", "$.Schedule.", (_MAIL, _IN_APP)),
    "OnScheduleUpdate": ("A schedule changed", "$.Schedule.", (_MAIL, _IN_APP)),
    "OnScheduleTimeOffRequestActivity": ("A request for time off moved", "$.Schedule.", (_MAIL, _IN_APP)),
}
for _name, (_label, _prefix, _actions) in _KEPT.items():
    declare(Trigger(_name, _label, (_prefix,), _actions))
