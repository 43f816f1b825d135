"""The local engine: starts its parts in order, and stops what it started."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import BinaryIO, TypeVar
from uuid import uuid4

import boto3
from aiohttp import ClientSession, web
from botocore.exceptions import BotoCoreError, ClientError

from devstack import environment, log, standalone
from devstack.child import Child
from devstack.control import Control
from devstack.datadir import DataDir, unwritable
from devstack.edge.api import Api
from devstack.edge.headers import security_headers
from devstack.edge.images import Images
from devstack.edge.mails import Mails
from devstack.edge.pages import Pages
from devstack.edge.server import Part, edge
from devstack.edge.sign_in import SignIn
from devstack.edge.signatures import PictureDoor
from devstack.edge.uploads import UploadDoor, Uploads
from devstack.edge.vite import VitePages, ViteServer
from devstack.environment import Accounts, Addresses, Environment
from devstack.kept import Kept
from devstack.lambdas.queue import QueuePoller
from devstack.lambdas.runtime import Runtime
from devstack.lambdas.service import LambdaService, Surroundings
from devstack.own_model import container
from devstack.own_model.delivery import LocalDelivery
from devstack.ports import listen
from devstack.pulse import Ask, any_answer
from devstack.settings import EngineError, EngineSettings
from devstack.simulation import Simulation
from devstack.sockets.gateway import Limits, SocketGateway
from devstack.state import pool
from devstack.state.bootstrap import BUCKET, REGION, bootstrap
from devstack.state.emulator import TOKEN_BYTES, Emulator
from devstack.state.guard import HEALTH
from devstack.state.pool import Person
from devstack.template import Template

SHUTDOWN_SECONDS = 2.0
NOT_WRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class App:
    """The app's two processes and what the gateways make of them."""

    api: Runtime
    worker: Runtime
    functions: LambdaService
    sockets: SocketGateway

    async def reload(self) -> None:
        """Raises EngineError, and keeps the old code, when the new cannot be imported."""
        await self.api.reload()
        await self.worker.reload()


