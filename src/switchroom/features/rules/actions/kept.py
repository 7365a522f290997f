"""Actions of triggers that do not run yet: kept with their rules. One that begins to run gets a file of its own."""

from switchroom.features.rules.actions import Action, declare

_KEPT = {
    "ASSIGN_CONTACT_CATEGORY": "AssignContactCategoryAction",
    "CREATE_CASE": "CreateCaseAction",
    "UPDATE_CASE": "UpdateCaseAction",
    "ASSIGN_SLA": "AssignSlaAction",
    "END_ASSOCIATED_TASKS": "EndAssociatedTasksAction",
    "END_ASSOCIATED_EMAILS": "EndAssociatedEmailsAction",
    "SUBMIT_AUTO_EVALUATION": "SubmitAutoEvaluationAction",
    "EXTRACT_INFORMATION": "ExtractInformationAction",
    "SEND_IN_APP_NOTIFICATION": "SendInAppNotificationAction",
}
for _type, _member in _KEPT.items():
    declare(Action(_type, _member))
