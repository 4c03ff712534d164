"""A small installation for self-service: Slack, a webhook that it reaches, two simulated vCenters, every role."""

from __future__ import annotations

import json
import time
import uuid
from ssl import create_default_context
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.request import Request, urlopen

from ops.demo.child import Child, free_port
from ops.demo.scene import Scene, kafka_section, read_config
from schemas import topics as names
from tests.support import slack, topics
from tests.support.chat import CHANNEL, TOKEN, USER, ledger
from tests.support.chat.hook import TEAM, USES, Hook
from tests.support.govc import Govc

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

BEN: Final = "U0BEN00001"
EVE: Final = "U0EVE00001"
"""Who may approve; and who is known to nobody."""

MUTANTS: Final = "tests.faults.commands.mutants"
FOLDER: Final = "/DC0/vm"
FINAL: Final = ("refused", "planned", "succeeded", "failed", "unknown", "answered")

COMMANDS: Final[dict[str, Any]] = {
    "replies": "chat",
    "people": {
        "anna": {"slack": [f"{TEAM}/{USER}"], "cli": ["anna"], "groups": ["users"]},
        "ben": {"slack": [f"{TEAM}/{BEN}"], "groups": ["users", "operators"]},
    },
    "grants": [
        {"to": ["users"], "verbs": ["read", "power", "create", "change"], "machines": "any"},
        {"to": ["users"], "verbs": ["destroy"]},
        {"to": ["operators"], "verbs": ["approve"]},
    ],
    "sizes": {"large": {"cpus": 4, "memory": "1GiB"}},
    "max_memory": "2GiB",
    "presets": {
        "small": {
            "vcenter": "vc1",
            "cluster": "DC0_C0",
            "folder": FOLDER,
            "source": "DC0_C0_RP0_VM1",
            "templates": ["DC0_C0_RP0_*"],
            "default_of": {"teams": [TEAM]},
        }
    },
}


