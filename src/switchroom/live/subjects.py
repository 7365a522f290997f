"""Names of what is told on the bus after each commit."""

PRESENCE = "live.presence"
AGENTS_ASKED = "live.agents.asked"
AGENTS_HERE = "live.agents.here"


def participant(instance: str, participant: str) -> str:
    """Chat items for one participant, ready to be pushed."""
    return f"live.{instance}.participant.{participant}"


def agent(instance: str, user: str) -> str:
    """An agent's desk has changed."""
    return f"live.{instance}.agent.{user}"
