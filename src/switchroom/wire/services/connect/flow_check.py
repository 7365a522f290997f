"""What stands between a flow document and its publication: the checker, with the instance's own resources."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError
from switchroom.flows.check import Problem, check, errors_of
from switchroom.flows.language import FlowSyntaxError, current
from switchroom.flows.references import BOT_ALIAS, Target
from switchroom.resources.document import Document
from switchroom.resources.resource import View

_LONGEST = 256
_MOST = 50
_UNREADABLE = ("not-a-flow", "too-large", "too-deep")
MODULE = "MODULE"


def exists(view: View, instance: str, kind: str, reference: str) -> bool:
    """Whether a flow may refer to this, by id or ARN; a user also by name, a function also by name and region."""
    return InstanceDirectory(view, instance).known(kind, reference) is not None


@dataclass(frozen=True, slots=True)
class InstanceDirectory:
    """The resources that flows of an instance can refer to (`flows.references.Directory`)."""

    view: View
    instance: str

    def known(self, kind: str, reference: str) -> Target | None:
        """By id, or by the ARN of this instance; users and numbers as they are called, functions by ARN or name."""
        if kind == BOT_ALIAS and (alias := self._alias(lambda one, _: reference in _arns(one))):
            return alias
        if kind in _NAMED_BY_ARN:
            return self._associated(kind, lambda name: reference in (name, short_name(name)))
        if kind not in _KINDS:
            return None
        if kind in _NAMED and (called := self.view.by_name(self.instance, kind, reference)):
            return called
        found = self.view.find(self.instance, kind, parse_id(reference).partition(":")[0])
        here = found is not None and (not reference.startswith("arn:") or _unqualified(reference) == found.arn)
        return found if here else None

    def named(self, kind: str, name: str) -> Target | None:
        """By name; a bot alias as `Bot:Alias`."""
        if kind == BOT_ALIAS and (alias := self._alias(lambda _, known: known.casefold() == name.casefold())):
            return alias
        if kind in _NAMED_BY_ARN:
            return self._associated(kind, lambda arn: name in (arn, short_name(arn)))
        if kind not in _KINDS:
            return None
        found = [one for one in self.view.all(self.instance, kind) if one.name == name]
        standard = [one for one in found if one.body.get("QueueType") != "AGENT"]
        return next(iter(standard or found), None)

    def _alias(self, wanted: Callable[[Document, str], bool]) -> Target | None:
        """An alias of a bot of ours."""
        for alias in self.view.all(self.instance, BOT_ALIAS):
            bot = self.view.find(self.instance, "bot", alias.body["BotId"])
            name = f"{bot.name}:{alias.name}" if bot is not None else alias.name
            if wanted(alias, name):
                return _Associated(alias.arn, name)
        return None

    def _associated(self, kind: str, wanted: Callable[[str], bool]) -> Target | None:
        """What is associated with the instance by its ARN alone."""
        arn = next((one.name for one in self.view.all(self.instance, _NAMED_BY_ARN[kind]) if wanted(one.name)), None)
        return None if arn is None else _Associated(arn, short_name(arn))


@dataclass(frozen=True, slots=True)
class _Associated:
    arn: str
    name: str


_NAMED_BY_ARN = {"lambda-function": "lambda-function", BOT_ALIAS: "lex-v2-bot"}
_NAMED = ("user", "phone-number")
_KINDS = frozenset(
    ("queue", "hours-of-operation", "prompt", "contact-flow", "contact-flow-module", "task-template", *_NAMED)
)


def short_name(arn: str) -> str:
    """The name of a function in its ARN; the id of anything else."""
    parts = arn.split(":")
    return parts[6] if arn.startswith("arn:") and parts[2] == "lambda" and len(parts) > 6 else parse_id(arn)


def _arns(alias: Document) -> tuple[str, ...]:
    """The ARNs that a bot alias answers to."""
    return alias.arn, *(alias.body.get("StandsFor") or ())


def _unqualified(arn: str) -> str:
    """An ARN without the version or alias behind the id."""
    head, _, tail = arn.rpartition("/")
    return f"{head}/{tail.partition(':')[0]}"


def problems_of(view: View, instance: str, content: str, type_: str, language: str = "en") -> list[Problem]:
    """Everything the checker finds in a flow of this instance, in a language."""

    def known(kind: str, reference: str) -> bool:
        return exists(view, instance, kind, reference)

    return check(content, type_, exists=known, language=language)


def stored_form(content: str, type_: str) -> str:
    """A flow as it is stored: a flow of the old language is converted (FLOW-51)."""
    try:
        return current(content)
    except FlowSyntaxError as wrong:
        _refuse([Problem("error", "not-a-flow", str(wrong))], type_)
        raise AssertionError("unreachable") from None


def require_publishable(view: View, instance: str, content: str, type_: str) -> None:
    """Refuse a flow that must not run: InvalidContactFlowException, or InvalidContactFlowModuleException, with the
    problems (FLOW-35)."""
    _refuse(errors_of(problems_of(view, instance, content, type_)), type_)


def require_readable(content: str, type_: str) -> None:
    """Refuse as a draft only what is not a flow document at all."""
    _refuse([problem for problem in check(content, type_) if problem.code in _UNREADABLE], type_)


def _refuse(errors: list[Problem], type_: str) -> None:
    if not errors:
        return
    texts = [f"{problem.path}: {problem.message}" if problem.path else problem.message for problem in errors]
    problems: list[dict[str, Any]] = [{"message": text[:_LONGEST]} for text in texts[:_MOST]]
    if type_ == MODULE:
        raise ServiceError("InvalidContactFlowModuleException", texts[0], Problems=problems)
    raise ServiceError("InvalidContactFlowException", texts[0], problems=problems)
