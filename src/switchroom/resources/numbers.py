"""Claiming, moving and releasing phone numbers (NUM-01..15)."""

import asyncio
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from switchroom.base.clock import DAY
from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.kinds.user import E164
from switchroom.resources.repository import Write
from switchroom.storage import numbers
from switchroom.storage.numbers import Number
from switchroom.storage.postgres import Database

COOLDOWN = 30 * DAY
CHURN_WINDOW = 30 * DAY
CLAIMED = {"Status": "CLAIMED"}


def shipped() -> Iterator[Number]:
    """Numbers reserved for fiction, so that a new site has something to claim: they reach nobody else."""
    for last in range(100, 200):
        yield Number(f"+15550{last}", "US", "DID")
        yield Number(f"+1800555{last:04}", "US", "TOLL_FREE")
        yield Number(f"+442079460{last:03}", "GB", "DID")


def read_inventory(file: Path) -> list[Number]:
    """The site's own numbers: CSV with the columns phone_number, country, type and, if wanted, provider.

    The shipped numbers where there is no such file.
    """
    if not file.exists():
        return list(shipped())
    with file.open(encoding="utf-8-sig", newline="") as rows:
        found = [
            Number(row["phone_number"], row["country"].upper(), row["type"].upper(), row.get("provider") or "local")
            for row in csv.DictReader(rows)
        ]
    wrong = [number.phone_number for number in found if not E164.fullmatch(number.phone_number)]
    if wrong:
        raise ValueError(f"{file}: {wrong[0]} is not in E.164 form")
    return found


async def stock_inventory(database: Database, file: Path) -> None:
    """Fill the inventory from the site's file, or with the shipped numbers where there is none."""
    found = await asyncio.to_thread(read_inventory, file)
    async with database.pool.acquire() as connection:
        await numbers.stock(connection, found)


def _body(number: Number, description: str | None, status: dict[str, Any]) -> dict[str, Any]:
    return {
        "PhoneNumberCountryCode": number.country,
        "PhoneNumberType": number.type,
        "PhoneNumberDescription": description or "",
        "PhoneNumberStatus": status,
    }


async def claim(
    write: Write, instance: str, phone_number: str, description: str | None, tags: dict[str, str] | None
) -> Document:
    """Give a free number to an instance. Over quota it is FAILED (NUM-13), else CLAIMED, both at once."""
    if not E164.fullmatch(phone_number):
        raise invalid_parameter("PhoneNumber must be in E.164 form, such as +15550100")
    number = await numbers.claim(write.connection, phone_number, write.now)
    if number is None:
        raise ServiceError("ResourceNotFoundException", f"Phone number {phone_number} is not available")
    status = await _refusal(write, instance) or CLAIMED
    return await write.create("phone-number", instance, phone_number, _body(number, description, status), tags)


async def hold(
    write: Write, instance: str, phone_number: str, country: str, type_: str, description: str, flow: str | None
) -> Document:
    """Give a number to an instance that need not be in the inventory, with a flow attached."""
    number = Number(phone_number, country, type_)
    if not await numbers.add_claimed(write.connection, number):
        raise ServiceError("ResourceNotFoundException", f"Phone number {phone_number} is not available")
    body = {**_body(number, description, CLAIMED), "ContactFlowId": flow}
    return await write.create("phone-number", instance, phone_number, body)


async def _refusal(write: Write, instance: str) -> dict[str, Any] | None:
    limit = quotas.applied(write, instance, "PHONE_NUMBERS")
    held = [one for one in write.all(instance, "phone-number") if one.body["PhoneNumberStatus"] == CLAIMED]
    if len(held) >= limit:
        text = f"You have reached the limit of phone numbers ({limit}). Raise the quota PHONE_NUMBERS or release one."
        return {"Status": "FAILED", "Message": text}
    released = await numbers.released_since(write.connection, instance, write.now - CHURN_WINDOW)
    if len(held) + released >= 2 * limit:
        return {"Status": "FAILED", "Message": "Too many phone numbers were claimed and released within 30 days."}
    return None


async def release(write: Write, document: Document) -> None:
    """Take a number from its instance; nobody can claim it for 30 days (NUM-11). A FAILED one for a day."""
    wait = COOLDOWN if document.body["PhoneNumberStatus"]["Status"] == "CLAIMED" else DAY
    await write.delete(document)
    await numbers.release(write.connection, document.instance, document.name, write.now, write.now + wait)


async def move(write: Write, document: Document, instance: str) -> Document:
    """Give a number to another instance; the flow does not travel (NUM-15)."""
    refusal = await _refusal(write, instance)
    if refusal:
        raise ServiceError("InvalidParameterException", refusal["Message"])
    body = {name: value for name, value in document.body.items() if name != "ContactFlowId"}
    await write.delete(document)
    return await write.create("phone-number", instance, document.name, body, document.tags, document.id)
