"""Settings of an instance for its administration page: telephony switches, who may be called (BASE-196, NUM-52)."""

import re
from typing import Any

import phonenumbers

from switchroom.base.errors import access_denied, invalid_parameter, invalid_request
from switchroom.centre import configuration
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.granting import SETTING
from switchroom.resources.kinds.instance import ATTRIBUTES
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, repository
from switchroom.wire.services.connect.instances import attribute, with_attribute

ADMINISTRATOR = "SecurityProfiles.Edit"
"""Whoever may grant every permission may also turn the switches of the instance."""
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
MOST_PREFIXES = 100


@operation("switchroom", "DescribeInstanceSettings", permission=ADMINISTRATOR)
def describe_instance_settings(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Every switch, the countries that may be called, the prefixes that may not, and how routing reads priorities."""
    instance = instance_of(call, request)
    document = catalogue(call).get(instance, "instance", instance)
    voice = configuration.read(catalogue(call), instance, call.services.site).voice
    return {
        "Attributes": {name: attribute(document, name) == "true" for name in ATTRIBUTES},
        "OutboundCountries": sorted(voice.countries),
        "OutboundBlockedPrefixes": list(voice.blocked_prefixes),
        "Countries": sorted(phonenumbers.SUPPORTED_REGIONS),
        "Quotas": {code: quotas.applied(catalogue(call), instance, code) for code in quotas.DEFAULTS},
        "FixedQuotas": sorted(quotas.FIXED),
        "StrictPriorityBlocking": document.body.get("StrictPriorityBlocking", False),
        SETTING: document.body.get(SETTING, False),
    }


@operation("switchroom", "UpdateInstanceSettings", permission=ADMINISTRATOR)
async def update_instance_settings(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What is given replaces what was; calls go by it from the next decision on."""
    instance = instance_of(call, request)
    countries, prefixes = request.get("OutboundCountries"), request.get("OutboundBlockedPrefixes")
    changes: dict[str, Any] = {}
    if countries is not None:
        unknown = set(countries) - phonenumbers.SUPPORTED_REGIONS
        if unknown:
            raise invalid_parameter(f"{min(unknown)} is not the code of a country that can be called")
        changes["OutboundCountries"] = sorted(set(countries))
    if prefixes is not None:
        if len(prefixes) > MOST_PREFIXES or not all(_PREFIX.fullmatch(prefix) for prefix in prefixes):
            raise invalid_parameter("Blocked prefixes have the form + and digits; there may be 100 of them")
        changes["OutboundBlockedPrefixes"] = list(dict.fromkeys(prefixes))
    if "StrictPriorityBlocking" in request:
        changes["StrictPriorityBlocking"] = request["StrictPriorityBlocking"]
    if SETTING in request:
        changes[SETTING] = request[SETTING]
    wanted = request.get("Quotas") or {}
    for code in wanted:
        if code not in quotas.DEFAULTS or code in quotas.FIXED:
            raise invalid_parameter(f"{code} is not a quota that can be changed")
    async with repository(call).write(instance, actor(call), call.now) as write:
        document: Document = await repository(call).newest(write, instance, "instance", instance)
        if document.body.get(SETTING) and not changes.get(SETTING, True) and call.caller.kind != "key":
            raise access_denied("Only an API key can let people grant again what they do not hold")
        body = {**document.body, **changes}
        if wanted:
            body["Quotas"] = {**body.get("Quotas", {}), **wanted}
        for name, on in (request.get("Attributes") or {}).items():
            if name not in ATTRIBUTES:
                raise invalid_request(f"{name} is not a switch of an instance")
            body = with_attribute(body, name, on)
        await write.update(document, body=body)
    return describe_instance_settings(call, request)
