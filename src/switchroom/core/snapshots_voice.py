"""The voice part of an agent's snapshot: the parties of a call, and what the agent may do with each (DESK-41..73)."""

from collections.abc import Iterator
from typing import Any

from switchroom.base.clock import seconds
from switchroom.core.agent import Slot
from switchroom.core.call import Call, Leg
from switchroom.core.config import Configuration, UserSettings
from switchroom.core.contact import Contact
from switchroom.core.state import State

CALLED = frozenset({"OUTBOUND", "CALLBACK", "API", "EXTERNAL_OUTBOUND"})
"""Initiation methods of calls that leave."""
SHOWN = frozenset({"INCOMING", "CONNECTING", "CONNECTED", "CONNECTED_ONHOLD"})
"""Slot states in which there is a call to see."""
TALKING = frozenset({"CONNECTED", "CONNECTED_ONHOLD"})


def desk_members(config: Configuration, user: UserSettings) -> dict[str, Any]:
    """`Phone`, `Outbound` and `EarlyMedia` of a snapshot; the user's permissions are not known here."""
    desk = user.desk_phone
    phone = {"Type": "DESK_PHONE" if desk else "SOFT_PHONE", "DeskPhoneNumber": desk, "AutoAccept": user.auto_accept}
    return {
        "Phone": _given(phone),
        "Outbound": _outbound(config, user),
        "EarlyMedia": config.voice.early_media,
    }


def _outbound(config: Configuration, user: UserSettings) -> dict[str, Any]:
    """DESK-50: what of the preconditions is not met."""
    profile = config.profiles.get(user.profile)
    queue = config.queues.get((profile.default_outbound_queue if profile else None) or "")
    caller = queue.outbound_caller_number if queue is not None else None
    reason = None
    if not config.voice.outbound:
        reason = "SWITCHED_OFF"
    elif queue is None:
        reason = "NO_OUTBOUND_QUEUE"
    elif caller is None:
        reason = "NO_CALLER_ID"
    countries = sorted(country.lower() for country in config.voice.countries)
    return _given({"Allowed": reason is None, "Reason": reason, "Countries": countries, "CallerId": caller})


def contact_members(state: State, config: Configuration, user: str, slot: Slot, contact: Contact) -> dict[str, Any]:
    """Members of a VOICE contact on the desk of `user`."""
    members: dict[str, Any] = {"Error": slot.error, "Callback": contact.initiation_method == "CALLBACK" or None}
    if contact.initiation_method != "MONITOR":
        members["Direction"] = "OUTBOUND" if contact.initiation_method in CALLED else "INBOUND"
    call = state.call_of(contact)
    if call is not None and slot.state in SHOWN:
        view = CallView(state, config, call, contact, user, talking=slot.state in TALKING)
        members["Call"] = view.members()
        if view.own is not None and view.own.kind == "SUPERVISOR":
            mode, capabilities = view.own.mode or "SILENT_MONITOR", view.own.capabilities
            members["Monitoring"] = monitoring(state, config, contact, mode, capabilities)
    return _given(members)


def monitoring(
    state: State, config: Configuration, contact: Contact, mode: str, capabilities: tuple[str, ...]
) -> dict[str, Any]:
    """`Monitoring` of a supervisor's contact (QUAL-119, QUAL-124)."""
    monitored = state.contacts.get(contact.monitored or "")
    agent = config.users.get(monitored.agent.user) if monitored is not None and monitored.agent is not None else None
    return _given(
        {
            "Mode": mode,
            "Capabilities": list(capabilities or ("SILENT_MONITOR",)),
            "AgentName": _full_name(agent) if agent is not None else None,
            "MonitoredContactId": contact.monitored,
        }
    )


