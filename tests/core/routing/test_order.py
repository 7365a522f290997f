"""Who gets what first: priority, delay, age, agent queues, cross-channel rule (routing.md sections 1 to 6 and 10)."""

import pytest

from switchroom.core.routing.matcher import AgentFacts, Entry, Match, Matcher, Profile, Waiting

NOW = 10_000_000
CAPACITY = {"VOICE": 1, "CHAT": 5, "TASK": 5}


def profile(*entries: str, name: str = "p", capacity: dict[str, int] | None = None, **exclusive: bool) -> Profile:
    """Entries written `Queue:CHANNEL priority/delay`."""
    listed = []
    for text in entries:
        place, numbers = text.split()
        queue, _, channel = place.partition(":")
        priority, _, delay = numbers.partition("/")
        listed.append(Entry(queue, channel or "CHAT", int(priority), int(delay)))
    return Profile(name, CAPACITY if capacity is None else capacity, exclusive, tuple(listed))


def waiting(contact: str, queue: str, waited: int, *, channel: str = "CHAT", **more: object) -> Waiting:
    """A contact that has waited so many seconds at NOW."""
    entered = NOW - waited * 1000
    return Waiting(contact, queue, channel, **({"enqueued_at": entered, "rank": entered} | more))  # type: ignore[arg-type]


def centre(*profiles: Profile, strict: bool = False, agents: str = "agent") -> Matcher:
    """A matcher with free agents of the first profile, available since 1 s, 2 s... in the order named."""
    matcher = Matcher(strict_priority_blocking=strict)
    for one in profiles:
        matcher.set_profile(one)
    for number, name in enumerate(agents.split(), start=1):
        matcher.set_agent(AgentFacts(name, profiles[0].id, True, number * 1000))
    return matcher


def next_contact(matcher: Matcher, at: int = NOW) -> str | None:
    match = matcher.next_match(at)
    return match.contact if match else None


def drained(matcher: Matcher, agent: str = "agent", at: int = NOW) -> list[str]:
    """The contacts one agent gets if every one is cleared at once."""
    order = []
    while (match := matcher.next_match(at)) is not None:
        assert match.agent == agent
        order.append(match.contact)
        matcher.take(match.contact)
    return order


T = ("T1 1/0", "T2 1/0", "T3 2/20", "T4 3/80")
V2 = ("Sales 1/0", "Support 1/30")


@pytest.mark.parametrize(
    ("entries", "contacts", "expected"),
    [
        pytest.param(("Sales 1/0", "Support 2/0"), {"Sales": 1, "Support": 600}, "Sales", id="V1"),
        pytest.param(V2, {"Support": 10}, None, id="V2"),
        pytest.param(V2, {"Support": 31, "Sales": 5}, "Support", id="V3"),
        pytest.param(T, {"T3": 25}, "T3", id="V4"),
        pytest.param(T, {"T3": 25, "T2": 1}, "T2", id="V5"),
        pytest.param(T, {"T4": 100, "T3": 21}, "T3", id="V6"),
        pytest.param(T, {"T4": 100, "T3": 10}, "T4", id="V7"),
        pytest.param(("Sales 1/0", "Support 1/0"), {"Sales": 7, "Support": 8}, "Support", id="V8"),
        pytest.param(("Sales 1/0", "Support 2/0"), {"Sales": 1, "Support": 2}, "Sales", id="P1"),
        pytest.param(V2, {"Sales": 1, "Support": 29}, "Sales", id="P2 before"),
        pytest.param(V2, {"Sales": 1, "Support": 30}, "Support", id="P2 after"),
        pytest.param(T, {"T3": 25, "T4": 90}, "T3", id="P3 eligible T3"),
        pytest.param(T, {"T1": 1, "T4": 90}, "T1", id="P3 T1"),
        pytest.param(T, {"T4": 90}, "T4", id="P3 only T4"),
        pytest.param(("Sales 1/0", "Support 1/0"), {"Sales": 9, "Support": 8}, "Sales", id="P4"),
        pytest.param(("S 1/0", "C 2/15", "L 3/30"), {"S": 1, "C": 20, "L": 40}, "S", id="P6 savings"),
        pytest.param(("S 1/0", "C 2/15", "L 3/30"), {"C": 14, "L": 31}, "L", id="P6 loans"),
    ],
)
def test_priority_and_delay(entries: tuple[str, ...], contacts: dict[str, int], expected: str | None) -> None:
    """ROUT-07, ROUT-08, ROUT-09: the vectors of section 5 and of B4."""
    matcher = centre(profile(*entries))
    for queue, waited in contacts.items():
        matcher.put(waiting(queue, queue, waited))
    assert next_contact(matcher) == expected


