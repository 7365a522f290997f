"""Events are evaluated: which rules fit, and what their actions did. Each event exactly once, whoever dies meanwhile.

An event is held in a transaction while its actions are done. Tasks are started with a token that names event, rule and
action, so that a repetition after a crash gets the task of the first time; everything else is written in the
transaction that settles the event.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import DAY, HOUR, MINUTE, SECOND, iso_s, now_ms
from switchroom.base.errors import ServiceError
from switchroom.centre.centres import Centres
from switchroom.features.mail import Mailer
from switchroom.features.rules.actions import ACTIONS, Occasion
from switchroom.features.rules.applications import APPLICATIONS, subdomain
from switchroom.features.rules.happening import Happening
from switchroom.features.rules.language import BadFunction, Condition, Group, holds, parse
from switchroom.features.rules.messages import FAILED, envelope
from switchroom.features.rules.triggers import TRIGGERS
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.storage import external_events as store
from switchroom.storage import outbox
from switchroom.storage.external_events import EventConnection, StoredEvent
from switchroom.storage.postgres import Database, connection_lost

log = logging.getLogger(__name__)

USE_CASE = "RULES_EVALUATION"
TRIED_FOR = 12 * HOUR
"""How long an event is tried; a token is remembered for longer."""
KEPT = 30 * DAY
_PAUSES = (SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE)
_RETRIED = frozenset({"InternalServiceException", "ThrottlingException"})
"""Refusals that say nothing about the action: its event is tried again."""
_FULL = "ServiceQuotaExceededException"
"""The centre has no room for another task; there may be some after a pause, each of which is taken once."""


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an action of a rule did."""

    rule: str
    rule_name: str
    action: str
    contact: str | None = None
    code: str | None = None
    reason: str | None = None


class _Later(Exception):
    """The centre is away, or full, at the moment."""