class CallView:
    """A call as one person sees it through one contact.

    With the multi-party option everybody sees all parties; without it agents see their own contact's parties and those
    they called (table "Three-party default vs multi-party"). Of supervisors only those who take part are seen.
    """

    def __init__(
        self, state: State, config: Configuration, call: Call, contact: Contact, user: str, *, talking: bool
    ) -> None:
        self._state = state
        self._config = config
        self._call = call
        self._contact = contact
        self._user = user
        self.own = next(
            (leg for leg in call.legs.values() if leg.user == user and leg.kind in ("AGENT", "SUPERVISOR")), None
        )
        self._supervises = self.own is not None and self.own.kind == "SUPERVISOR"
        self._legs = [leg for leg in call.legs.values() if leg is self.own or self._sees(leg)]
        self._legs.sort(key=lambda leg: leg.kind != "CUSTOMER")
        self._others = [leg for leg in self._legs if leg is not self.own]
        self._pending = [one for one in self._consultations() if not call.of_contact(one.id)]
        self._active = talking and (not self._supervises or self._barged(self.own))

    def members(self) -> dict[str, Any]:
        """`Call` of a contact."""
        call, own = self._call, self.own
        recording = call.recordings.get(self._contact.id)
        shown = [self._leg(leg) for leg in self._legs] + [self._waiting(one) for one in self._pending]
        barged = sum(leg.mode == "BARGE" for leg in call.legs.values() if leg.kind == "SUPERVISOR")
        return _given(
            {
                "CallId": call.id,
                "OwnLegId": own.id if own else None,
                "OwnLegState": own.state if own else None,
                "Legs": shown,
                "MultiParty": self._config.voice.multi_party,
                "MaxParticipants": self._config.voice.participants,
                "Recording": recording.state if recording is not None else None,
                "CustomerVideo": call.customer_video,
                "AgentVideo": call.agent_video,
                "Web": call.web,
                **self._abilities(),
                "Monitors": barged,
            }
        )

    def _abilities(self) -> dict[str, bool]:
        reached = [leg for leg in self._others if leg.up]
        mine = [leg for leg in reached if self._controls(leg)]
        customer = next((leg for leg in mine if leg.kind == "CUSTOMER"), None)
        ready = len(reached) == len(self._others) and not any(leg.in_flow for leg in self._others)
        settled = self._active and ready and not self._pending
        held = [leg for leg in mine if leg.held]
        parted = [leg for leg in mine if leg.held or not leg.joined]
        return {
            "CanHold": customer is not None and not customer.held,
            "CanResume": customer is not None and customer.held,
            "CanHoldAll": len(mine) > 1 and len(held) < len(mine),
            "CanJoin": settled and len(reached) > 1 and bool(parted),
            "CanSwap": settled and len(self._call_parties()) == 3 and len(mine) == 2 and len(held) == 1,
            "CanAdd": settled and self._may_add(),
            "CanMute": self.own is not None and self.own.up and self._may_mute(self.own),
            "CanSendDigits": self._active and any(leg.in_room for leg in self._others),
            "CanLeave": len(reached) > 1,
        }

    def _may_add(self) -> bool:
        """DESK-64, DESK-69: room for another, and nobody is being called; without the option only the first agent."""
        customer = self._call.legs.get(self._call.customer or "")
        first = customer is not None and customer.contact == self._contact.id
        free = len(self._call_parties()) < self._config.voice.participants
        return free and (self._config.voice.multi_party or first or self._supervises) and not self._overruled()

    def _leg(self, leg: Leg) -> dict[str, Any]:
        own, controls = leg is self.own, self._controls(leg)
        multi = self._config.voice.multi_party or self._supervises
        crowd = len(self._call_parties()) > 2
        self_service = own and multi and self._active and not self._overruled() and not self._supervises
        members: dict[str, Any] = {
            "LegId": leg.id,
            "Kind": leg.kind,
            "State": leg.state,
            "Since": seconds(leg.since),
            "Name": self._name(leg),
            "PhoneNumber": leg.number,
            "Held": leg.held,
            "Whispered": leg.in_flow,
            "Muted": leg.muted,
            "ForcedMute": leg.forced_mute,
            "Own": own,
            "AddedByMe": leg.added_by == self._user,
            "QuickConnect": leg.name if leg.added_by is not None else None,
            "ContactId": leg.contact,
            "Mode": leg.mode,
            "Video": leg.video,
            "CanHold": leg.up and not leg.held and (controls or (self_service and crowd)),
            "CanResume": leg.up and leg.held and (controls or self_service),
            "CanMute": leg.up and self._may_mute(leg),
            "CanDrop": controls,
        }
        user = self._config.users.get(leg.user or "")
        if user is not None:
            members |= {"UserId": user.id, "Username": user.username}
        return _given(members)

    def _waiting(self, contact: Contact) -> dict[str, Any]:
        """A transfer to an agent or a queue that nobody has taken yet: it shows as a party named by its contact."""
        target = self._config.users.get(contact.target_agent or "")
        queue = self._config.queues.get(contact.queue or "")
        name = _full_name(target) if target is not None else queue.name if queue is not None else None
        return _given(
            {
                "LegId": contact.id,
                "Kind": "AGENT",
                "State": "connected" if target is not None else "dialing",
                "Since": seconds(contact.initiated_at),
                "Name": name,
                "AddedByMe": True,
                "ContactId": contact.id,
                "CanDrop": self._active,
            }
        )

    def _name(self, leg: Leg) -> str | None:
        user = self._config.users.get(leg.user or "")
        if user is not None:
            return _full_name(user)
        return leg.name or (self._contact.customer_name if leg.kind == "CUSTOMER" else None)

    def _sees(self, leg: Leg) -> bool:
        if leg.kind == "SUPERVISOR":
            return self._barged(leg)
        if self._config.voice.multi_party or self._supervises:
            return True
        return (
            leg.contact == self._contact.id
            or leg.added_by == self._user
            or leg.id == self._contact.party
            or any(one.id == leg.contact for one in self._consultations())
        )

    def _controls(self, leg: Leg) -> bool:
        """May hold, resume and hang up the party (DESK-68, DESK-73); a barged supervisor rules alone (DESK-174)."""
        if leg is self.own or not self._active or self._overruled():
            return False
        if self._config.voice.multi_party or self._supervises:
            return True
        return leg.contact == self._contact.id or leg.added_by == self._user or self._asked(leg)

    def _asked(self, leg: Leg) -> bool:
        return leg.kind == "AGENT" and any(one.id == leg.contact for one in self._consultations())

    def _may_mute(self, leg: Leg) -> bool:
        """Others with equal rights or as a supervisor; oneself unless a supervisor did (DESK-42, QUAL-125)."""
        if leg is self.own:
            return not leg.forced_mute and not self._only_listens()
        return self._controls(leg) and (self._config.voice.multi_party or self._supervises)

    def _overruled(self) -> bool:
        """A supervisor takes part: agents keep their own microphone and may leave."""
        return not self._supervises and any(self._barged(leg) for leg in self._call.legs.values())

    def _only_listens(self) -> bool:
        return self._supervises and not self._barged(self.own)

    def _call_parties(self) -> list[Leg]:
        return [leg for leg in self._call.legs.values() if leg.kind != "SUPERVISOR" or self._barged(leg)]

    def _consultations(self) -> Iterator[Contact]:
        """Contacts whose flows speak to the agent's own leg."""
        if self.own is None:
            return
        for identifier in self._call.contacts:
            contact = self._state.contacts.get(identifier)
            if contact is not None and contact.party == self.own.id and contact.place != "ended":
                yield contact

    @staticmethod
    def _barged(leg: Leg | None) -> bool:
        return leg is not None and leg.kind == "SUPERVISOR" and leg.mode == "BARGE"


def _full_name(user: UserSettings) -> str:
    return " ".join(part for part in (user.first_name, user.last_name) if part) or user.username


def _given(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