def test_lower_priority_only_when_higher_is_empty() -> None:
    """ROUT-07: V1 to the end: Support waits until Sales is empty."""
    matcher = centre(profile("Sales 1/0", "Support 2/0"))
    for number in range(3):
        matcher.put(waiting(f"sales {number}", "Sales", 3 - number))
        matcher.put(waiting(f"support {number}", "Support", 600 - number))
    assert drained(matcher) == ["sales 0", "sales 1", "sales 2", "support 0", "support 1", "support 2"]


def test_strict_priority_blocking() -> None:
    """V7 read literally, behind the switch: T4 waits while a T3 contact waits, even one within its delay."""
    matcher = centre(profile(*T), strict=True)
    matcher.put(waiting("T4", "T4", 100))
    matcher.put(waiting("T3", "T3", 10))
    assert next_contact(matcher) is None
    assert next_contact(matcher, NOW + 10_000) == "T3"
    matcher.take("T3")
    assert next_contact(matcher, NOW + 10_000) == "T4"


def test_channels_of_one_queue_have_their_own_priority() -> None:
    """ROUT-14: V9, the same queue in two entries: voice beats an older chat."""
    matcher = centre(profile("Basic:VOICE 1/0", "Basic:CHAT 2/0", "Basic:TASK 2/0"))
    matcher.put(waiting("chat", "Basic", 500))
    matcher.put(waiting("call", "Basic", 1, channel="VOICE"))
    assert next_contact(matcher) == "call"


def test_oldest_first_across_channels() -> None:
    """ROUT-09: equal priority and delay: the longest waiting first, whatever its channel."""
    matcher = centre(profile("A:VOICE 1/0", "B:CHAT 1/0", "C:TASK 1/0"))
    for contact, queue, channel, waited in (
        ("call", "A", "VOICE", 5),
        ("chat", "B", "CHAT", 9),
        ("task", "C", "TASK", 7),
    ):
        matcher.put(waiting(contact, queue, waited, channel=channel))
    assert drained(matcher) == ["chat", "task", "call"]


def test_first_in_first_out_whatever_the_profile_says() -> None:
    """ROUT-02: inside a queue only arrival counts; two profiles with other priorities see the same order."""
    matcher = centre(profile("Q 9/0"), profile("Q 1/0", "R 2/0", name="other"), agents="one")
    matcher.set_agent(AgentFacts("two", "other", True, 1500))
    for number in range(4):
        matcher.put(waiting(f"c{number}", "Q", 100 - number))
    taken = []
    for match in matcher.matches(NOW):
        taken.append((match.contact, match.agent))
        matcher.take(match.contact)
        matcher.remove_agent(match.agent)
    assert taken == [("c0", "one"), ("c1", "two")]


def test_waits_until_someone_is_free() -> None:
    """ROUT-03: no eligible agent, no match; a match as soon as one is."""
    matcher = centre(profile("Q 1/0"), agents="")
    matcher.put(waiting("c", "Q", 5))
    assert next_contact(matcher) is None
    matcher.set_agent(AgentFacts("late", "p", False, NOW))
    assert next_contact(matcher) is None
    matcher.set_agent(AgentFacts("late", "p", True, NOW))
    assert matcher.next_match(NOW) == Match("c", "late")


def test_longest_available_agent_first() -> None:
    """ROUT-01: the agent whose availability timer runs longest; who handled a contact is last."""
    matcher = centre(profile("Q 1/0"), agents="first second third")
    given = []
    for number in range(6):
        contact = f"c{number}"
        matcher.put(waiting(contact, "Q", 0))
        match = matcher.next_match(NOW)
        assert match is not None
        given.append(match.agent)
        matcher.take(contact)
        matcher.set_agent(AgentFacts(match.agent, "p", True, NOW + number))
    assert given == ["first", "second", "third", "first", "second", "third"]


def test_contact_priority_and_age() -> None:
    """ROUT-10: priority 1 beats 5; added age moves a contact forward; the order of profile entries stands above."""
    matcher = centre(profile("Q 1/0", "R 2/0"))
    matcher.put(waiting("old", "Q", 100))
    matcher.put(waiting("urgent", "Q", 1, priority=1))
    matcher.put(waiting("aged", "Q", 10, rank=NOW - 200_000))
    matcher.put(waiting("elsewhere", "R", 900, priority=1))
    assert drained(matcher) == ["urgent", "aged", "old", "elsewhere"]


def test_age_does_not_shorten_the_delay() -> None:
    """ROUT-08, ROUT-10: the delay counts real seconds in the queue."""
    matcher = centre(profile("Q 1/30"))
    matcher.put(waiting("aged", "Q", 10, rank=NOW - 500_000))
    assert next_contact(matcher) is None
    assert matcher.wake_at() == NOW + 20_000
    assert next_contact(matcher, NOW + 20_000) == "aged"


