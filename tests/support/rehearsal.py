"""What is done to the secured installation: everything that should work, and what people get wrong with secrets."""

from __future__ import annotations

import time
import urllib.request
import uuid
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import orjson

from clients.vsphere.session import Session
from ops.demo import log_alert, power_off, simulators
from ops.demo.child import Child
from ops.demo.story import wait_for
from tests.support import slack
from tests.support.administrator import Administrator
from tests.support.secretfields import held
from tests.support.secured import AWAY, POISON, Secured, command_line, told_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from confluent_kafka import Message

    from tests.support.console import Said

SERVICES = {
    "worker-router": ("worker", "--role", "router"),
    "worker-deliver": ("worker", "--role", "deliver"),
    "worker-command": ("worker", "--role", "command"),
    "worker-decide": ("worker", "--role", "decide"),
    "worker-execute": ("worker", "--role", "execute"),
    "ingest-webhook": ("ingest", "webhook"),
    "ingest-vcenter": ("ingest", "vcenter"),
    "ingest-inventory": ("ingest", "inventory"),
}
COMPONENTS = (*SERVICES, "operator", "replay", "tap")
# Permissions that a service needs, with the kind of resource; those of topics are missed by the same question of all.
WITHOUT = (
    ("ingest-webhook", "topic"),
    ("ingest-vcenter", "transactional-id"),
    ("ingest-vcenter", "group"),
    ("worker-router", "group"),
    ("worker-deliver", "group"),
)


@dataclass
class Run:
    """What came of everything that was done; filled act by act, read by the tests."""

    world: Secured
    held: set[tuple[str, str]] = field(default_factory=set)
    plan: dict[str, Any] = field(default_factory=dict)
    script: str = ""
    said: dict[str, Said] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    event: str = ""
    alert: str = ""
    records: list[Message] = field(default_factory=list)
    evidence: dict[str, bytes] = field(default_factory=dict)


def play(run: Run) -> None:
    prepare(run)
    with ThreadPoolExecutor() as pool:
        mistaken = pool.submit(log_in_with_the_wrong_password, run)
        others = [name for name in SERVICES if name != "ingest-vcenter"]
        started = dict(zip(others, pool.map(lambda name: start(run, name), others), strict=True))
        mistaken.result()
        started["ingest-vcenter"] = start(run, "ingest-vcenter")
        mistakes = pool.submit(make_mistakes, run)
        cause_events(run)
        await_arrivals(run, started["worker-deliver"])
        await_the_decision(started["worker-decide"])
        mistakes.result()
    drop_a_letter(run)
    for name, child in started.items():
        run.evidence[f"command line of {name}"] = " ".join(command_line(child)).encode()
        for page in ("metrics", "health", "ready"):
            run.evidence[f"/{page} of {name}"] = fetch(f"http://{told_to(child, '--probe')}/{page}")
    for child in started.values():
        child.stop()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda what: start_without(run, *what), WITHOUT))


def prepare(run: Run) -> None:
    """Topics by the administrator, then users and exactly the printed permissions."""
    world = run.world
    admin = world.component("administrator", user="admin")
    run.said["create"] = world.console.run(admin.config, "topics", "create")
    run.plan = orjson.loads(world.console.run(admin.config, "topics", "create", "--print", "--json").out)
    run.script = world.console.run(admin.config, "topics", "create", "--print").out
    administrator = Administrator(world.config(admin).kafka)
    for principal in {acl["principal"] for acl in run.plan["acls"]}:
        user = principal.removeprefix("User:")
        administrator.add_user(user, world.sentinels.value(f"kafka-{user.removeprefix(world.prefix + '-')}"))
    administrator.grant([*run.plan["acls"], *incomplete(run, administrator)])
    for scene in (admin, *(world.component(name) for name in COMPONENTS)):
        run.held |= {(place, secret.reveal()) for place, secret in held(world.config(scene))}
    world.world.orchestrator(world.stack["rabbitmq"])


def incomplete(run: Run, administrator: Administrator) -> Iterator[dict[str, Any]]:
    """Permissions of users who have all that a component has, except what is named in ``WITHOUT``."""
    world = run.world
    for component, resource in WITHOUT:
        user = f"{component}-without-{resource}"
        administrator.add_user(f"{world.prefix}-{user}", world.sentinels.value(f"kafka-{user}"))
        for acl in run.plan["acls"]:
            if acl["component"] == component and acl["resource"] != resource:
                yield acl | {"principal": f"User:{world.prefix}-{user}"}


