"""Batches of users on a real database: checked, worked off, cancelled, tried again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from switchroom.base.arns import Site
from switchroom.base.ids import new_id
from switchroom.features.user_batches.batches import KEPT, NOT_CREATED, NOT_FOUND, PARTLY, Options, UserBatches
from switchroom.features.user_batches.files import parse
from switchroom.features.user_batches.report import failures_csv, users_csv
from switchroom.features.user_batches.rows import Checked, check
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds.hierarchy import STRUCTURE_ID
from switchroom.resources.people import create_user
from switchroom.resources.repository import SYSTEM, Repository, Write
from switchroom.storage.documents import Actor
from switchroom.storage.envelope import Envelope
from switchroom.storage.postgres import Database
from switchroom.storage.security import Passwords
from switchroom.storage.user_batches import Batch, Record

ADMIN = Actor("key", "AKIAEXAMPLE", "admin")
HEADER = (
    "first name,last name,email address,password,user login,routing profile name,security_profile_name_1,"
    "user_hierarchy_1,phone type,phone number,soft phone auto accept,ACW timeout,tags,mobile\n"
)


def row(name: str, **cells: str) -> str:
    values = {
        "first": "Jane",
        "last": "Doe",
        "mail": f"{name}@example.com",
        "password": "Abcdefg1",
        "login": name,
        "routing": "Basic",
        "profiles": "Agent",
        "hierarchy": "",
        "phone": "",
        "number": "",
        "accept": "",
        "acw": "",
        "tags": "",
        "mobile": "",
    }
    return ",".join((values | cells).values()) + "\n"


class House:
    """An instance with the makings of users, and the batches of one node."""

    def __init__(self, database: Database, catalogue: Catalogue, data: Path) -> None:
        self.now = 1_700_000_000_000
        self.database = database
        self.catalogue = catalogue
        self.repository = Repository(database, catalogue, Site())
        self.instance = new_id()
        self.passwords = Passwords(database)
        self.batches = self.another(data)

    def another(self, data: Path) -> UserBatches:
        """The batches of one more node."""
        envelope = Envelope(data / "root.key")
        return UserBatches(self.database, self.repository, envelope, self.passwords, lambda: self.now)

    async def furnish(self, **more: Any) -> None:
        body: dict[str, Any] = {"IdentityManagementType": "CONNECT_MANAGED", "InstanceStatus": "ACTIVE", **more}
        async with self.repository.write(self.instance, SYSTEM) as write:
            await write.create("instance", self.instance, "house", {"Quotas": {}} | body, identifier=self.instance)
            for name, tags in (("Agent", {}), ("Admin", {}), ("A", {"a": "1"}), ("B", {"b": "1"}), ("C", {"c": "1"})):
                limits = {"AllowedAccessControlTags": tags, "TagRestrictedResources": ["User"]} if tags else {}
                await write.create("security-profile", self.instance, name, {"Permissions": [], **limits})
            hours = await write.create("hours-of-operation", self.instance, "Hours", {"TimeZone": "UTC", "Config": []})
            queue = {
                "HoursOfOperationId": hours.id,
                "Status": "ENABLED",
                "QueueType": "STANDARD",
                "QuickConnectIds": [],
            }
            queue_id = (await write.create("queue", self.instance, "Queue", queue)).id
            for name in ("Basic", "Other"):
                profile: dict[str, Any] = {
                    "MediaConcurrencies": [],
                    "QueueConfigs": [],
                    "ManualAssignmentQueueConfigs": [],
                }
                profile |= {"DefaultOutboundQueueId": queue_id}
                await write.create("routing-profile", self.instance, name, profile)
            await self._hierarchy(write)

    async def _hierarchy(self, write: Write) -> None:
        levels = {f"Level{name}": {"Id": new_id(), "Name": name} for name in ("One", "Two")}
        await write.create("hierarchy-structure", self.instance, "structure", levels, identifier=STRUCTURE_ID)
        top = await write.create("hierarchy-group", self.instance, "Planet", {"LevelId": levels["LevelOne"]["Id"]})
        below = {"LevelId": levels["LevelTwo"]["Id"], "ParentGroupId": top.id}
        await write.create("hierarchy-group", self.instance, "Continent", below)

    def id(self, kind: str, name: str) -> str:
        scope = {"ParentGroupId": self.id(kind, "Planet")} if name == "Continent" else None
        found = self.catalogue.by_name(self.instance, kind, name, scope)
        assert found is not None, name
        return found.id

    def user(self, login: str) -> Document | None:
        return self.catalogue.by_name(self.instance, "user", login)

    async def people(self, *logins: str) -> list[str]:
        made = []
        async with self.repository.write(self.instance, SYSTEM) as write:
            for login in logins:
                body = {
                    "IdentityInfo": {"FirstName": login, "LastName": "Test"},
                    "RoutingProfileId": self.id("routing-profile", "Basic"),
                    "SecurityProfileIds": [self.id("security-profile", "Agent")],
                    "HierarchyGroupId": self.id("hierarchy-group", "Planet"),
                }
                made.append((await create_user(write, self.instance, login, body)).id)
        return made

    def check(self, *rows: str) -> list[Checked]:
        return check(self.catalogue, self.instance, parse(HEADER + "".join(rows), True))

    async def load(self, *rows: str) -> str:
        return await self.batches.start_import(self.instance, parse(HEADER + "".join(rows), True), ADMIN)

    async def finish(self, identifier: str, batches: UserBatches | None = None) -> tuple[Batch, list[Record]]:
        while await (batches or self.batches).work():
            pass
        batch = await self.batches.get(self.instance, identifier)
        assert batch.ended_at is not None
        return batch, await self.batches.failures(self.instance, identifier)


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    catalogue = Catalogue()
    await catalogue.open(database)
    house = House(database, catalogue, tmp_path)
    await house.furnish()
    yield house
    await catalogue.close()


def counts(batch: Batch) -> tuple[str, int, int, int]:
    return batch.state, batch.total, batch.succeeded, batch.failed


# checking


async def test_the_two_errors_of_the_vector(house: House) -> None:
    """USER-08: `Agnet` and `abc` are two errors of their row; the other rows are unaffected, nothing is written."""
    good, bad, also_good = house.check(row("one"), row("two", profiles="Agnet", password="abc"), row("three"))
    assert [(problem.field, problem.reason) for problem in bad.problems] == [
        ("security profile", "Security profile Agnet was not found"),
        (
            "password",
            "The password does not meet the requirements. The password must have 8 to 64 characters, with at least one"
            " upper-case letter, one lower-case letter and one digit",
        ),
    ]
    assert good.user and also_good.user and bad.user is None
    assert house.user("one") is None


REFUSED: list[tuple[dict[str, str], str, str]] = [
    ({"first": ""}, "first name", "Required"),
    ({"last": "x" * 257}, "last name", "At most 256 characters"),
    ({"mail": ""}, "email address", "Required"),
    ({"mail": "jane"}, "email address", "Not a mail address"),
    ({"mobile": "12345"}, "mobile", "Not a number in E.164 form, such as +15550100"),
    ({"login": ""}, "user login", "Required"),
    ({"login": "x" * 21}, "user login", "The user name has at most 20 characters"),
    (
        {"login": "a@b"},
        "user login",
        "A user name with @ must be a complete mail address, such as testuser@example.com",
    ),
    ({"login": "KNOWN"}, "user login", "A user with this login exists already"),
    ({"login": "Above"}, "user login", "Row 2 has the same login"),
    ({"routing": "Basics"}, "routing profile name", "Routing profile Basics was not found"),
    ({"profiles": ""}, "security profile", "Required"),
    ({"profiles": "|"}, "security profile", "A user has 1 to 10 different security profiles"),
    ({"profiles": "X|Agent|Y"}, "security profile", "Security profiles X, Y were not found"),
    (
        {"profiles": "A|B|C"},
        "security profile",
        "A user can have at most 2 security profiles with access control tags",
    ),
    (
        {"hierarchy": "Continent"},
        "agent hierarchy",
        "Hierarchy group Continent was not found at this place of the hierarchy",
    ),
    ({"phone": "mobile"}, "phone type (soft/desk)", "Must be soft or desk"),
    ({"phone": "desk"}, "phone number", "A desk phone needs a number in E.164 form, such as +15550100"),
    ({"phone": "desk", "number": "0312345678"}, "phone number", "Not a number in E.164 form, such as +15550100"),
    ({"accept": "on"}, "soft phone auto accept (yes/no)", "Must be yes or no"),
    ({"acw": "2000001"}, "ACW timeout (seconds)", "Must be a whole number from 0 to 2000000"),
    ({"acw": "-1"}, "ACW timeout (seconds)", "Must be a whole number from 0 to 2000000"),
    ({"tags": "team"}, "tags", "team is not in the form key:value"),
    ({"tags": "a:1|a:2"}, "tags", "The key a is there more than once"),
    ({"tags": "key:" + "v" * 257}, "tags", "Tag values have at most 256 characters"),
]


async def test_cells_that_are_refused(house: House) -> None:
    """USER-08, USER-10, ROUT-70: each rule, with the column and why."""
    await house.people("known")
    _, *checked = house.check(
        row("above"), *(row(f"n{number}", **cells) for number, (cells, _, _) in enumerate(REFUSED))
    )
    for one, (_, field, reason) in zip(checked, REFUSED, strict=True):
        assert [(problem.field, problem.reason) for problem in one.problems] == [(field, reason)]
        assert one.user is None


async def test_a_full_instance(house: House) -> None:
    """No more valid rows than the quota leaves."""
    await house.repository.update(
        house.instance, "instance", house.instance, lambda found: {**found.body, "Quotas": {"USERS": 2}}
    )
    await house.people("known")
    assert [bool(checked.problems) for checked in house.check(row("one"), row("two"))] == [False, True]


# importing


async def test_an_import_creates_what_is_valid(house: House) -> None:
    """USER-09, USER-11: counts, users as described, passwords that work, rows with problems reported."""
    full = row(
        "full",
        profiles="agent|Admin",
        hierarchy="Planet|Continent",
        phone="Desk",
        number="+15550100",
        accept="YES",
        acw="30",
        tags="team:red|empty:",
        mobile="+15550101",
    )
    batch, failures = await house.finish(await house.load(row("plain"), full, row("bad", routing="Nowhere")))
    assert counts(batch) == ("DONE", 3, 2, 1)
    assert [(one.row, one.login, one.reason, one.fields) for one in failures] == [
        (4, "bad", NOT_CREATED, ("routing profile name: Routing profile Nowhere was not found",))
    ]
    user = house.user("full")
    assert user is not None
    assert user.body["SecurityProfileIds"] == [house.id("security-profile", name) for name in ("Agent", "Admin")]
    assert user.body["HierarchyGroupId"] == house.id("hierarchy-group", "Continent")
    assert user.body["PhoneConfig"] == {
        "PhoneType": "DESK_PHONE",
        "DeskPhoneNumber": "+15550100",
        "AutoAccept": True,
        "AfterContactWorkTimeLimit": 30,
    }
    assert user.tags == {"team": "red", "empty": ""} and user.modified_by == "admin"
    assert house.catalogue.find(house.instance, "queue", user.id) is not None
    assert await house.passwords.check(house.instance, user.id, "Abcdefg1", house.now)
    exported = users_csv(house.catalogue, [user]).splitlines()[1]
    assert exported == (
        "full,Jane,Doe,full@example.com,,+15550101,Basic,Agent|Admin,Planet|Continent,desk,+15550100,yes,30,"
        "empty:|team:red,2023-11-14T22:13:20Z"
    )


async def test_no_password_lies_in_the_table(house: House) -> None:
    """Rows wait sealed; they are wiped once the user is there, and with a batch that is cancelled."""
    identifier = await house.load(row("one"), row("two"), row("bad", acw="x"))
    stored = "SELECT count(*) FROM user_batch_records r WHERE r::text LIKE '%' || $1 || '%'"
    sealed = "SELECT login FROM user_batch_records WHERE sealed IS NOT NULL ORDER BY login"
    for text in ("Abcdefg1", b"Abcdefg1".hex()):
        assert await house.database.pool.fetchval(stored, text) == 0
    await house.batches.work()
    assert [one[0] for one in await house.database.pool.fetch(sealed)] == ["bad", "two"]
    await house.batches.cancel(house.instance, identifier)
    batch, _ = await house.finish(identifier)
    assert counts(batch) == ("CANCELLED", 3, 1, 1)
    assert [one[0] for one in await house.database.pool.fetch(sealed)] == ["bad"]
    assert house.user("one") and house.user("two") is None


async def test_batches_run_one_after_the_other_and_resume(house: House, tmp_path: Path) -> None:
    """USER-12: first come, first served; whoever takes over goes on with the next record, none twice."""
    first = await house.load(row("a1"), row("a2"), row("a3"))
    second = await house.load(row("b1"), row("a3"))
    await house.batches.work()
    await house.batches.work()
    assert [bool(house.user(login)) for login in ("a1", "a2", "a3", "b1")] == [True, True, False, False]
    assert (await house.batches.get(house.instance, first)).state == "RUNNING"
    assert (await house.batches.get(house.instance, second)).state == "QUEUED"
    batch, failures = await house.finish(second, house.another(tmp_path))
    assert counts(batch) == ("DONE", 2, 1, 1)
    assert failures[0].fields == ("user login: A user with this login exists already",)
    assert counts(await house.batches.get(house.instance, first)) == ("DONE", 3, 3, 0)
    listed = await house.batches.newest(house.instance, None, 10)
    assert [one.id for one in listed] == [second, first]


# editing


async def test_a_partly_failed_edit(house: House) -> None:
    """USER-17, USER-19: five users, the hierarchy group deleted before Save, ACW 30 chosen too."""
    users = await house.people(*(f"agent{number}" for number in range(11, 16)))
    group = house.id("hierarchy-group", "Continent")
    await house.repository.delete(house.instance, "hierarchy-group", group)
    changes = {"HierarchyGroupId": group, "AfterContactWorkTimeLimit": 30}
    identifier = await house.batches.start_edit(house.instance, users, changes, ADMIN)
    batch, failures = await house.finish(identifier)
    assert counts(batch) == ("DONE", 5, 0, 5)
    assert {(one.reason, one.fields) for one in failures} == {(PARTLY, ("Agent hierarchy: Not found",))}
    assert f"agent12,{PARTLY},Agent hierarchy: Not found\r\n" in failures_csv("EDIT", failures)
    for number in range(11, 16):
        user = house.user(f"agent{number}")
        assert user is not None and user.body["PhoneConfig"]["AfterContactWorkTimeLimit"] == 30
        assert user.body["HierarchyGroupId"] == house.id("hierarchy-group", "Planet")


async def test_an_edit_sets_what_is_chosen(house: House) -> None:
    """USER-17: every field, and those that are not chosen stay; an empty group removes the group."""
    (user,) = await house.people("agent")
    changes: dict[str, Any] = {
        "RoutingProfileId": house.id("routing-profile", "Other"),
        "SecurityProfileIds": [house.id("security-profile", "Admin")],
        "PhoneType": "DESK_PHONE",
        "DeskPhoneNumber": "+15550100",
        "AutoAccept": True,
        "HierarchyGroupId": "",
        "Tags": {"team": "blue"},
    }
    batch, _ = await house.finish(await house.batches.start_edit(house.instance, [user], changes, ADMIN))
    assert counts(batch) == ("DONE", 1, 1, 0)
    document = house.user("agent")
    assert document is not None
    phone = {name: changes[name] for name in ("PhoneType", "DeskPhoneNumber", "AutoAccept")}
    assert document.body["PhoneConfig"] == {**phone, "AfterContactWorkTimeLimit": 0}
    assert document.body["RoutingProfileId"] == changes["RoutingProfileId"]
    assert document.body["SecurityProfileIds"] == changes["SecurityProfileIds"]
    assert not document.body.get("HierarchyGroupId") and document.tags == {"team": "blue"}
    assert document.body["IdentityInfo"]["FirstName"] == "agent"


async def test_failed_ones_are_tried_again(house: House) -> None:
    """USER-19: only those, with the same values."""
    users = await house.people("here")
    identifier = await house.batches.start_edit(house.instance, [*users, "gone"], {"AutoAccept": True}, ADMIN)
    batch, failures = await house.finish(identifier)
    assert counts(batch) == ("DONE", 2, 1, 1) and [one.reason for one in failures] == [NOT_FOUND]
    again = await house.batches.retry(house.instance, identifier, ADMIN)
    batch, _ = await house.finish(again)
    assert counts(batch) == ("DONE", 1, 0, 1)
    assert batch.changes is not None and msgspec.json.decode(batch.changes) == {"AutoAccept": True}
    imported = await house.load(row("late", routing="Soon"))
    await house.finish(imported)
    async with house.repository.write(house.instance, SYSTEM) as write:
        other = house.catalogue.get(house.instance, "routing-profile", house.id("routing-profile", "Other"))
        await write.update(await house.repository.newest(write, house.instance, other.kind, other.id), name="Soon")
    batch, _ = await house.finish(await house.batches.retry(house.instance, imported, ADMIN))
    assert counts(batch) == ("DONE", 1, 1, 0) and house.user("late")


# deleting


async def test_deletion_reports_who_was_not_found(house: House) -> None:
    """USER-25, USER-26: a login deleted already gives the failure of the vector; personal queues go along."""
    users = await house.people("batch100", "batch101")
    house.now += 1
    await house.finish(await house.batches.start_deletion(house.instance, users[:1], Options(), ADMIN))
    identifier = await house.batches.start_deletion(house.instance, users, Options(), ADMIN)
    batch, failures = await house.finish(identifier)
    assert counts(batch) == ("DONE", 2, 1, 1)
    assert failures_csv("DELETE", failures) == f"Login,Failed reason\r\nbatch100,{NOT_FOUND}\r\n"
    assert house.catalogue.all(house.instance, "user") == []
    assert [queue.name for queue in house.catalogue.all(house.instance, "queue")] == ["Queue"]


async def test_nobody_deletes_oneself(house: House) -> None:
    """Not in a batch either."""
    (user,) = await house.people("me")
    by = Actor("person", user, "me")
    batch, failures = await house.finish(await house.batches.start_deletion(house.instance, [user], Options(), by))
    assert (batch.failed, failures[0].reason) == (1, "You cannot delete yourself")


async def test_quick_connects_go_along_if_wanted(house: House) -> None:
    """USER-28: orphans by default, deleted on demand."""
    users = await house.people("one", "two")
    async with house.repository.write(house.instance, SYSTEM) as write:
        for name, user in zip(("To one", "To two"), users, strict=True):
            flow = await write.create("contact-flow", house.instance, name, {"Type": "AGENT_TRANSFER"})
            config = {"QuickConnectType": "USER", "UserConfig": {"UserId": user, "ContactFlowId": flow.id}}
            await write.create("quick-connect", house.instance, name, {"QuickConnectConfig": config})
    await house.batches.start_deletion(house.instance, users[:1], Options(), ADMIN)
    last = await house.batches.start_deletion(house.instance, users[1:], Options(quick_connects=True), ADMIN)
    batch, _ = await house.finish(last)
    assert batch.succeeded == 1
    assert [one.name for one in house.catalogue.all(house.instance, "quick-connect")] == ["To one"]


async def test_batches_are_forgotten(house: House) -> None:
    """Dismissed at once, otherwise after a week."""
    first, second = await house.load(row("a")), await house.load(row("b"))
    await house.finish(second)
    await house.batches.dismiss(house.instance, first)
    assert [one.id for one in await house.batches.newest(house.instance, None, 9)] == [second]
    house.now += KEPT + 1
    await house.batches.work()
    assert await house.batches.newest(house.instance, None, 9) == []