class World:
    """Scene and roles; enter it as a context manager.

    Args:
        folder: for every file of the run.
        stack: the running stack.
        prefix: of topics and groups.
        vcenters: their sections.
        limits: the section ``remediation``, on top of one that lets everything pass.
        commands: the section ``commands``, on top of ``COMMANDS``.
        webhook: of its endpoint's part ``slack``, on top of one that lets three people in.
        options: of the stand-in for Slack.
    """

    def __init__(
        self,
        folder: Path,
        stack: Status,
        prefix: str,
        *,
        vcenters: dict[str, dict[str, Any]],
        limits: dict[str, Any] | None = None,
        commands: dict[str, Any] | None = None,
        webhook: dict[str, Any] | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        self.scene = Scene(folder, stack, prefix=prefix)
        self.prefix = prefix
        self.bootstrap = stack["kafka"].endpoint or ""
        self._port = free_port()
        self.messages = folder / "slack.jsonl"
        self._options = options
        self._slack, self._said = self._start_slack()
        secrets = {"answer.key": "k" * 44, "bot.token": TOKEN, "command.key": "c" * 44}
        for name, secret in secrets.items():
            (folder / name).write_text(secret)
        everything = {"dry_run": False, "allow": [{"names": ["*"]}], "cool_down": 0, "blast_radius": []}
        endpoint = slack.written(folder)
        endpoint["slack"] |= {"users": [USER, BEN, EVE]} | (webhook or {})
        self.scene.write_config(
            {
                "kafka": kafka_section(stack, prefix),
                "vcenters": vcenters,
                "remediation": everything | {"answer_key_file": "answer.key"} | (limits or {}),
                "commands": COMMANDS | {"key_file": "command.key"} | (commands or {}),
                "webhook": {"listen": f"127.0.0.1:{self._port}", "endpoints": {"slack": endpoint}},
                "sinks": {
                    "chat": {
                        "type": "slack",
                        "bot_token_file": "bot.token",
                        "seal_key_file": str(folder / "seal.key"),
                        "proxy": self._said["proxy"],
                        **{key: self._said[key] for key in ("api", "ca_file")},
                    }
                },
            }
        )

    def __enter__(self) -> Self:
        self.scene.run("topics", "create")
        return self

    def __exit__(self, *error: object) -> None:
        self.scene.__exit__(*error)

    def start_all(self, *roles: str) -> dict[str, Child]:
        """Start the webhook and these roles side by side, and wait until they serve."""
        self.scene.environ = {}
        begun = {"webhook": self.scene.begin("webhook", "ingest", "webhook")}
        for role in roles:
            begun[role] = self.scene.begin(role, "worker", "--role", role, "--instance", role)
        for child in begun.values():
            child.await_ready()
        return dict(begun)

    def start(self, role: str, name: str | None = None, *, mutant: str = "") -> Child:
        """Start a role once more, and wait until it serves; with one guarantee switched off when a mutant is named."""
        self.scene.environ = {"MUTANT": mutant}
        name, module = name or role, MUTANTS if mutant else None
        if role == "webhook":
            return self.scene.service(name, "ingest", "webhook", module=module)
        return self.scene.service(name, "worker", "--role", role, "--instance", name, module=module)

    def say(self, *words: str, user: str = USER, now: float | None = None, **fields: str) -> str:
        """Have somebody give ``/iaas`` with one argument a line; what comes back."""
        return self.post(self.order(*words, user=user, **fields), now=now)

    def order(self, *words: str, user: str = USER, channel: str = CHANNEL, **fields: str) -> bytes:
        """The body of a request of Slack with ``/iaas`` and one argument a line; other fields as they are given."""
        hook = Hook(TEAM, int(time.time()), user, channel, uuid.uuid4().hex)
        given = {
            "command": "/iaas",
            "text": "\n".join(words),
            "user_id": user,
            "channel_id": channel,
            "trigger_id": uuid.uuid4().hex,
            "response_url": f"https://hooks.slack.com{hook.path}",
        }
        return slack.body("command", **(given | fields))

    def press(self, button: str, value: str, *, user: str) -> None:
        """Have somebody press a button of a message."""
        hook = Hook(TEAM, int(time.time()), user, CHANNEL, uuid.uuid4().hex)
        recorded = slack.recorded("button")
        action = recorded["actions"][0] | {"action_id": button, "value": value}
        changes = {
            "actions": [action],
            "user": recorded["user"] | {"id": user, "team_id": TEAM},
            "team": recorded["team"] | {"id": TEAM},
            "channel": recorded["channel"] | {"id": CHANNEL},
            "trigger_id": uuid.uuid4().hex,
            "response_url": f"https://hooks.slack.com{hook.path}",
        }
        self.post(slack.body("button", **changes))

    def post(self, body: bytes, *, now: float | None = None, secret: str = slack.SIGNING) -> str:
        """Post what Slack would; what comes back.

        Raises:
            OSError: nobody answers, or not with 200.
        """
        return self.send(body, slack.headers(body, now=now or time.time(), secret=secret))

    def send(self, body: bytes, headers: dict[str, str]) -> str:
        """Post these bytes with these headers; as ``post``."""
        request = Request(f"http://127.0.0.1:{self._port}/slack", data=body, headers=headers)
        with urlopen(request, timeout=10) as answer:  # noqa: S310
            return str(answer.read().decode())

    def heard(self, user: str | None = None) -> list[dict[str, Any]]:
        """What was shown in Slack, in order; to one person where it is for one."""
        found = ledger.read(self.messages)
        return [each for each in found if user is None or each["visible"] == "channel" or each["user"] == user]

    def texts(self, user: str | None = None) -> list[str]:
        """The texts of it."""
        return [str(each["text"]) for each in self.heard(user)]

    def audit(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Whole kind, person and data of what the audit has heard."""
        found = []
        for record in topics.everything(self.bootstrap, names.audit(self.prefix)):
            headers = dict(record.headers() or ())
            kind = (headers["ce_type"] or b"").decode()
            data = json.loads(record.value() or b"{}")
            found.append((kind.removeprefix("com.reflexarc."), str(data.get("command", {}).get("person", "")), data))
        return found

    def govc(self, vcenter: str) -> Govc:
        """Somebody else's look at a vCenter."""
        return Govc(read_config(self.scene).vcenters[vcenter])

    def use_up(self, address: str) -> None:
        """Have a reply address serve no more."""
        body = json.dumps({"text": "used", "replace_original": False}).encode()
        asked = Request(  # noqa: S310
            address.replace("https://hooks.slack.com/", self._said["hooks"]),
            data=body,
            headers={"Content-Type": "application/json"},
        )
        for _ in range(USES):
            with urlopen(asked, timeout=10, context=create_default_context(cafile=self._said["ca_file"])):  # noqa: S310
                pass

    def kill_slack(self) -> None:
        """Have Slack be away."""
        self._slack.kill()

    def bring_slack_back(self) -> None:
        """Slack again, at the same port."""
        self._slack, _ = self._start_slack("--port", self._said["proxy"].rpartition(":")[2])

    def _start_slack(self, *options: str) -> tuple[Child, dict[str, str]]:
        argv = ["tests.support.chat", "--file", str(self.messages), *self._options, *options]
        child = self.scene.add(Child("slack", argv, self.scene.folder))
        return child, json.loads(child.first_line())