def start_without(run: Run, component: str, resource: str) -> None:
    """Start a component that lacks a permission."""
    user = f"{component}-without-{resource}"
    run.said[user] = run.world.console.run(run.world.component(user).config, *SERVICES[component])


def start(run: Run, name: str) -> Child:
    """One component, with its own configuration and as talkative as it can be."""
    return run.world.component(name).service(name, "-v", *SERVICES[name])


def log_in_with_the_wrong_password(run: Run) -> None:
    """At every vCenter, once."""
    world = run.world
    vcenters = world.document("ingest-vcenter")["vcenters"]
    for name, vcenter in vcenters.items():
        vcenter["password_file"] = str(world.sentinels.file(f"wrong-{name}"))
    scene = world.component("wrong-vcenter-password", user="ingest-vcenter", vcenters=vcenters)
    argv = ("ops", "--config", str(scene.config), "-v", *SERVICES["ingest-vcenter"])
    child = scene.add(Child("ingest-vcenter", argv, scene.folder, scene.environ, speaks=False))
    refusals = [f"vCenter {name} refused the user name or the password" for name in vcenters]
    assert wait_for(lambda: all(line in child.log.read_text() for line in refusals)), child.last_words()
    child.stop()


def cause_events(run: Run) -> None:
    """A machine is powered off; alerts are sent by strangers, by mistake and in order."""
    world = run.world
    vcenter = world.config(world.component("spectator", user="operator")).vcenters[log_alert.VCENTER]
    with Session(vcenter) as session:
        machine, target = simulators.machine_names(session, 2)
        before = simulators.newest_key(session)
        simulators.power_off(session, [machine])
        (key,) = simulators.event_keys(session, power_off.EVENT, before)
    run.event, run.alert = f"{log_alert.VCENTER}/0/{key}", uuid.uuid4().hex
    alert = log_alert.body(run.alert, target)
    poison = orjson.dumps(orjson.loads(alert) | {"origin": POISON})
    url = f"http://{world.webhook}/alerts/log"
    right, wrong = (f"Bearer {world.sentinels.value(name)}" for name in ("webhook", "wrong-webhook"))
    command = world.command(f"poweron\n{log_alert.VCENTER}:{machine}")
    signed = slack.headers(command, now=time.time(), secret=world.sentinels.value("hook-slack"))
    forged = slack.headers(command, now=time.time(), secret=world.sentinels.value("hook-hmac"))
    run.answers = {
        "a command": log_alert.post(f"http://{world.webhook}/chat", command, signed),
        "a forged command": log_alert.post(f"http://{world.webhook}/chat", command, forged),
        "nobody": log_alert.post(url, alert),
        "stranger": log_alert.post(url, alert, {"Authorization": wrong}),
        "confused": log_alert.post(url, b"{", {"Authorization": right}),
        "alert": log_alert.post(url, alert, {"Authorization": right}),
        "poison": log_alert.post(url, poison, {"Authorization": right}),
        **{name: log_alert.post(address, b"{}", headers) for name, address, headers in strangers(world)},
    }


def strangers(world: Secured) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Who knows a secret of another door; what is sent is no CloudEvent, so that none is stored."""
    base, secret = f"http://{world.webhook}", world.sentinels.value
    wrong = secret("hook-bearer")
    yield (
        "a basic door",
        f"{base}/basic",
        {"Authorization": f"Basic {b64encode(f'reflexarc:{wrong}'.encode()).decode()}"},
    )
    yield "a signed door", f"{base}/hmac", {"X-Hub-Signature-256": f"sha256={wrong}"}
    yield "a secret path", f"{base}/path/{quote(wrong, safe='')}", {}
    yield "a bearer door", f"{base}/bearer", {"Authorization": f"Bearer {secret('hook-basic')}"}
    yield "the right path", f"{base}/path/{quote(secret('hook-path'), safe='')}", {}


def await_arrivals(run: Run, deliver: Child) -> None:
    """Until everybody has what they should, as far as it comes at all; the tests look closer."""
    received = run.world.world.received
    metrics = f"http://{told_to(deliver, '--probe')}/metrics"
    wait_for(lambda: all(run.event in ids(received(name)) for name in ("functions", "audit", "archive", "events")))
    wait_for(lambda: bool(list(received("orchestrator"))))
    letters = [b'reflexarc_dead_letters_total{sink="%s"} 1.0' % sink for sink in (b"audit", b"mistaken")]
    wait_for(lambda: all(line in fetch(metrics) for line in letters))
    wait_for(lambda: b'reflexarc_delivered_total{sink="isolate"} 1.0' in fetch(metrics))
    wait_for(lambda: all(f"{name} is away" in deliver.log.read_text() for name in AWAY))


DECIDED: Final = b'decisions_total{rule="target",sink="command/poweron",verdict="refused"} 1.0'


def await_the_decision(decide: Child) -> None:
    """Until what was asked for in Slack is refused: the vCenters do not know the account that acts."""
    metrics = f"http://{told_to(decide, '--probe')}/metrics"
    wait_for(lambda: DECIDED in fetch(metrics))


def drop_a_letter(run: Run) -> None:
    """Looked at, then dropped, and so deleted: with the operator's permissions."""
    operator = run.world.component("desk", user="operator").config
    for name, argv in (("letter", ("show", run.event)), ("drop", ("drop", "--yes"))):
        run.said[name] = run.world.console.run(operator, "dlq", *argv, "--sink", "mistaken", "--json")


