"""The department of jobs, put together on the ground."""

from functools import cached_property

from chalicelib.images.previews import draw
from chalicelib.jobs.callbacks import Callbacks
from chalicelib.jobs.deletion import Burial, Deletion
from chalicelib.jobs.dispatch import Dispatcher
from chalicelib.jobs.events import JobEvents
from chalicelib.jobs.executor import Executor
from chalicelib.jobs.idempotency import IdempotencyStore
from chalicelib.jobs.judging import Judging
from chalicelib.jobs.leasing import Leasing
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.listing import Listing
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.previewing import Previewing
from chalicelib.jobs.reaper import Reaper
from chalicelib.jobs.recording import Recorder
from chalicelib.jobs.reservations import JobReservations, UnusedMoney
from chalicelib.jobs.service import JobService
from chalicelib.jobs.shares import Shares
from chalicelib.jobs.slot_run import SlotRun
from chalicelib.jobs.store import JobStore
from chalicelib.providers.registry import Slot
from chalicelib.wiring.ground import Ground

DAY_MS = 86_400_000


class Jobs:
    """Everything about jobs; made on first use."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._ports = ground.ports
        self._settings = ground.settings

    @cached_property
    def _slots(self) -> dict[int, Slot]:
        return {slot.index: slot for slot in self._ports.models.slots}

    @cached_property
    def store(self) -> JobStore:
        return JobStore(self._ports.dynamodb, self._settings.storage.table_name)

    @cached_property
    def pictures(self) -> JobPictures:
        return JobPictures(self.ground.images)

    @cached_property
    def events(self) -> JobEvents:
        ground = self.ground
        return JobEvents(ground.publisher, self.store, ground.addresses.of, ground.listeners)

    @cached_property
    def money(self) -> JobReservations:
        ports = self._ports
        return JobReservations(self.ground.spending, ports.models.slots, ports.new_id)

    @cached_property
    def unused_money(self) -> UnusedMoney:
        return UnusedMoney(self.money, self.store, self._ports.clock)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        ground = self.ground
        return Lifecycle(self.store, ground.gallery, ground.ballots, self.events, self.money)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        settings = self._settings
        functions = settings.worker_function, settings.previews_function
        return Dispatcher(self._ports.functions, *functions)

    @cached_property
    def service(self) -> JobService:
        ports = self._ports
        return JobService(
            store=self.store,
            keys=IdempotencyStore(ports.dynamodb, self._settings.storage.table_name),
            dispatcher=self.dispatcher,
            lifecycle=self.lifecycle,
            money=self.money,
            slots=ports.models.slots,
            limiter=self.ground.generate_limiter,
            content_filter=self.ground.content_filter,
            clock=ports.clock,
            sleep=ports.sleep,
            new_id=ports.new_id,
            new_secret=ports.new_secret,
            rng=ports.rng,
            retention_ms=self._settings.storage.retention_days * DAY_MS,
            switched_off=self.ground.switches.off,
        )

    @cached_property
    def _recorder(self) -> Recorder:
        return Recorder(self.store, self.lifecycle, self._ports.clock, self._ports.sleep)

    @cached_property
    def callbacks(self) -> Callbacks:
        return Callbacks(
            store=self.store,
            pictures=self.pictures,
            outputs=self.ground.outputs,
            generator=self.ground.generator,
            recorder=self._recorder,
            dispatcher=self.dispatcher,
            clock=self._ports.clock,
        )

    @cached_property
    def slot_run(self) -> SlotRun:
        return SlotRun(
            store=self.store,
            pictures=self.pictures,
            generator=self.ground.generator,
            recorder=self._recorder,
            slots=self._slots,
            warmth=self.ground.warmth,
            clock=self._ports.clock,
        )

    @cached_property
    def executor(self) -> Executor:
        ports = self._ports
        return Executor(
            leasing=Leasing(self.store, self._slots, ports.clock, ports.new_id),
            slot_run=self.slot_run,
            lifecycle=self.lifecycle,
            dispatcher=self.dispatcher,
            fanout=ports.fanout,
            clock=ports.clock,
        )

    @cached_property
    def previewing(self) -> Previewing:
        return Previewing(
            store=self.store,
            pictures=self.pictures,
            lifecycle=self.lifecycle,
            draw=draw,
            fanout=self._ports.fanout,
            clock=self._ports.clock,
        )

    @cached_property
    def reaper(self) -> Reaper:
        return Reaper(
            store=self.store,
            pictures=self.pictures,
            lifecycle=self.lifecycle,
            dispatcher=self.dispatcher,
            burial=self.burial,
            callbacks=self.callbacks,
            warmth=self.ground.warmth,
            clock=self._ports.clock,
        )

    @cached_property
    def burial(self) -> Burial:
        return Burial(
            store=self.store,
            gallery=self.ground.gallery,
            ballots=self.ground.ballots,
            pictures=self.pictures,
            outputs=self.ground.outputs,
            lifecycle=self.lifecycle,
            clock=self._ports.clock,
        )

    @cached_property
    def deletion(self) -> Deletion:
        return Deletion(self.service, self.burial)

    @cached_property
    def judging(self) -> Judging:
        return Judging(self.service, self.store, self.lifecycle, self._ports.clock)

    @cached_property
    def shares(self) -> Shares:
        ports, table = self._ports, self._settings.storage.table_name
        return Shares(
            ports.dynamodb, table, self.service, self.store, ports.clock, ports.new_secret
        )

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.store, self.ground.gallery, self._ports.clock)
