from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.config.commands.verbs import GROUPS
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import Config

KAFKA = """
kafka: {bootstrap: 'localhost:9092'}
vcenters: {vc1: {url: https://vc1.example.org, username: u, password_file: secret}}
sinks: {post: {type: post, url: "http://127.0.0.1:8081"}}
remediation: {answer_key: "${KEY}"}
"""
PRESET = "small: {vcenter: vc1, cluster: c, folder: /DC0/vm/x}"
WHOLE = """
commands:
  key: ${KEY}
  people:
    anna: {slack: [T1A/U1A, T2A/U1A], cli: [anna], groups: [operators]}
    ben: {slack: [T1A/U2A]}
  grants:
    - {to: [operators], verbs: [read, power, nuke], vcenters: [vc1], machines: any, channels: [T1A/C1A]}
    - {to: [ben], verbs: [create], presets: [small]}
  presets:
    small:
      vcenter: vc1
      pool: Resources/dev
      folder: /DC0/vm/x
      datastore: ["ssd-*", nfs]
      network: VM Network
      source: golden
      template: true
      templates: "ubuntu-*"
      customization: linux
      cpus: 2
      memory: 4GiB
      disk: 20GiB
      guest: ubuntu64Guest
      max_cpus: 4
      lease: 7d
      quota: 2
      default_of: {channels: [T1A/C1A], people: [ben], teams: [T1A]}
  sizes: {large: {cpus: 4, memory: 16GiB}}
  lease: {for: 10d, warn: 1d, grace: 0}
  quarantine: {folder: gone, purge_after: 30d}
  verbs: {poweroff: {approval: never, cool_down: 1m, max_age: 5m}}
  max_cpus: 16
  max_memory: 64GiB
"""


@pytest.fixture
def faulty(configured: Callable[..., Config]) -> Callable[[str], list[tuple[str, int | None, str]]]:
    """Where, at which line below ``commands:``, and what with its cure."""

    def read(text: str) -> list[tuple[str, int | None, str]]:
        with pytest.raises(ConfigError) as caught:
            configured(f"{KAFKA}commands:\n{text}")
        above = KAFKA.count("\n") + 1
        found = caught.value.problems
        return [(each.where, each.line and each.line - above, f"{each.what}: {each.cure}") for each in found]

    return read


def test_without_a_word_there_are_no_commands(configured: Callable[..., Config]) -> None:
    assert configured(KAFKA).commands is None


def test_everything_is_read(configured: Callable[..., Config]) -> None:
    commands = configured(KAFKA + WHOLE, {"KEY": "k" * 32}).commands
    assert commands is not None
    small, first = commands.presets["small"], commands.grants[0]
    assert frozenset({*GROUPS["read"], *GROUPS["power"], "nuke"}) == first.granted
    assert ("ssd-*", "nfs") == small.datastore
    assert (2, 4 * 2**30, 604_800) == (small.cpus, small.memory, small.lease)
    assert (False, False) == (small.connected, small.power_on)
    assert (864_000, 86_400, 0) == (commands.lease.for_, commands.lease.warn, commands.lease.grace)


def test_a_preset_that_says_little_is_the_seed_s_machine(configured: Callable[..., Config]) -> None:
    commands = configured(f"{KAFKA}commands: {{presets: {{{PRESET}}}}}").commands
    assert commands is not None
    small = commands.presets["small"]
    assert (1, 128 * 2**20, 128 * 2**20, "otherGuest") == (small.cpus, small.memory, small.disk, small.guest)


