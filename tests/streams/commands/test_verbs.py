from __future__ import annotations

from schemas.config.commands.verbs import GROUPS
from schemas.config.commands.verbs import VERBS as GROUPED
from sinks.vsphere.actions.table import ACTIONS
from streams.commands.verbs import VERBS

TO_COME = {"create", "clone", "resize", "quarantine"}


def test_grants_know_the_same_verbs() -> None:
    assert set(GROUPED) == set(VERBS)
    assert all(verb in GROUPS[VERBS[verb].group] for verb in VERBS)


def test_an_action_is_one_of_the_table() -> None:
    assert {verb.action for verb in VERBS.values() if verb.action} <= ACTIONS.keys() | TO_COME


def test_only_an_action_has_one() -> None:
    assert [bool(verb.action) for verb in VERBS.values()] == [verb.what == "action" for verb in VERBS.values()]


def test_what_pulls_the_plug_is_asked_for_first() -> None:
    assert [True, True] == [ACTIONS[VERBS[name].action].approval for name in ("poweroff", "hardreset")]


def test_the_usage_is_one_line_per_form() -> None:
    assert ("transform <vm> <memoryMB> <numCPU>", "transform <vm> <size>") == VERBS["transform"].usage
    assert ("invoke list [pattern]", "invoke show <vm>", "invoke alarms", "invoke events <vm>") == VERBS["invoke"].usage
