"""Files and facts of users for the page of user management (USER-07, USER-23, USER-28)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import iso_s
from switchroom.features.user_batches.files import template
from switchroom.features.user_batches.report import users_csv
from switchroom.resources.document import Document
from switchroom.resources.kinds.user import OWN, managed_by
from switchroom.resources.people import quick_connects_to
from switchroom.storage.contacts import handled_by, waiting_in
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of

ADMINISTRATORS = "Admin"
"""The security profile that every instance begins with."""


@operation("switchroom", "GetUserImportTemplate", permission="Users.Create")
def get_user_import_template(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Without mail and password columns where users sign in elsewhere (USER-07, BASE-181)."""
    own = managed_by(catalogue(call), instance_of(call, request)) == OWN
    return {"FileName": "users.csv" if own else "users-saml.csv", "Csv": template(own)}


@operation("switchroom", "ExportUsers", permission="Users.View")
def export_users(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Exactly the users that are asked for, never passwords (USER-23)."""
    instance = instance_of(call, request)
    users = _users(call, instance, request)
    name = catalogue(call).get(instance, "instance", instance).name
    return {"FileName": f"users-{name}-{iso_s(call.now)[:10]}.csv", "Csv": users_csv(catalogue(call), users)}


@operation("switchroom", "DescribeUserDeletion", permission="Users.Delete")
async def describe_user_deletion(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What the person who confirms a deletion should know."""
    instance, found = instance_of(call, request), catalogue(call)
    users = _users(call, instance, request)
    described = []
    async with call.services.database.pool.acquire() as connection:
        for user in users:
            connects = quick_connects_to(found, user)
            described.append(
                {
                    "UserId": user.id,
                    "Login": user.name,
                    "LiveContacts": await handled_by(connection, instance, user.id),
                    "WaitingContacts": await waiting_in(connection, instance, user.id),
                    "QuickConnects": [{"Id": one.id, "Arn": one.arn, "Name": one.name} for one in connects],
                }
            )
    return {"Users": described, "LastAdministrators": _last_administrators(call, instance, users)}


def _users(call: Call, instance: str, request: dict[str, Any]) -> list[Document]:
    found = (catalogue(call).find(instance, "user", parse_id(user)) for user in dict.fromkeys(request["UserIds"]))
    return [user for user in found if user is not None]


def _last_administrators(call: Call, instance: str, gone: list[Document]) -> bool:
    """Whether these are all who hold the profile Admin."""
    profile = catalogue(call).by_name(instance, "security-profile", ADMINISTRATORS)
    if profile is None:
        return False
    holders = {
        user.id for user in catalogue(call).all(instance, "user") if profile.id in user.body["SecurityProfileIds"]
    }
    return bool(holders) and holders <= {user.id for user in gone}
