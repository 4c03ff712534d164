"""An installation with every secret there is: one scene, configuration and Kafka user per component."""

from __future__ import annotations

import uuid
from base64 import b64encode
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trustme

from ops.demo.child import Child, free_port
from ops.demo.log_alert import ORIGIN, VCENTER
from ops.demo.power_off import EVENT
from ops.demo.scene import QUEUE, Scene, kafka_section, routes, vcenter_sections
from schemas.config import load
from sinks.registry import SINKS, model
from tests.support import slack
from tests.support.console import Console
from tests.support.sentinels import Sentinels

if TYPE_CHECKING:
    from contextlib import ExitStack

    from ops.dev.component import Status
    from schemas.config import Config

ROOT = Path(__file__).parents[2]

USER = "reflexarc"
VARIABLE = "ARCHIVE_PASSWORD"
POISON = "poison"
"""Origin of an alert that the sink ``audit`` refuses."""

AWAY = (
    *("locked", "shut", "misrouted", "rows", "signed", "chat", "proven", "mail", "cluster"),
    *("hosts", "workflow", "workflow-by-token", "people"),
)
"""Sinks that never open: two with wrong passwords; the others are at ports where nobody listens."""


DEBUG = "conf,security"
"""What librdkafka is made to tell of itself: everything that has to do with secrets."""


