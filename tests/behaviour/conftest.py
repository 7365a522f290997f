"""The demo centre and its agents, as the tests of channels have them."""

from tests.channels.conftest import agent1, agent2, centre

__all__ = ["agent1", "agent2", "centre"]
