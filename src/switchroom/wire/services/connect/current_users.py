"""GetCurrentUserData: agents now, with the contacts in their hands (MET-173)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import invalid_parameter
from switchroom.views.forms import LEVELS, at, present
from switchroom.views.realtime import AgentNow, Board, Moment, Slot
from switchroom.wire.access import restricted, visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.pagination import paginate
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.current_metrics import MOST_FILTERED, WATCHING

ONE_OF = ("Queues", "RoutingProfiles", "Agents", "UserHierarchyGroups")
STATES = {"INCOMING": "CONNECTING", "PAUSED": "CONNECTED"}
"""An offer is CONNECTING on the wire, where INCOMING is for callbacks (REC-52); a pause has no state of its own."""


@operation("connect", "GetCurrentUserData", permission=WATCHING)
async def get_current_user_data(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Agents who are online, have a contact, or went Offline within five minutes; by user name."""
    instance = instance_of(call, request)
    filters = request["Filters"]
    given = [name for name in ONE_OF if filters.get(name)]
    if len(given) > 1:
        raise invalid_parameter(f"Filters take one of {', '.join(ONE_OF)}")
    for name in given:
        most = 1 if name == "UserHierarchyGroups" else MOST_FILTERED
        if len(filters[name]) > most:
            raise invalid_parameter(f"Filters take at most {most} of {name}")
    board: Board = await call.services.views.realtime.board(instance)
    moment = board.moment
    states = set((filters.get("ContactFilter") or {}).get("ContactStates") or [])
    found = [agent for agent in moment.agents if not given or _chosen(moment, agent, given[0], filters[given[0]])]
    found = within_reach(call, instance, found)
    if states:
        found = [agent for agent in found if any(_state(slot) in states for slot in agent.slots)]
    found.sort(key=lambda agent: (agent.username.casefold(), agent.user))
    page, token = paginate(call, found, request, default=MOST_FILTERED)
    return {
        "UserDataList": [_user(call, instance, moment, agent, states) for agent in page],
        "ApproximateTotalCount": len(found),
        "NextToken": token,
    }


def within_reach(call: Call, instance: str, agents: list[AgentNow]) -> list[AgentNow]:
    """The agents that the caller may see (USER-53)."""
    if not restricted(call, "user", WATCHING):
        return agents
    found = catalogue(call)
    known = [user for agent in agents if (user := found.find(instance, "user", agent.user)) is not None]
    seen = {user.id for user in visible(call, "user", known, WATCHING)}
    return [agent for agent in agents if agent.user in seen]


def _chosen(moment: Moment, agent: AgentNow, name: str, values: list[str]) -> bool:
    wanted = {parse_id(value) for value in values}
    if name == "Agents":
        return agent.user in wanted
    if name == "RoutingProfiles":
        return agent.profile in wanted
    if name == "UserHierarchyGroups":
        return any(parse_id(arn) in wanted for arn, _ in agent.hierarchy)
    profile = moment.profiles.get(agent.profile)
    return profile is not None and any(queue in wanted for queue, _ in profile.queues)


def _state(slot: Slot) -> str:
    if slot.method == "CALLBACK" and slot.state == "INCOMING":
        return slot.state
    return STATES.get(slot.state, slot.state)


def _user(call: Call, instance: str, moment: Moment, agent: AgentNow, states: set[str]) -> dict[str, Any]:
    site = call.services.site
    profile = moment.profiles.get(agent.profile)
    capacity = {channel: slots for channel, slots in (profile.capacity if profile else {}).items() if slots}
    path = {level: {"Id": parse_id(arn), "Arn": arn} for level, (arn, _) in zip(LEVELS, agent.hierarchy, strict=False)}
    contacts = [slot for slot in agent.slots if not states or _state(slot) in states]
    return present(
        {
            "User": {"Id": agent.user, "Arn": site.resource(instance, "agent", agent.user)},
            "RoutingProfile": {"Id": agent.profile, "Arn": profile.arn} if profile else None,
            "HierarchyPath": path or None,
            "Status": {
                "StatusStartTimestamp": seconds(agent.since),
                "StatusArn": site.resource(instance, "agent-state", agent.status),
                "StatusName": agent.status_name,
            },
            "AvailableSlotsByChannel": {c: _free(agent, c, slots) for c, slots in capacity.items()},
            "MaxSlotsByChannel": capacity,
            "ActiveSlotsByChannel": {channel: agent.active((channel,)) for channel in capacity},
            "Contacts": [_contact(call, instance, slot) for slot in contacts],
            "NextStatus": agent.next,
        }
    )


def _free(agent: AgentNow, channel: str, capacity: int) -> int:
    return agent.free(channel, capacity) if agent.status_type == "ROUTABLE" else 0


def _contact(call: Call, instance: str, slot: Slot) -> dict[str, Any]:
    queue = slot.queue
    arn = call.services.site.resource(instance, "queue", queue) if queue else None
    return present(
        {
            "ContactId": slot.contact,
            "Channel": slot.channel,
            "InitiationMethod": slot.method,
            "AgentContactState": _state(slot),
            "StateStartTimestamp": seconds(slot.since),
            "ConnectedToAgentTimestamp": at(seconds, slot.connected_at),
            "Queue": {"Id": queue, "Arn": arn} if queue else None,
        }
    )
