"""The declaration of a kind of configuration object: one `Resource` a kind, found by `declaration(kind)`.

A kind states its place in ARNs, how its name is unique, what it refers to and how many of it an instance may have.
What is special beyond that is a `check` that sees the document about to be written and the configuration around it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from switchroom.base.arns import Site, parse_id
from switchroom.resources import paths
from switchroom.resources.document import Document


class OnDelete(Enum):
    """What happens to a reference when its target is to be deleted."""

    REFUSE = "refuse"
    DETACH = "detach"
    ORPHAN = "orphan"


class Names(Enum):
    """How names of a kind must differ inside an instance."""

    FREE = "free"
    EXACT = "exact"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Reference:
    """Identifiers of another kind at a place of the body (see `paths`).

    Where a reference is `optional`, an empty text stands for none; elsewhere it is an identifier nothing has.
    """

    path: str
    kind: str
    on_delete: OnDelete = OnDelete.REFUSE
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of a kind an instance may hold: the code in `quotas.DEFAULTS` and the error when there are as many."""

    code: str
    error: str = "LimitExceededException"


class View(Protocol):
    """Configuration as it would be if the changes made so far in the transaction were committed."""

    def get(self, instance: str, kind: str, identifier: str) -> Document:
        """The document; raises ResourceNotFoundException."""
        ...

    def find(self, instance: str, kind: str, identifier: str) -> Document | None:
        """The document or None."""
        ...

    def by_name(self, instance: str, kind: str, name: str) -> Document | None:
        """The document with this name, compared as the kind compares names."""
        ...

    def all(self, instance: str, kind: str) -> list[Document]:
        """All documents of a kind, sorted by name."""
        ...


Check = Callable[[View, Document, Document | None], None]
"""`check(view, next, before)`: raises ServiceError when `next` must not be written; `before` is None at creation."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of configuration object.

    `label` names it in messages. `arn` is the path below the instance, `{id}` standing for the identifier.
    `scope` narrows the uniqueness of names to documents with the same scope (a group's parent, an override's hours).
    `in_use` is the modelled error of the kind's deletion while something refers to it.
    """

    kind: str
    label: str
    arn: str
    names: Names = Names.EXACT
    scope: Callable[[dict[str, Any]], str] | None = None
    references: tuple[Reference, ...] = ()
    quota: Quota | None = None
    counted: Callable[[Document], bool] | None = None
    check: Check | None = None
    in_use: str = "ResourceInUseException"
    duplicate: str = "DuplicateResourceException"
    site_arn: bool = False

    def make_arn(self, site: Site, instance: str, identifier: str) -> str:
        """The ARN of a document of this kind."""
        path = self.arn.format(id=identifier)
        if self.site_arn:
            return f"arn:aws:connect:{site.region}:{site.account}:{path}"
        return f"{site.instance(instance)}/{path}" if path else site.instance(instance)

    def unique_name(self, name: str, body: dict[str, Any]) -> str | None:
        """The form of the name that only one document of the instance may have; None where names may repeat."""
        if self.names is Names.FREE:
            return None
        form = name.casefold() if self.names is Names.FOLDED else name
        return f"{self.scope(body)}\x1f{form}" if self.scope else form

    def canonical(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with ARNs at reference places shortened to identifiers."""
        for reference in self.references:
            body = paths.replace(body, reference.path, _optional if reference.optional else parse_id)
        return body

    def targets(self, body: dict[str, Any]) -> Iterator[tuple[Reference, str]]:
        """Every identifier the body refers to."""
        for reference in self.references:
            for value in paths.values(body, reference.path):
                yield reference, value

    def binding(self, body: dict[str, Any]) -> set[tuple[str, str]]:
        """(kind, id) of what must not be deleted as long as this body stands."""
        return {
            (reference.kind, target)
            for reference, target in self.targets(body)
            if reference.on_delete is OnDelete.REFUSE
        }


def _optional(value: str) -> str | None:
    return parse_id(value) or None


_DECLARED: dict[str, Resource] = {}


def declare(resource: Resource) -> Resource:
    """Make a kind known."""
    if resource.kind in _DECLARED:
        raise ValueError(f"kind {resource.kind} is declared twice")
    _DECLARED[resource.kind] = resource
    return resource


def declaration(kind: str) -> Resource:
    """The declaration of a kind; KeyError for a kind nobody declared."""
    return _DECLARED[kind]


def declared() -> list[Resource]:
    """All kinds, in the order of their declaration."""
    return list(_DECLARED.values())