def test_change_of_a_waiting_contact_moves_it() -> None:
    """ROUT-10: priority changed while the contact waits."""
    matcher = centre(profile("Q 1/0"), agents="")
    matcher.put(waiting("a", "Q", 10))
    matcher.put(waiting("b", "Q", 5))
    matcher.put(waiting("b", "Q", 5, priority=2))
    matcher.set_agent(AgentFacts("agent", "p", True, 0))
    assert drained(matcher) == ["b", "a"]


def test_transferred_contact_keeps_its_arrival() -> None:
    """Ranked by the first arrival, delayed from the entry into this queue."""
    matcher = centre(profile("Q 1/0", "D 1/30"))
    matcher.put(waiting("resident", "Q", 60))
    matcher.put(waiting("transferred", "Q", 1, rank=NOW - 300_000))
    matcher.put(waiting("delayed", "D", 1, rank=NOW - 900_000))
    assert drained(matcher) == ["transferred", "resident"]
    assert next_contact(matcher, NOW + 29_000) == "delayed"


def test_equal_rank_goes_by_sequence_then_identifier() -> None:
    """ROUT-02: contacts of the same millisecond have a fixed order."""
    matcher = centre(profile("Q 1/0"))
    matcher.put(waiting("b", "Q", 5, sequence=1))
    matcher.put(waiting("a", "Q", 5, sequence=2))
    matcher.put(waiting("c", "Q", 5, sequence=2))
    assert drained(matcher) == ["b", "a", "c"]


def test_delay_holds_for_one_profile_only() -> None:
    """ROUT-08: P5: held 15 s from the senior profile, then whoever is available for longest."""
    matcher = centre(profile("Savings 1/0", name="savings"), profile("Savings 1/15", name="senior"), agents="")
    matcher.set_agent(AgentFacts("senior", "senior", True, 0))
    matcher.put(waiting("c", "Savings", 0))
    assert next_contact(matcher, NOW + 14_999) is None
    assert matcher.wake_at() == NOW + 15_000
    matcher.set_agent(AgentFacts("junior", "savings", False, 500))
    assert matcher.next_match(NOW + 15_000) == Match("c", "senior")
    matcher.set_agent(AgentFacts("senior", "senior", True, 1_000))
    matcher.set_agent(AgentFacts("junior", "savings", True, 500))
    assert matcher.next_match(NOW + 15_000) == Match("c", "junior")


def test_agent_queue_beats_everything() -> None:
    """ROUT-15: own agent queue first, also without an entry for it, and only for its owner."""
    matcher = centre(profile("Q 1/0"), agents="other owner")
    matcher.put(waiting("standard", "Q", 900, priority=1))
    matcher.put(waiting("personal", "agent queue", 0, agent_queue_of="owner"))
    taken = {}
    for match in matcher.matches(NOW):
        taken[match.agent] = match.contact
        matcher.take(match.contact)
        matcher.set_agent(AgentFacts(match.agent, "p", True, 0, {"CHAT": 1, "VOICE": 1, "TASK": 1}))
    assert taken == {"other": "standard", "owner": "personal"}


def test_capacity_per_channel() -> None:
    """ROUT-11: N chats, N tasks, one call."""
    matcher = centre(profile("Q:CHAT 1/0", capacity={"VOICE": 1, "CHAT": 3}))
    for number in range(5):
        matcher.put(waiting(f"c{number}", "Q", 5 - number))
    for held in range(3):
        matcher.set_agent(AgentFacts("agent", "p", True, 0, {"CHAT": held}))
        assert next_contact(matcher) == f"c{held}"
        matcher.take(f"c{held}")
    matcher.set_agent(AgentFacts("agent", "p", True, 0, {"CHAT": 3}))
    assert next_contact(matcher) is None


def test_channel_switched_off() -> None:
    """ROUT-13: a channel without capacity stops at once in all its queues, and resumes when it is back."""
    entries = ("Q:CHAT 1/0", "Q:TASK 2/0")
    matcher = centre(profile(*entries))
    matcher.put(waiting("chat", "Q", 5))
    matcher.put(waiting("task", "Q", 5, channel="TASK"))
    matcher.set_profile(profile(*entries, capacity={"TASK": 1}))
    assert next_contact(matcher) == "task"
    matcher.set_profile(profile(*entries, capacity={"TASK": 1, "CHAT": 1}))
    assert next_contact(matcher) == "chat"