class Engine:
    """A running product on one origin: an async context manager.

    Raises EngineError or SettingsError when it cannot start, and then has stopped everything.
    `live` takes the page from Vite's development server.
    """

    app: App
    url: str
    newcomer: Person | None = None
    """The first administrator, if this start made one."""
    accounts: Accounts | None = None

    def __init__(self, settings: EngineSettings, person: Mapping[str, str], *, live: bool) -> None:
        self._settings = settings
        self._person = person
        self._live = live
        self._stack = AsyncExitStack()
        self._given_up = asyncio.Event()
        self._problem: EngineError | None = None
        self._parts: list[Kept] = []

    async def __aenter__(self) -> Engine:
        async with AsyncExitStack() as stack:
            self._stack = stack
            try:
                await self._start()
            except OSError as problem:
                if problem.errno not in NOT_WRITABLE:
                    raise
                raise EngineError(unwritable(self._settings.data_dir)) from problem
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._stack.aclose()

    async def run(self) -> None:
        """Return never; raise EngineError when a part is lost that cannot be replaced."""
        await self._given_up.wait()
        assert self._problem is not None, "set with given_up"
        raise self._problem

    def _give_up(self, problem: EngineError) -> None:
        self._problem = problem
        self._given_up.set()

    async def _keep(self, name: str, begin: Callable[[], Awaitable[Child]], ask: Ask) -> None:
        part = Kept(name, begin, ask)
        self._parts.append(part)
        self._stack.push_async_callback(part.stop)
        await part.start(self._give_up)

    async def _start(self) -> None:
        data = DataDir(self._settings.data_dir)
        self._stack.callback(data.release)
        ears, control_ears = self._listen(self._settings.port), self._listen(0)[:1]
        self.url = f"http://localhost:{_port(ears)}"
        output = self._stack.enter_context(log.open_log(data.path))
        template = Template.read(self._settings.project)
        prefix = f"/{secrets.token_hex(TOKEN_BYTES)}"
        control = f"http://127.0.0.1:{_port(control_ears)}{prefix}"
        emulator, simulation = await self._start_surroundings(output, template, control)
        self._upload_secret = secrets.token_hex(32)
        addresses = Addresses(self.url, control, emulator.url, self._upload_secret)
        env = self._environment(addresses, simulation)
        await asyncio.to_thread(standalone.hand_over, data.path, addresses, env)
        self.app = await self._start_app(env, output, template)
        inner = Control(self.app.sockets, self.app.functions, prefix)
        await self._serve(control_ears, inner.application())
        await self._serve(ears, await self._edge(emulator, template, output))
        self._stack.push_async_callback(self.app.sockets.close)
        data.tell(_facts(addresses, simulation, self.accounts))

    def _listen(self, port: int) -> list[socket.socket]:
        ears = listen(port)
        for ear in ears:
            self._stack.callback(ear.close)
        return ears

    async def _start_surroundings(
        self, output: BinaryIO, template: Template, control: str
    ) -> tuple[Emulator, Simulation | None]:
        """The emulator with its table and bucket, and the simulators when they are needed."""
        emulator = Emulator(self._settings.data_dir, accounts=self._settings.has_accounts)
        delivery = LocalDelivery(emulator.url, control, BUCKET)
        _, simulation = await _both(
            self._start_emulator(emulator, template), self._start_simulation(output, delivery)
        )
        return emulator, simulation

    async def _start_emulator(self, emulator: Emulator, template: Template) -> None:
        settings = self._settings
        has_accounts = settings.has_accounts

        async def begin() -> Child:
            child = await emulator.begin()
            try:
                # A new directory has no table, and a former one may lack an index.
                await asyncio.to_thread(bootstrap, emulator.url, template, settings.retention_days)
                if has_accounts:
                    await asyncio.to_thread(self._prepare_accounts, emulator.url, template)
            except (BotoCoreError, ClientError) as problem:
                await child.stop()
                raise EngineError(f"The AWS emulator does not work: {problem}.") from problem
            return child

        await self._keep("emulator", begin, lambda: any_answer(f"{emulator.url}{HEALTH}"))

    def _prepare_accounts(self, emulator: str, template: Template) -> None:
        settings = self._settings
        made = pool.prepare(emulator, template, settings.accounts, settings.admin_email)
        if self.accounts is None:
            self.accounts = Accounts(made, secrets.token_hex(32))
            self.newcomer = made.newcomer

    async def _start_simulation(
        self, output: BinaryIO, delivery: LocalDelivery
    ) -> Simulation | None:
        if not environment.wants_simulators(self._person, self._settings.simulate):
            return None
        settings = self._settings
        if settings.pipeline:
            container.check(settings.pipeline)
        simulation = Simulation(settings.pace.simulators, output, delivery, settings.pipeline)
        await self._keep("simulators", simulation.begin, simulation.ask)
        return simulation

    def _environment(self, addresses: Addresses, simulation: Simulation | None) -> Environment:
        simulated = simulation.providers if simulation else None
        env = environment.app_environment(self._person, addresses, simulated, self.accounts)
        environment.check(env)
        return env

    async def _start_app(self, env: Environment, output: BinaryIO, template: Template) -> App:
        api, worker = await _both(
            self._start_runtime("api", env, output), self._start_runtime("worker", env, output)
        )
        pace = self._settings.pace
        around = Surroundings(
            template.async_settings, pace.retry, pace.schedule, time.time, _new_id
        )
        functions = LambdaService(worker, around)
        functions.start_schedules()
        self._start_poller(env, functions)
        self._stack.push_async_callback(functions.stop)
        return App(api, worker, functions, SocketGateway(api, Limits(), time.time, _new_id))

    def _start_poller(self, env: Environment, functions: LambdaService) -> None:
        session = boto3.Session("local", "local", region_name=REGION)
        queues = session.client("sqs", endpoint_url=env["AWS_ENDPOINT_URL_SQS"])
        poller = QueuePoller(queues, env["BATCH_QUEUE_URL"], "rows", functions)
        polling = asyncio.create_task(poller.run())
        self._stack.callback(polling.cancel)

    async def _start_runtime(self, role: str, env: Environment, output: BinaryIO) -> Runtime:
        runtime = Runtime(role, self._settings.project, env, output)
        self._stack.push_async_callback(runtime.stop)
        await runtime.start()
        return runtime

    async def _edge(
        self, emulator: Emulator, template: Template, output: BinaryIO
    ) -> web.Application:
        session = await self._stack.enter_async_context(ClientSession(auto_decompress=False))
        parts: dict[str, Part] = {
            "api": Api(
                self.app.api, template.gateway_response, _new_id, lambda: self._ailment(emulator)
            ),
            "sockets": self.app.sockets,
            "images": Images(session, emulator.url, BUCKET, self._door()),
            "uploads": Uploads(session, emulator.url, BUCKET, self._upload_door()),
            **self._parts_of_accounts(session, emulator.url),
        }
        if self._live:
            return edge({**parts, "pages": await self._live_pages(session, output)}, {})
        socket_origin = self.url.replace("http", "ws", 1)
        headers = security_headers(template.security_headers(), socket_origin)
        pages = Pages(self._settings.project / "frontend" / "dist")
        return edge({**parts, "pages": pages}, headers)

    async def _ailment(self, emulator: Emulator) -> str | None:
        """Return the sentence that says why runs cannot be drawn and kept now, if they cannot."""
        parts = {part.name: part.is_well for part in self._parts}
        parts |= {f"{each.role} process": each.is_well for each in (self.app.api, self.app.worker)}
        ill = next((name for name, is_well in parts.items() if not is_well), None)
        if ill:
            return f"The {ill} of the local engine does not answer; see engine.log. Try again."
        return None if await emulator.takes_more() else unwritable(self._settings.data_dir)

    def _door(self) -> PictureDoor | None:
        return PictureDoor(self.accounts.signing_key, time.time) if self.accounts else None

    def _upload_door(self) -> UploadDoor:
        return UploadDoor(self.url, self._upload_secret, REGION, time.time)

    def _parts_of_accounts(self, session: ClientSession, emulator: str) -> dict[str, Part]:
        if self.accounts is None:
            return {}
        mails = Mails(session, emulator, os.getuid())
        telling = asyncio.create_task(mails.tell(lambda text: print(text, flush=True)))
        self._stack.callback(telling.cancel)
        return {"mails": mails, "sign_in": SignIn(session, emulator)}

    async def _live_pages(self, session: ClientSession, output: BinaryIO) -> VitePages:
        vite = await ViteServer.start(self._settings.project / "frontend", self.url, output)
        self._stack.push_async_callback(vite.stop)
        return VitePages(session, vite.origin)

    async def _serve(self, ears: list[socket.socket], application: web.Application) -> None:
        # API Gateway hands bodies on as they came, compressed ones too.
        runner = web.AppRunner(
            application,
            access_log=None,
            shutdown_timeout=SHUTDOWN_SECONDS,
            auto_decompress=False,
        )
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        for ear in ears:
            await web.SockSite(runner, ear, backlog=512).start()


def _facts(
    addresses: Addresses, simulation: Simulation | None, accounts: Accounts | None
) -> dict[str, object]:
    return {
        "url": addresses.origin,
        "control": addresses.control,
        "emulator": addresses.emulator,
        "simulators": dict(simulation.providers.base_urls) if simulation else None,
        "simulatorControl": simulation.control_url if simulation else None,
        "userPoolId": accounts.pool.pool_id if accounts else None,
        "userPoolClientId": accounts.pool.client_id if accounts else None,
    }


def _port(ears: list[socket.socket]) -> int:
    port: int = ears[0].getsockname()[1]
    return port


def _new_id() -> str:
    return str(uuid4())


async def _both(one: Awaitable[A], other: Awaitable[B]) -> tuple[A, B]:
    """Waits for both even when one fails, so that whatever started can be stopped."""
    first, second = await asyncio.gather(one, other, return_exceptions=True)
    if isinstance(first, BaseException):
        raise first
    if isinstance(second, BaseException):
        raise second
    return first, second
