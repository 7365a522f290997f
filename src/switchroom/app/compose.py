"""What a node is made of: every part opened in order, from the storage up to the door."""

from contextlib import AsyncExitStack

import click

from switchroom.app import credentials
from switchroom.app.files import secret
from switchroom.app.server import Application
from switchroom.base import memory
from switchroom.base.clock import now_ms
from switchroom.base.settings import Settings
from switchroom.centre.centres import Centres
from switchroom.centre.flowing import CallBot, CallFunction, FindPastChat
from switchroom.channels.bots.calls import BotCalls
from switchroom.channels.bots.runner import BotRunner
from switchroom.channels.bots.sessions import BusSessions
from switchroom.channels.chat.continuing import PastChats
from switchroom.channels.functions.calls import FunctionCalls
from switchroom.channels.functions.runner import FunctionRunner
from switchroom.channels.voice.channel import Voice
from switchroom.features.mail import Mailer
from switchroom.features.passwords import LostPasswords
from switchroom.features.rules.connections import Connections
from switchroom.features.rules.evaluation import Evaluation
from switchroom.features.rules.intake import BusIntake, Intake
from switchroom.features.rules.messages import ensure_stream as ensure_rule_events
from switchroom.features.rules.secrets import Sealed
from switchroom.features.simulation.jobs import Simulations
from switchroom.features.user_batches.batches import UserBatches
from switchroom.flows import library
from switchroom.live.node import Live
from switchroom.resources import demo
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.numbers import stock_inventory
from switchroom.resources.repository import Repository
from switchroom.resources.seed import Seeder
from switchroom.storage.audit import AuditStore
from switchroom.storage.bus import Bus
from switchroom.storage.envelope import Envelope
from switchroom.storage.function_logs import FunctionLogs
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database
from switchroom.storage.security import ApiKeys
from switchroom.views.follower import Follower
from switchroom.views.views import Views
from switchroom.wire.app import create_app
from switchroom.wire.audit import Audit
from switchroom.wire.context import Services
from switchroom.wire.keys import Keys
from switchroom.wire.sessions import Sessions
from switchroom.wire.tokens import Tokens


async def compose(stack: AsyncExitStack, settings: Settings) -> Application:
    """Open every part and return the application; `stack` closes them in the opposite order."""
    services = await _storage(stack, settings)
    await _configuration(stack, services)
    await _security(stack, services)
    await _people(stack, services)
    await _centres(stack, services)
    await _rules(stack, services)
    _simulator(stack, services)
    await _seed(services)
    application = create_app(services)
    memory.settle()
    return application


async def _storage(stack: AsyncExitStack, settings: Settings) -> Services:
    if settings.database_url is None or settings.nats_url is None:
        raise ValueError("a node needs --database-url and --nats-url")
    database = Database(settings.database_url)
    await database.open()
    stack.push_async_callback(database.close)
    await database.migrate()
    bus = Bus(settings.nats_url)
    await bus.open()
    stack.push_async_callback(bus.close)
    envelope = Envelope(settings.data / "root.key")
    objects = ObjectStore(settings.object_store_url or settings.data / "objects", envelope.derive("objects"))
    tokens = Tokens(envelope.derive("tokens"))
    return Services(
        settings, settings.site, database=database, bus=bus, envelope=envelope, objects=objects, tokens=tokens
    )


async def _configuration(stack: AsyncExitStack, services: Services) -> None:
    catalogue = Catalogue()
    await catalogue.open(services.database)
    stack.push_async_callback(catalogue.close)
    services.catalogue = catalogue
    services.repository = Repository(services.database, catalogue, services.site)


async def _security(stack: AsyncExitStack, services: Services) -> None:
    keys = Keys.from_settings(services.settings, ApiKeys(services.database, services.envelope))
    root = credentials.root_key(services.settings)
    keys.add_root(root.access_key_id, root.secret_access_key)
    await keys.refresh()
    services.keys = keys
    services.sessions = Sessions(
        services.site,
        services.catalogue,
        services.database,
        now_ms,
        default_alias=demo.ALIAS if services.settings.demo else None,
    )
    await services.sessions.start(keys.refresh)
    stack.push_async_callback(services.sessions.stop)
    services.audit = Audit(services.site, AuditStore(services.database))
    services.audit.start()
    stack.push_async_callback(services.audit.stop)