class Evaluation:
    """Works off events, on whichever node comes to them."""

    def __init__(
        self,
        site: Site,
        database: Database,
        catalogue: Catalogue,
        centres: Centres,
        mailer: Mailer | None = None,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._site = site
        self._database = database
        self._catalogue = catalogue
        self._centres = centres
        self._mailer = mailer
        self._clock = clock
        self._forgotten_at = 0

    async def work(self) -> bool:
        """Evaluate the oldest event that is due; whether there was one."""
        now = self._clock()
        occasions: list[Occasion] = []
        event: StoredEvent | None = None
        try:
            async with self._database.pool.acquire() as connection, connection.transaction():
                event = await store.next_due(connection, now)
                if event is None:
                    await self._forget(now)
                    return False
                state, reason, outcomes, occasions = await self._evaluate(event, now)
                await store.settle(connection, event, state, reason, msgspec.json.encode(outcomes).decode())
                messages = [message for occasion in occasions for message in occasion.messages]
                if messages:
                    await outbox.put(connection, messages)
        except Exception as error:
            if event is None or connection_lost(error):
                raise
            if not isinstance(error, _Later):
                log.exception("event %s of connection %s cannot be evaluated", event.id, event.connection)
            pause = _PAUSES[min(event.attempts, len(_PAUSES) - 1)]
            await store.postpone(self._database, event, now + pause, str(error) or type(error).__name__)
            return True
        for occasion in occasions:
            if self._mailer is not None:
                for letter in occasion.letters:
                    self._mailer.send(letter)
        return True

    async def _forget(self, now: int) -> None:
        if now > self._forgotten_at + HOUR:
            self._forgotten_at = now
            await store.forget(self._database, now - KEPT)

    async def _evaluate(self, event: StoredEvent, now: int) -> tuple[str, str | None, list[Outcome], list[Occasion]]:
        if now - event.received_at > TRIED_FOR:
            return "FAILED", f"It could not be evaluated for {TRIED_FOR // HOUR} hours: {event.reason}", [], []
        connection = await store.find(self._database, event.connection)
        if connection is None or connection.deleted_at is not None:
            return "IGNORED", "The connection was removed", [], []
        if not used_for_rules(self._catalogue, event.instance, event.connection):
            return "IGNORED", f"The connection has no use case {USE_CASE}", [], []
        payload: dict[str, Any] = msgspec.json.decode(event.payload)
        happenings = APPLICATIONS[connection.application].read(payload, connection.url).happenings
        if not happenings:
            return "IGNORED", "No trigger is of this kind", [], []
        outcomes: list[Outcome] = []
        occasions: list[Occasion] = []
        for number, happening in enumerate(happenings):
            for rule, function in self._rules(connection, happening.trigger):
                facts = _with_surroundings(happening, connection, rule)
                if holds(function, _facts(facts)):
                    await self._act(rule, facts, event, number, now, outcomes, occasions)
        if not outcomes:
            return "IGNORED", "No rule fits", [], []
        failures = [outcome for outcome in outcomes if outcome.code is not None]
        return ("FAILED" if failures else "DONE"), failures[0].reason if failures else None, outcomes, occasions

    def _rules(self, connection: EventConnection, trigger: str) -> Iterator[tuple[Document, Group]]:
        """The published rules of a connection and trigger, by name, with their functions."""
        chosen = ("triggered", connection.id, trigger)
        found = self._catalogue.memo(
            connection.instance, "rule", chosen, lambda: list(self._parsed(connection, trigger))
        )
        yield from found

    def _parsed(self, connection: EventConnection, trigger: str) -> Iterator[tuple[Document, Group]]:
        for rule in self._catalogue.all(connection.instance, "rule"):
            source = rule.body["TriggerEventSource"]
            if (
                rule.body["PublishStatus"] == "PUBLISHED"
                and source["EventSourceName"] == trigger
                and source.get("IntegrationAssociationId") == connection.id
            ):
                try:
                    yield rule, parse(rule.body["Function"])
                except BadFunction as wrong:
                    log.warning("rule %s cannot run: %s", rule.id, wrong)

    async def _act(
        self,
        rule: Document,
        happening: Happening,
        event: StoredEvent,
        position: int,
        now: int,
        outcomes: list[Outcome],
        occasions: list[Occasion],
    ) -> None:
        """The actions of a rule, one after the other: one that fails does not stop the others."""
        trigger = TRIGGERS[happening.trigger]
        retried = _RETRIED | {_FULL} if event.attempts < len(_PAUSES) else _RETRIED
        for number, settings in enumerate(rule.body["Actions"]):
            action = ACTIONS[settings["ActionType"]]
            occasion = Occasion(
                site=self._site,
                catalogue=self._catalogue,
                centres=self._centres,
                mailer=self._mailer,
                rule=rule,
                trigger=trigger,
                happening=happening,
                key=f"{event.connection}/{event.seq}/{position}/{rule.id}/{number}",
                now=now,
            )
            contact, code, reason = None, None, None
            try:
                if action.perform is None:
                    raise ServiceError("NotImplementedException", f"{action.type} does not run yet")
                contact = await action.perform(occasion, settings[action.member])
            except ServiceError as error:
                if error.code in retried:
                    raise _Later(error.message) from error
                code, reason = error.code, error.message
                occasion.messages.append(self._failure(occasion, action.type, error))
            outcomes.append(Outcome(rule.id, rule.name, action.type, contact, code, reason))
            occasions.append(occasion)

    def _failure(self, occasion: Occasion, action: str, error: ServiceError) -> outbox.Message:
        instance = occasion.rule.instance
        more = {"message": error.message, "code": error.code, "time": iso_s(occasion.now)}
        info = msgspec.json.encode({**more, "retryable": error.code == _FULL}).decode()
        detail = {
            "ruleId": occasion.rule.id,
            "actionType": action,
            "triggerEvent": occasion.trigger.failed,
            "instanceArn": self._site.instance(instance),
            "reasonCode": error.code,
            "error": error.message,
            "additionalInfo": info,
        }
        return envelope(self._site, instance, FAILED, detail, occasion.key, occasion.now)


def used_for_rules(catalogue: Catalogue, instance: str, connection: str) -> bool:
    """Whether an integration association has the use case that lets rules hear of it."""
    return any(
        one.body["IntegrationAssociationId"] == connection and one.body["UseCaseType"] == USE_CASE
        for one in catalogue.all(instance, "use-case")
    )


def _with_surroundings(happening: Happening, connection: EventConnection, rule: Document) -> Happening:
    """With what texts can say besides: where the application is, and which rule speaks."""
    around = {
        "RuleName": rule.name,
        "InstanceUrl": connection.url,
        "InstanceName": subdomain(connection.url),
        "ConnectionName": connection.name,
    }
    return msgspec.structs.replace(happening, facts={**happening.facts, **around})


def _facts(happening: Happening) -> Callable[[Condition], Any]:
    trigger = TRIGGERS[happening.trigger]

    def value(condition: Condition) -> Any:
        name = trigger.name_of(condition.value)
        return None if name is None else happening.fact(name)

    return value
