"""Which records security profiles reach: the vectors of users-security.md, sections 5 to 7."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given, strategies

from switchroom.base.arns import Site
from switchroom.base.ids import new_id
from switchroom.resources.access import RESTRICTABLE, Access, access_of
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.resource import declaration

INSTANCE = new_id()
COUNTRY = {"Department": "X", "Country": "Y"}
_revisions = count(1)


class World(Catalogue):
    """A catalogue that a test fills by hand."""

    def add(self, kind: str, tags: dict[str, str] | None = None, **body: Any) -> Document:
        identifier = new_id()
        document = Document(
            instance=INSTANCE,
            kind=kind,
            id=identifier,
            arn=declaration(kind).make_arn(Site(), INSTANCE, identifier),
            name=identifier,
            body=body,
            tags=tags or {},
            version=1,
            created_at=0,
            modified_at=0,
            modified_by="",
            modified_region="",
            revision=next(_revisions),
        )
        self.apply(document)
        return document

    def profile(
        self, *permissions: str, restricted: tuple[str, ...] = (), tags: dict[str, str] | None = None, **body: Any
    ) -> Document:
        narrowed = {"TagRestrictedResources": list(restricted), "AllowedAccessControlTags": tags or {}}
        return self.add("security-profile", None, Permissions=list(permissions), **narrowed, **body)

    def holder(self, *profiles: Document, group: Document | None = None) -> Document:
        return self.user({}, group, SecurityProfileIds=[profile.id for profile in profiles])

    def user(self, tags: dict[str, str], group: Document | None = None, **body: Any) -> Document:
        return self.add("user", tags, **body, **({"HierarchyGroupId": group.id} if group else {}))

    def group(self, parent: Document | None = None) -> Document:
        return self.add("hierarchy-group", None, **({"ParentGroupId": parent.id} if parent else {}))


def by_country(world: World, country: str) -> Document:
    return world.profile("Users.View", restricted=("User",), tags={"Country": country})


@pytest.mark.parametrize(
    ("tags", "reached"), [({"Department": "X"}, False), (COUNTRY | {"Z": "1"}, True), ({"country": "Y"}, False)]
)
def test_all_tags_of_a_profile_must_be_there(tags: dict[str, str], reached: bool) -> None:
    """USER-48, vectors 1 and 2: AND inside a profile, exact in key and value."""
    world = World()
    holder = world.holder(world.profile("Users.View", restricted=("User",), tags=COUNTRY))
    assert Access(world, holder).allows("Users.View", "user", world.user(tags)) is reached


def test_one_of_two_profiles_is_enough_and_one_without_tags_wins() -> None:
    """USER-49, vectors 3 and 4."""
    world = World()
    two = [by_country(world, "USA"), by_country(world, "Argentina")]
    assert Access(world, world.holder(*two)).allows("Users.View", "user", world.user({"Country": "Argentina"}))
    assert not Access(world, world.holder(*two)).allows("Users.View", "user", world.user({}))
    lifted = Access(world, world.holder(*two, world.profile("Users.View")))
    assert lifted.allows("Users.View", "user", world.user({}))
    assert not lifted.restricted("user")
    grants = {grant.profile.id: grant for grant in lifted.grants}
    void = lifted.lifted_by(grants[two[0].id], "user")
    assert void is not None and not void.limits


def test_a_profile_that_grants_something_else_lifts_nothing() -> None:
    """USER-49, vector 5."""
    world = World()
    limited = world.profile("Users.View", restricted=("User",), tags={"A": "1"})
    access = Access(world, world.holder(limited, world.profile("BasicAgentAccess")))
    assert not access.allows("Users.View", "user", world.user({}))
    assert access.restricted("user")


def test_types_that_are_not_restricted_stay_open() -> None:
    """USER-48, vector 6."""
    world = World()
    access = Access(world, world.holder(world.profile("Queues.View", restricted=("User",), tags={"A": "1"})))
    assert access.allows("Queues.View", "queue", world.add("queue"))
    assert not access.restricted("queue")
    assert not access.allows("Queues.Edit", "queue", world.add("queue")), "not granted at all"


def test_each_permission_has_the_reach_of_the_profiles_that_give_it() -> None:
    """USER-40, USER-49: one profile lets see all users, another edit those of a team."""
    world = World()
    editing = world.profile("Users.Edit", restricted=("User",), tags={"Team": "A"})
    access = Access(world, world.holder(world.profile("Users.View"), editing))
    ours, other = world.user({"Team": "A"}), world.user({"Team": "B"})
    assert access.filter("Users.View", "user", [ours, other]) == [ours, other]
    assert access.filter("Users.Edit", "user", [ours, other]) == [ours]
    assert access.restricted("user", "Users.Edit") and not access.restricted("user")


def test_permissions_bring_along_what_they_need() -> None:
    """USER-42: a stored Edit alone lets view within the same limits."""
    world = World()
    access = Access(world, world.holder(world.profile("Queues.Edit", restricted=("Queue",), tags={"A": "1"})))
    assert access.allows("Queues.View", "queue", world.add("queue", {"A": "1"}))
    assert not access.allows("Queues.View", "queue", world.add("queue", {"A": "2"}))


def test_people_without_limits_have_no_access_object() -> None:
    world = World()
    assert access_of(world, world.holder(world.profile("Users.View"))) is None
    assert access_of(world, world.holder(by_country(world, "USA"))) is not None


def test_hierarchy_limits_users_to_a_group_and_below() -> None:
    """USER-59: the own group or a named one, and all groups below it."""
    world = World()
    top = world.group()
    left, right = world.group(top), world.group(top)
    leaf = world.group(left)
    by_group: dict[str, Any] = {"HierarchyRestrictedResources": ["User"]}
    own = Access(world, world.holder(world.profile("Users.View", **by_group), group=left))
    reached = [own.allows("Users.View", "user", world.user({}, group)) for group in (top, left, leaf, right, None)]
    assert reached == [False, True, True, False, False]
    named: dict[str, Any] = by_group | {"AllowedAccessControlHierarchyGroupId": right.id}
    one = Access(world, world.holder(world.profile("Users.View", **named), group=left))
    assert one.allows("Users.View", "user", world.user({}, right))
    assert not one.allows("Users.View", "user", world.user({}, left))


def test_tags_and_hierarchy_of_a_profile_must_both_hold() -> None:
    """USER-59: both inside a profile, either of two profiles."""
    world = World()
    left, right = world.group(), world.group()
    by_group: dict[str, Any] = {
        "HierarchyRestrictedResources": ["User"],
        "AllowedAccessControlHierarchyGroupId": left.id,
    }
    both = world.profile("Users.View", restricted=("User",), tags={"A": "1"}, **by_group)
    access = Access(world, world.holder(both))
    assert access.allows("Users.View", "user", world.user({"A": "1"}, left))
    assert not access.allows("Users.View", "user", world.user({"A": "1"}, right))
    assert not access.allows("Users.View", "user", world.user({}, left))
    by_group["AllowedAccessControlHierarchyGroupId"] = right.id
    union = Access(world, world.holder(both, world.profile("Users.View", **by_group)))
    assert union.allows("Users.View", "user", world.user({}, right))
    assert union.allows("Users.View", "user", world.user({"A": "1"}, left))
    assert not union.allows("Users.View", "user", world.user({}, left))


def test_who_has_no_group_reaches_only_oneself_by_hierarchy() -> None:
    """USER-59."""
    world = World()
    holder = world.holder(world.profile("Users.View", HierarchyRestrictedResources=["User"]))
    access = Access(world, holder)
    assert access.allows("Users.View", "user", holder)
    assert not access.allows("Users.View", "user", world.user({}))


def test_the_agents_desk_is_not_narrowed_by_tags() -> None:
    world = World()
    profile = world.profile("BasicAgentAccess", "Queues.View", restricted=("Queue",), tags={"A": "1"})
    access = Access(world, world.holder(profile))
    assert access.allows(("Queues.View", "BasicAgentAccess"), "queue", world.add("queue"))
    assert not access.allows("Queues.View", "queue", world.add("queue"))
    assert not access.restricted("queue", ("Queues.View", "BasicAgentAccess"))
    other = world.profile("Queues.View", restricted=("Queue",), tags={"A": "1"})
    assert Access(world, world.holder(other)).restricted("queue", ("Queues.View", "BasicAgentAccess"))


KINDS = {"User": "Users.View", "Queue": "Queues.View"}
TAGS = strategies.dictionaries(strategies.sampled_from("ab"), strategies.sampled_from("12"), max_size=2)
PROFILES = strategies.lists(
    strategies.tuples(
        strategies.sets(strategies.sampled_from([*KINDS.values(), "BasicAgentAccess"])),
        strategies.sets(strategies.sampled_from([*KINDS])),
        TAGS,
    ),
    max_size=4,
)


@given(PROFILES, TAGS, strategies.sampled_from([*KINDS]))
def test_the_rule_as_the_specification_writes_it(
    profiles: list[tuple[set[str], set[str], dict[str, str]]], tags: dict[str, str], type_: str
) -> None:
    """USER-48, USER-49: section 6, line by line."""
    world, kind = World(), RESTRICTABLE[type_]
    made = [world.profile(*held, restricted=tuple(types), tags=required) for held, types, required in profiles]
    granting = [(types, required) for held, types, required in profiles if KINDS[type_] in held]
    unrestricted = any(type_ not in types or not required for types, required in granting)
    expected = unrestricted or any(required.items() <= tags.items() for _, required in granting)
    access = Access(world, world.holder(*made))
    record = world.add(kind, tags)
    assert access.allows(KINDS[type_], kind, record) is expected
    assert access.filter(KINDS[type_], kind, [record]) == ([record] if expected else [])
    if unrestricted:
        assert not access.restricted(kind)
