"""Where a run finds the flows it needs: the published ones, and older versions that contacts still run."""

from typing import Protocol

from switchroom.flows.language import CompiledFlow


class Library(Protocol):
    """Published flows and modules of one instance, compiled."""

    def flow(self, id: str, version: int | None = None) -> CompiledFlow | None:
        """A flow or module by id: the version asked for, or (None) the newest published one."""


class FlowShelf:
    """A `Library` in memory. Put every published version on it; `keep` drops old versions that no run stands on."""

    def __init__(self) -> None:
        self._newest: dict[str, CompiledFlow] = {}
        self._versions: dict[tuple[str, int], CompiledFlow] = {}

    def put(self, flow: CompiledFlow) -> None:
        """Add a version; the highest version of an id is the newest."""
        self._versions[flow.id, flow.version] = flow
        held = self._newest.get(flow.id)
        if held is None or held.version <= flow.version:
            self._newest[flow.id] = flow

    def remove(self, id: str) -> None:
        """No new run may start the flow (archived or deleted); runs that are in it go on."""
        self._newest.pop(id, None)

    def flow(self, id: str, version: int | None = None) -> CompiledFlow | None:
        """See `Library.flow`."""
        return self._newest.get(id) if version is None else self._versions.get((id, version))

    def keep(self, used: set[tuple[str, int]]) -> None:
        """Forget every version that is neither the newest nor in `used` (pairs of flow id and version)."""
        newest = {(f.id, f.version) for f in self._newest.values()}
        self._versions = {key: flow for key, flow in self._versions.items() if key in newest or key in used}
