"""All views of a node: the projections its centres write, and the workers that follow."""

import asyncio
from collections.abc import Callable
from typing import Any

from switchroom.base.arns import Site
from switchroom.base.clock import now_ms
from switchroom.centre.batch import Batch, Projection
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Deleted, Document
from switchroom.storage.bus import Bus
from switchroom.storage.flow_logs import FlowLogs
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database
from switchroom.views.contacts import ContactRows
from switchroom.views.flow_logs import FlowLogRows
from switchroom.views.follower import Follower
from switchroom.views.realtime import RealTime
from switchroom.views.recordings import RecordingRows
from switchroom.views.revisions import Revisions
from switchroom.views.streams import Streams, ensure_streams
from switchroom.views.transcripts import Transcripts
from switchroom.views.workers import Heartbeat, Publisher, Reconfigured, Retention, TranscriptFiles


class Views:
    """`projections` go to the centres, `committed` hears their commits, `open` starts the workers."""

    def __init__(
        self,
        *,
        site: Site,
        database: Database,
        bus: Bus,
        objects: ObjectStore,
        catalogue: Catalogue,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self.site = site
        self.database = database
        self.flow_logs = FlowLogs(database)
        self._streams = Streams()
        self.projections: list[Projection] = [
            ContactRows(),
            Transcripts(),
            FlowLogRows(self.flow_logs, catalogue),
            RecordingRows(catalogue),
            self._streams,
            Revisions(),
        ]
        self._bus = bus
        self._realtime: RealTime | None = None
        self._clock = clock
        self._publisher = Follower("publisher of the streams", Publisher(database, bus).work, pause=1.0)
        files = TranscriptFiles(site, database, objects, catalogue, clock)
        self._files = Follower("transcript files", files.work, pause=5.0)
        self._heartbeat = Follower("heartbeats", Heartbeat(site, database, clock).work, pause=5.0)
        self._catalogue = catalogue
        self._edits = Reconfigured(site, database, catalogue, clock)
        self._reconfigured = Follower("agents whose configuration changed", self._edits.work, pause=1.0)
        self._retention = Follower("retention of records", Retention(database, clock).work, pause=3_600.0)
        self._unsubscribe: Callable[[], None] | None = None

    def committed(self, batch: Batch) -> None:
        """A commit of a centre of this node."""
        self._publisher.wake()
        self._files.wake()

    def look_at(self, centres: Any) -> None:
        """The centres that real-time metrics are taken from."""
        self._realtime = RealTime(centres, self._clock)

    @property
    def realtime(self) -> RealTime:
        """Queues and agents now; RuntimeError before `look_at`."""
        if self._realtime is None:
            raise RuntimeError("the views know no centres")
        return self._realtime

    async def open(self, *, work: bool = True) -> None:
        """Create the streams and, unless the node has no such role, start the workers."""
        await ensure_streams(self._bus)
        self._unsubscribe = self._catalogue.on_change(self._edited)
        if work:
            for follower in self._followers:
                follower.start()

    async def close(self) -> None:
        """Stop the workers; what is owed stays in the database."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        await asyncio.gather(*(follower.stop() for follower in self._followers))

    @property
    def _followers(self) -> tuple[Follower, ...]:
        return self._publisher, self._files, self._heartbeat, self._reconfigured, self._retention

    def _edited(self, change: Document | Deleted) -> None:
        kind = change.document.kind if isinstance(change, Deleted) else change.kind
        if kind in Reconfigured.KINDS:
            self._streams.forget(change.instance)
            self._edits.edited(change.instance)