def test_cross_channel() -> None:
    """ROUT-12: the seven steps of section 6."""
    seven = profile(
        "Q:VOICE 1/0", "Q:CHAT 1/0", "Q:TASK 1/0", capacity={"VOICE": 1, "CHAT": 2, "TASK": 1},
        VOICE=True, CHAT=True, TASK=False,
    )  # fmt: skip
    steps: list[tuple[dict[str, int], str, bool]] = [
        ({"CHAT": 1}, "TASK", False),
        ({"CHAT": 1}, "CHAT", True),
        ({}, "TASK", True),
        ({"TASK": 1}, "CHAT", True),
        ({"TASK": 1, "CHAT": 1}, "VOICE", False),
        ({"TASK": 1}, "VOICE", True),
        ({"TASK": 1, "VOICE": 1}, "TASK", False),
        ({"TASK": 1}, "TASK", False),
    ]
    for held, arriving, offered in steps:
        matcher = centre(seven, agents="")
        matcher.set_agent(AgentFacts("agent", "p", True, 0, held))
        matcher.put(waiting("c", "Q", 0, channel=arriving))
        assert (next_contact(matcher) == "c") is offered, (held, arriving)


def test_missed_slot_occupies() -> None:
    """A missed chat counts until it is cleared, and keeps other channels away as set."""
    matcher = centre(profile("Q:CHAT 1/0", "Q:TASK 1/0", capacity={"CHAT": 1, "TASK": 1}), agents="")
    matcher.set_agent(AgentFacts("agent", "p", True, 0, {"CHAT": 1}))
    matcher.put(waiting("chat", "Q", 2))
    matcher.put(waiting("task", "Q", 1, channel="TASK"))
    assert next_contact(matcher) is None
    matcher.set_agent(AgentFacts("agent", "p", True, 0))
    assert next_contact(matcher) == "chat"


def test_missed_contact_goes_to_the_next_agent() -> None:
    """Not to the agent who still shows it as missed, though there is room; to that one again once cleared."""
    matcher = centre(profile("Q 1/0"), agents="first second")
    matcher.set_agent(AgentFacts("first", "p", True, 1, {"CHAT": 1}))
    missed = waiting("c", "Q", 30, missed_by=frozenset({"first"}))
    matcher.put(missed)
    assert matcher.next_match(NOW) == Match("c", "second")
    matcher.remove_agent("second")
    assert matcher.next_match(NOW) is None
    matcher.put(waiting("c", "Q", 30))
    assert matcher.next_match(NOW) == Match("c", "first")


def test_hot_reconfiguration() -> None:
    """ROUT-18: priority, delay and membership take effect on what waits, without touching agents or contacts."""
    matcher = centre(profile("A 1/0", "B 2/0"))
    matcher.put(waiting("a", "A", 10))
    matcher.put(waiting("b", "B", 10))
    assert next_contact(matcher) == "a"
    matcher.set_profile(profile("A 2/0", "B 1/0"))
    assert next_contact(matcher) == "b"
    matcher.set_profile(profile("A 2/0", "B 1/60"))
    assert next_contact(matcher) == "a"
    matcher.set_profile(profile("B 1/60"))
    assert next_contact(matcher) is None
    matcher.set_profile(profile("B 1/5"))
    assert next_contact(matcher) == "b"


def test_skill_pattern() -> None:
    """ROUT-19: a language queue served by several profiles, with agents of mixed skills (vector M1's four profiles)."""
    matcher = Matcher()
    skills = {
        "cs": ["Checking", "Savings"],
        "csl": ["Checking", "Savings", "Loans"],
        "l": ["Loans"],
        "mi": ["Mortgages"],
    }
    for name, queues in skills.items():
        matcher.set_profile(profile(*(f"{queue} 1/0" for queue in queues), name=name))
    staff = [name for name, count in (("cs", 4), ("csl", 5), ("l", 2), ("mi", 2)) for _ in range(count)]
    for number, name in enumerate(staff):
        matcher.set_agent(AgentFacts(f"{name} {number:02}", name, True, number))
    for number in range(12):
        matcher.put(waiting(f"loan {number:02}", "Loans", 100 - number))
        matcher.put(waiting(f"savings {number:02}", "Savings", 50 - number))
    given: dict[str, str] = {}
    for match in matcher.matches(NOW):
        given[match.agent] = match.contact
        matcher.take(match.contact)
        matcher.remove_agent(match.agent)
    assert [given[f"cs {number:02}"] for number in range(4)] == [f"savings {number:02}" for number in range(4)]
    assert [given[f"csl {number:02}"] for number in range(4, 9)] == [f"loan {number:02}" for number in range(5)]
    assert [given[f"l {number:02}"] for number in (9, 10)] == ["loan 05", "loan 06"]
    assert len(given) == 11
