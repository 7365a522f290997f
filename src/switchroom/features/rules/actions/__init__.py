"""What rules can do: one file an action, which calls `declare`. Importing this package declares them all."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from switchroom.base.arns import Site
from switchroom.centre.centres import Centres
from switchroom.features.mail import Letter, Mailer
from switchroom.features.rules.happening import Happening, filled
from switchroom.features.rules.triggers import Trigger
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.resource import View
from switchroom.storage.outbox import Message

Definition = dict[str, Any]


@dataclass(slots=True)
class Occasion:
    """One action of a rule that matched. `key` is the same whenever the same action is tried for the same event."""

    site: Site
    catalogue: Catalogue
    centres: Centres
    mailer: Mailer | None
    rule: Document
    trigger: Trigger
    happening: Happening
    key: str
    now: int
    messages: list[Message] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def text(self, template: str) -> str:
        """A text of the action with the facts in it."""
        return filled(template, self.happening, self.trigger.prefixes)


Check = Callable[[View, str, Definition], None]
Perform = Callable[[Occasion, Definition], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Action:
    """An action. `member` of a rule's action holds its settings.

    `check(view, instance, settings)` raises ServiceError when a rule must not be saved so. `perform` returns the task
    it made, if it made one; what it adds to `messages` and `letters` is sent when the event is settled. Actions
    without `perform` are kept only.
    """

    type: str
    member: str
    check: Check | None = None
    perform: Perform | None = None


ACTIONS: dict[str, Action] = {}


def declare(action: Action) -> Action:
    """Make an action known."""
    if action.type in ACTIONS:
        raise ValueError(f"action {action.type} is declared twice")
    ACTIONS[action.type] = action
    return action


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
