"""What stands between a flow document and its publication: the checker, with the instance's own resources."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError
from switchroom.flows.check import Problem, check, errors_of
from switchroom.resources.resource import View

_LONGEST = 256
MODULE = "MODULE"


def exists(view: View, instance: str, kind: str, reference: str) -> bool:
    """Whether a flow may refer to this, by id or ARN; a user also by name, a function also by name and region."""
    if kind == "lambda-function":
        return any(reference in (one.name, parse_id(one.name)) for one in view.all(instance, kind))
    if kind == "user" and view.by_name(instance, "user", reference):
        return True
    return view.find(instance, kind, parse_id(reference).partition(":")[0]) is not None


def problems_of(view: View, instance: str, content: str, type_: str, language: str = "en") -> list[Problem]:
    """Everything the checker finds in a flow of this instance, in a language."""

    def known(kind: str, reference: str) -> bool:
        return exists(view, instance, kind, reference)

    return check(content, type_, exists=known, language=language)


def require_publishable(view: View, instance: str, content: str, type_: str) -> None:
    """Refuse a flow that must not run: InvalidContactFlowException, or InvalidContactFlowModuleException, with the
    problems (FLOW-35)."""
    _refuse(errors_of(problems_of(view, instance, content, type_)), type_)


def require_readable(content: str, type_: str) -> None:
    """Refuse as a draft only what is not a flow document at all."""
    _refuse([problem for problem in check(content, type_) if problem.code == "not-a-flow"], type_)


def _refuse(errors: list[Problem], type_: str) -> None:
    if not errors:
        return
    texts = [f"{problem.path}: {problem.message}" if problem.path else problem.message for problem in errors]
    problems: list[dict[str, Any]] = [{"message": text[:_LONGEST]} for text in texts]
    if type_ == MODULE:
        raise ServiceError("InvalidContactFlowModuleException", texts[0], Problems=problems)
    raise ServiceError("InvalidContactFlowException", texts[0], problems=problems)