async def _people(stack: AsyncExitStack, services: Services) -> None:
    """Mail, lost passwords, and the batches of users."""
    assert services.sessions is not None
    settings, passwords = services.settings, services.sessions.passwords
    mailer = services.mailer = Mailer(settings.smtp_url, settings.mail_from)
    mailer.start()
    stack.push_async_callback(mailer.stop)
    services.lost_passwords = LostPasswords(
        services.database, services.catalogue, passwords, mailer, settings.pages, now_ms
    )
    batches = UserBatches(services.database, services.repository, services.envelope, passwords)
    services.user_batches = batches
    if "worker" in settings.roles:
        follower = Follower("batches of users", batches.work, pause=2.0)
        batches.wake = follower.wake
        follower.start()
        stack.push_async_callback(follower.stop)


async def _centres(stack: AsyncExitStack, services: Services) -> None:
    """The centres with the views written in their commits, what they perform, and what stays connected to them."""
    views = Views(
        site=services.site,
        database=services.database,
        bus=services.bus,
        objects=services.objects,
        catalogue=services.catalogue,
    )
    centres = Centres(
        site=services.site,
        database=services.database,
        bus=services.bus,
        catalogue=services.catalogue,
        leads="centre" in services.settings.roles,
        projections=views.projections,
    )
    functions = FunctionRunner(services.settings.functions, services.site)
    live = Live(services.bus, centres, services.catalogue)
    services.centres, services.views, services.functions, services.live = centres, views, functions, live
    services.sockets = list(live.routes)
    services.function_logs = FunctionLogs(services.database)
    calls = FunctionCalls(functions, centres, services.catalogue, services.function_logs, services.site)
    centres.perform(CallFunction, calls.perform)
    stack.push_async_callback(calls.close)
    services.bots = BotRunner(services.catalogue, functions, BusSessions(services.bus), services.envelope)
    centres.perform(CallBot, BotCalls(services.bots, services.catalogue, centres).perform)
    stack.push_async_callback(services.bots.close)
    centres.perform(FindPastChat, PastChats(services.database, centres).perform)
    centres.on_commit(views.committed)
    views.look_at(centres)
    centres.on_commit(live.committed)
    stack.push_async_callback(functions.close)
    await views.open(work="worker" in services.settings.roles)
    stack.push_async_callback(views.close)
    await live.start()
    stack.push_async_callback(live.stop)
    services.voice = Voice(services.bus, centres)
    await centres.open()
    stack.push_async_callback(centres.close)
    await services.voice.start()
    stack.push_async_callback(services.voice.stop)


def _simulator(stack: AsyncExitStack, services: Services) -> None:
    """Simulations are queued at every node and played at those that work."""
    simulations = services.simulations = Simulations(services.database, services.site)
    if "worker" in services.settings.roles:
        simulations.start()
        stack.push_async_callback(simulations.stop)


async def _rules(stack: AsyncExitStack, services: Services) -> None:
    """Events of applications outside, and the rules that listen to them."""
    sealed = Sealed(services.envelope)
    intake = services.event_intake = Intake(services.database, sealed)
    services.event_connections = Connections(services.database, services.catalogue, sealed, intake)
    if "worker" not in services.settings.roles:
        return
    await ensure_rule_events(services.bus)
    evaluation = Evaluation(services.site, services.database, services.catalogue, services.centres, services.mailer)
    rules = Follower("rules", evaluation.work, pause=2.0)
    intake.wake = rules.wake
    events = Follower("events of the bus", BusIntake(services.bus, services.database, intake).work, pause=0.1)
    for follower in (rules, events):
        follower.start()
        stack.push_async_callback(follower.stop)


async def _seed(services: Services) -> None:
    """Finish instances that were being made, and have the demo if it was asked for."""
    seeder = services.seeder = Seeder(services.repository, services.objects, library)
    await stock_inventory(services.database, services.settings.data / "numbers.csv")
    if services.settings.demo and services.sessions is not None:
        chosen = services.settings.demo_password
        password = chosen or secret(services.settings.data / "demo-password")
        await demo.seed_demo(seeder, services.sessions.passwords.hash, password)
        if chosen is None:
            click.echo(f"Demo: sign in as admin, supervisor, agent1 or agent2 with the password {password}")
    await seeder.resume()