@pytest.mark.parametrize(
    ("text", "where", "line", "told"),
    [
        ("  peple: {}", "commands.peple", 1, "is not a known key: did you mean people?"),
        ("  replies: no", "commands.replies", 1, "no sink is called no"),
        ("  replies: slck", "commands.replies", 1, "no sink is called slck: known: post"),
        ("  replies: post", "commands.replies", 1, "is a sink of type post: name one of type slack"),
        ("  people:\n    anna: {slack: [U1A]}", "commands.people.anna.slack[0]", 2, "is not a workspace and an id"),
        ("  people:\n    anna: {cli: ['a/b']}", "commands.people.anna.cli[0]", 2, "does not have the expected form"),
        ("  people:\n    slack/T1/U1: {}", "commands.people.slack/T1/U1", 2, "is not a usable name"),
        (
            "  people:\n    anna: {slack: [T1A/U1A]}\n    ben:\n      slack:\n      - T1A/U1A",
            "commands.people.ben.slack[0]",
            5,
            "is anna as well as ben: remove it at anna or here",
        ),
        ("  people:\n    a: {cli: [x]}\n    b: {cli: [y, x]}", "commands.people.b.cli[1]", 3, "is a as well as b"),
        (
            "  people:\n    a: {}\n    b: {groups: [a]}",
            "commands.people.b.groups[0]",
            3,
            "a is a person: give the group",
        ),
        ("  grants:\n  - {to: ['*'], verbs: [read]}", "commands.grants[0].to[0]", 2, "grants it to everybody"),
        ("  grants:\n  - {to: [], verbs: [read]}", "commands.grants[0].to", 2, "names nothing"),
        (
            "  people: {anna: {groups: [operators]}}\n  grants:\n  - {to: [operator], verbs: [read]}",
            "commands.grants[0].to[0]",
            3,
            "no person and no group is called operator: did you mean operators?",
        ),
        (
            "  people: {a: {}}\n  grants:\n  - {to: [a], verbs: ['*']}",
            "commands.grants[0].verbs[0]",
            3,
            "grants everything",
        ),
        (
            "  people: {a: {}}\n  grants:\n  - {to: [a], verbs: [powron]}",
            "commands.grants[0].verbs[0]",
            3,
            "no verb and no group of verbs is called powron: did you mean poweron?",
        ),
        (
            "  people: {a: {}}\n  grants:\n  - to: [a]\n    verbs: [create]\n    presets: [smal]",
            "commands.grants[0].presets[0]",
            5,
            "no preset is called smal: define it below presets:",
        ),
        (
            "  people: {a: {}}\n  grants:\n  - {to: [a], verbs: [read], vcenters: [vc2]}",
            "commands.grants[0].vcenters[0]",
            3,
            "no vCenter is called vc2: did you mean vc1?",
        ),
        (
            "  presets:\n    s: {vcenter: vc1, folder: /x}",
            "commands.presets.s",
            2,
            "does not say what runs its machines",
        ),
        (
            "  presets:\n    s: {vcenter: vc1, folder: /x, host: a, pool: b}",
            "commands.presets.s",
            2,
            "says host and pool: write one of",
        ),
        ("  presets:\n    s: {vcenter: vc9, folder: /x, host: a}", "commands.presets.s.vcenter", 2, "called vc9"),
        (
            "  presets:\n    s: {vcenter: vc1, folder: /x, host: a, template: true}",
            "commands.presets.s.template",
            2,
            "there is no source",
        ),
        (
            "  presets:\n    s: {vcenter: vc1, folder: /x, host: a, cpus: 3, max_cpus: 2}",
            "commands.presets.s.cpus",
            2,
            "is more than max_cpus",
        ),
        (
            "  presets:\n    s: {vcenter: vc1, folder: /x, host: a, cpus: 9}",
            "commands.presets.s.cpus",
            2,
            "is more than commands.max_cpus",
        ),
        (
            "  presets:\n    s:\n      vcenter: vc1\n      host: a\n      folder: /x\n      default_of: {people: [al]}",
            "commands.presets.s.default_of.people[0]",
            6,
            "no person is called al",
        ),
        (
            "  presets:\n    a: &a {vcenter: vc1, folder: /x, host: a, default_of: {teams: [T1A]}}\n    b: *a",
            "commands.presets.b.default_of.teams[0]",
            2,
            "has the default a already",
        ),
        ("  sizes:\n    4gb: {cpus: 1, memory: 4GiB}", "commands.sizes.4gb", 2, "looks like a number"),
        ("  sizes:\n    xl: {cpus: 9, memory: 4GiB}", "commands.sizes.xl.cpus", 2, "is more than commands.max_cpus"),
        ("  sizes:\n    xl: {cpus: 2, memory: 5MB}", "commands.sizes.xl.memory", 2, "is no multiple of 4MiB"),
        ("  max_memory: 0", "commands.max_memory", 1, "is not a size that a machine has: write 4MiB to 24576GiB"),
        ("  lease: {for: 1d}", "commands.lease.warn", 1, "is before the machine is made"),
        ("  quarantine: {folder: ../x}", "commands.quarantine.folder", 1, "does not have the expected form"),
        ("  verbs:\n    powerof: {}", "commands.verbs.powerof", 2, "no verb is called powerof: did you mean poweroff?"),
        ("  verbs: {poweroff: {approval: maybe}}", "commands.verbs.poweroff.approval", 1, "is not one of the choices"),
        ("  key: short", "commands.key", 1, "is written in clear"),
    ],
)
def test_a_fault_names_the_place_and_the_cure(
    faulty: Callable[[str], list[tuple[str, int | None, str]]], text: str, where: str, line: int, told: str
) -> None:
    (found,) = faulty(text)
    assert (where, line) == found[:2]
    assert told in found[2]


def test_a_section_without_a_word_is_a_slip(configured: Callable[..., Config]) -> None:
    with pytest.raises(ConfigError, match="1 problem"):
        configured(f"{KAFKA}commands:\n")