def make_mistakes(run: Run) -> None:
    """Commands that work, and all that a person gets wrong with secrets."""
    world = run.world
    operator = world.component("operator", kafka=world.kafka("operator")).config
    stranger = world.component("stranger", kafka=world.kafka("operator", password="wrong-kafka")).config
    careless = careless_config(world)
    router = world.component("router-as-deliver", user="worker-deliver").config
    commands: dict[str, tuple[Path, tuple[str, ...]]] = {
        "check": (operator, ("check",)),
        "check json": (operator, ("-v", "check", "--json")),
        "list": (operator, ("-v", "topics", "list")),
        "help": (operator, ("-v", "vm", "help")),
        "unnamed": (operator, ("-v", "vm", "poweron", "nothing")),
        "wrong kafka password": (stranger, ("-v", "topics", "list", "--json")),
        "careless": (careless, ("-v", "check")),
        "careless json": (careless, ("check", "--json")),
        "foreign acl": (router, SERVICES["worker-router"]),
        "foreign acl verbose": (router, ("-v", "--log-format", "json", *SERVICES["worker-router"])),
    }
    for name, (config, argv) in commands.items():
        run.said[name] = world.console.run(config, *argv)


def careless_config(world: Secured) -> Path:
    """Secrets wherever they must not be."""
    document, secret = world.document("operator"), world.sentinels.value
    document["kafka"]["options"]["sasl.password"] = secret("literal-option")
    document["webhook"] = {"listen": world.webhook, "token": secret("literal-token"), "tocken": secret("misspelt")}
    document["vcenters"]["vc1"]["password_file"] = secret("misplaced")
    document["vcenters"]["vc2"]["url"] = f"https://root:{quote(secret('url'), safe='')}@127.0.0.1/sdk"
    sinks = document["sinks"]
    sinks["vro"] |= {"url": f"amqp://root:{quote(secret('amqp-url'), safe='')}@127.0.0.1/"}
    sinks["audit"] |= {"headers": {"Authorization": f"Bearer {secret('header')}"}}
    sinks["archive"] |= {"password": f"${{{secret('not-a-variable')}}}"}
    scene = world.component("careless", user="operator", **document)
    careless = scene.config
    hidden = world.folder.parent / "secrets" / "careless.yaml"  # the one file that may hold secrets
    careless.rename(hidden)
    return hidden


def gather(run: Run) -> None:
    """Everything that anybody could read afterwards."""
    world = run.world
    admin = world.component("administrator", user="admin")
    run.records = list(Administrator(world.config(admin).kafka).records())
    run.evidence |= world.evidence()
    run.evidence |= {f"log of {part.name}": part.log.read_bytes() for part in world.stack.components if part.log}
    for record in run.records:
        pairs: Any = record.headers() or ()
        headers = b"\n".join(name.encode() + b": " + (value or b"") for name, value in pairs)
        place = f"{record.topic()}/{record.partition()}/{record.offset()}"
        run.evidence[place] = b"\n".join((record.key() or b"", headers, record.value() or b""))


def ids(entries: Iterable[dict[str, Any]]) -> set[str]:
    return {str(entry["id"]) for entry in entries}


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
        return bytes(answer.read())