class Secured:
    """Scenes of one run in ``folder``; whatever they start ends with ``closing``."""

    def __init__(self, folder: Path, stack: Status, prefix: str, closing: ExitStack) -> None:
        self.prefix = prefix
        self.stack = stack
        self.folder = folder / "run"
        self.webhook = f"127.0.0.1:{free_port()}"
        self.sentinels = Sentinels(folder / "secrets")
        for part in stack.components:
            self.sentinels.adopt(part.name, part.details["password_file"])
        self.environ = {VARIABLE: self.sentinels.value("archive"), "PYTHONPATH": str(ROOT)}
        self._closing = closing
        self.world = self._scene("world")
        self.sinks = self._sinks()
        self.console = Console(self.folder / "commands", self.environ)

    def component(self, name: str, *, user: str | None = None, **sections: Any) -> Scene:
        """The scene of one component with its configuration.

        Args:
            name: what the scene is called; the component whose Kafka user it has, unless ``user`` names another.
            user: ``admin`` is the cluster's own.
            sections: in place of the sections of that name.
        """
        scene = self._scene(name)
        scene.write_config(self.document(user or name) | sections)
        return scene

    def document(self, user: str) -> dict[str, Any]:
        """The configuration of a component that logs in to Kafka as ``user``."""
        return {
            "kafka": self.kafka(user),
            "vcenters": vcenter_sections(
                self.stack,
                poll="100ms",
                actor={"username": USER, "password_file": str(self.sentinels.file("actor"))},
            ),
            "remediation": {"answer_key_file": str(self.sentinels.file("answers")), "allow": [{"names": ["*"]}]},
            "commands": {
                "key_file": str(self.sentinels.file("commands")),
                "replies": "people",
                "people": {"anna": {"slack": [f"{slack.TEAM}/{slack.USER}"]}},
                "grants": [{"to": ["anna"], "verbs": ["power"], "machines": "any"}],
            },
            "webhook": {
                "listen": self.webhook,
                "token_file": str(self.sentinels.file("webhook")),
                "endpoints": {"log": {"type": "log-alert", "path": "/alerts/log"}, **self._doors()},
            },
            "routes": routes(
                power_off=([EVENT], ["functions", "audit", "archive", "events", "mistaken", *AWAY]),
                infected=([ORIGIN], ["vro", "isolate"]),
                poison=([POISON], ["audit"]),
            ),
            "sinks": deepcopy(self.sinks),
        }

    def kafka(self, user: str, *, password: str | None = None) -> dict[str, Any]:
        """The ``kafka:`` section of a user; ``password`` names another sentinel than its own."""
        section = kafka_section(self.stack, self.prefix) | {"partitions": 1}
        section["options"]["debug"] = DEBUG
        if user != "admin":
            section["security"]["username"] = f"{self.prefix}-{user}"
            section["security"]["password_file"] = str(self.sentinels.file(password or f"kafka-{user}"))
        return section

    def config(self, scene: Scene) -> Config:
        """A scene's configuration as its services read it."""
        return load(scene.config, sink_models=model, sink_types=tuple(SINKS), environ=self.environ)

    def evidence(self) -> dict[str, bytes]:
        """Everything that was written to a file of this run, by its path."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}

    def _scene(self, name: str) -> Scene:
        scene = self._closing.enter_context(Scene(self.folder / name, self.stack, prefix=self.prefix))
        scene.environ = self.environ
        return scene

    def _sinks(self) -> dict[str, Any]:
        bearer, archive = f"Bearer {self.sentinels.value('audit')}", self._basic("archive")
        audit = self._door("knative", "audit", bearer, "--refuse", f'"origin":"{POISON}"')
        gateway = self._door("openfaas", "functions", self._basic("functions"))
        broker = self.stack["rabbitmq"]
        login = {"username": USER, "password_file": str(self.sentinels.file("functions"))}
        queue = {"type": "rabbitmq", "url": broker.endpoint, "username": broker.details["username"], "queue": QUEUE}
        return {
            **self._nowhere(),
            "functions": {"type": "openfaas", "gateway": gateway, **login},
            "audit": {"type": "http", "url": audit, "token_file": str(self.sentinels.file("audit"))},
            "archive": {
                "type": "http",
                "url": self._door("knative", "archive", archive),
                "mode": "structured",
                "username": USER,
                "password": f"${{{VARIABLE}}}",
            },
            "events": {"type": "knative", "uri": self.world.receiver("knative", name="events")},
            "vro": {**queue, "password_file": broker.details["password_file"], "body": "seed", "declare": True},
            "isolate": {"type": "vsphere", "action": "disconnect-vnic", "vcenters": [VCENTER], "allow": ["*"]},
            "mistaken": {"type": "http", "url": audit, "token_file": str(self.sentinels.file("mistaken"))},
            "locked": {
                "type": "openfaas",
                "gateway": gateway,
                **login,
                "password_file": str(self.sentinels.file("locked")),
            },
            "shut": {
                "type": "http",
                "url": f"http://127.0.0.1:{free_port()}/",
                "token_file": str(self.sentinels.file("shut")),
            },
            "misrouted": {**queue, "password_file": str(self.sentinels.file("misrouted"))},
            "rows": {
                "type": "analytics",
                "registry": {
                    "url": f"http://127.0.0.1:{free_port()}",
                    "username": USER,
                    "password_file": str(self.sentinels.file("rows")),
                },
            },
        }

    def _doors(self) -> dict[str, Any]:
        """Endpoints with every kind of secret that the server's token is not."""

        def secret(name: str) -> str:
            return str(self.sentinels.file(name))

        doors: dict[str, dict[str, Any]] = {
            "bearer": {"token_file": secret("hook-bearer")},
            "basic": {"username": USER, "password_file": secret("hook-basic")},
            "hmac": {"hmac": {"secret_file": secret("hook-hmac")}},
            "path": {"path_token_file": secret("hook-path")},
        }
        keys = {f"{name}_key_file": secret(f"hook-{name}") for name in ("seal", "principal")}
        socket = {"app_token_file": secret("hook-app"), "api": f"http://127.0.0.1:{free_port()}/"}
        chat = {
            "type": "slack",
            "door": {"hmac": {"preset": "slack", "secret_file": secret("hook-slack")}},
            "slack": {"teams": [slack.TEAM], "users": [slack.USER], **keys, "socket_mode": socket},
        }
        return {"chat": chat} | {name: {"type": "cloudevents", "door": door} for name, door in doors.items()}

    def command(self, text: str) -> bytes:
        """A command with capabilities of Slack's to hunt for."""
        self.sentinels.values["slack-token"] = uuid.uuid4().hex
        self.sentinels.values["slack-reply"] = f"https://hooks.slack.com/commands/T0001ABCD/{uuid.uuid4().hex}"
        capabilities = {"token": "slack-token", "response_url": "slack-reply"}
        fields = {field: self.sentinels.values[name] for field, name in capabilities.items()}
        return slack.body("command", text=text, **fields)

    def _nowhere(self) -> dict[str, Any]:
        """Sinks with every kind of secret that the others do not have, towards ports where nobody listens."""
        address = f"https://127.0.0.1:{free_port()}"

        def secret(name: str) -> str:
            return str(self.sentinels.file(name))

        identity = trustme.CA().issue_cert("reflexarc.example")
        certificate, key, hook = (self.sentinels.folder / name for name in ("client.crt", "client.key", "hook"))
        identity.cert_chain_pems[0].write_to_path(certificate)
        identity.private_key_pem.write_to_path(key)
        hook.write_text(f"{address}/{uuid.uuid4().hex}\n")
        for path in (key, hook):
            self.sentinels.adopt(path.name, path)
        return {
            "signed": {
                "type": "http",
                "url": address,
                "oauth2": {"token_url": address, "client_id": USER, "client_secret_file": secret("client")},
                "signature": {"secret_file": secret("signature")},
            },
            "chat": {
                "type": "http",
                "mode": "raw",
                "secret_url_file": str(hook),
                "raw": {"body": '{"key": {{ secret }}}', "secret_file": secret("raw")},
            },
            "proven": {
                "type": "http",
                "url": address,
                "client_certificate_file": str(certificate),
                "client_key_file": str(key),
            },
            "mail": {
                "type": "smtp",
                "host": "127.0.0.1",
                "port": free_port(),
                "username": USER,
                "password_file": secret("mail"),
                "from": "reflexarc@example.org",
                "to": ["operators@example.org"],
                "subject": "{{ event.subject }}",
                "body": "{{ event.id }}",
            },
            "people": {
                "type": "slack",
                "api": address,
                "hooks": address,
                "bot_token_file": secret("slack-bot"),
                "seal_key_file": secret("hook-seal"),
            },
            "hosts": {"type": "vrops", "url": address, "username": USER, "password_file": secret("operations")},
            "workflow": {
                "type": "vro",
                "url": address,
                "workflow": str(uuid.uuid4()),
                "username": USER,
                "password_file": secret("orchestrator"),
            },
            "workflow-by-token": {
                "type": "vro",
                "url": address,
                "workflow": str(uuid.uuid4()),
                "auth": "bearer",
                "refresh_token_file": secret("refresh"),
            },
            "cluster": {
                "type": "knative",
                "ref": {"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "name": "b", "namespace": "n"},
                "kubernetes": {"url": address, "token_file": secret("cluster")},
            },
        }

    def _door(self, kind: str, name: str, authorization: str, *options: str) -> str:
        """Start a receiver that wants to see ``authorization``; its URL."""
        argv = ["tests.support.doorkeeper", kind, "--out", str(self.world.journal(name)), *options]
        environ = {"PYTHONPATH": str(ROOT), "AUTHORIZATION": authorization}
        return self.world.add(Child(name, argv, self.world.folder, environ)).first_line()

    def _basic(self, name: str) -> str:
        return f"Basic {b64encode(f'{USER}:{self.sentinels.value(name)}'.encode()).decode()}"


def command_line(child: Child) -> list[str]:
    """What every user of the machine can see of a running child."""
    return Path(f"/proc/{child.pid}/cmdline").read_bytes().decode().split("\0")


def told_to(child: Child, option: str) -> str:
    """The value of an option of a running child."""
    words = command_line(child)
    return words[words.index(option) + 1]
