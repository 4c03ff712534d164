"""SIGKILL of every role between Slack and vSphere, and Slack away: commands take effect once, and are answered once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from tests.faults.commands import orders
from tests.faults.commands.experiment import QUIET, VICTIMS, answers, is_one_story
from tests.support.chat import ledger
from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.faults.commands.experiment import Experiment

    Begin = Callable[[int], AbstractContextManager[Experiment]]

pytestmark = pytest.mark.stack


def under_kills(experiment: Experiment, count: int, rounds: int, quiet: float = QUIET) -> None:
    """Every role is killed in each round."""
    result = experiment.run(count=count, kills=VICTIMS * rounds, seed=count, quiet=quiet)
    assert VICTIMS * rounds == tuple(victim for victim, _ in result.struck)
    assert 0 < min(hand for _, hand in result.struck)
    assert 0 < result.again
    assert {} == result.unlike
    assert {} == result.not_once
    ends = {step for each in result.given for step in result.ends(each)}
    assert {"succeeded"} <= ends <= {"succeeded", "unknown"}


def test_every_command_takes_effect_once_and_is_answered_once(experiment: Experiment) -> None:
    under_kills(experiment, count=25, rounds=1)


@pytest.mark.soak
def test_so_it_is_under_many_kills(begin: Begin) -> None:
    """Before a machine is put away all others of its datastore are looked at: of 400 that takes its time."""
    with begin(400) as experiment:
        under_kills(experiment, count=200, rounds=10, quiet=120.0)


def test_a_role_that_reports_before_it_has_published_would_be_seen(experiment: Experiment) -> None:
    kills = ("command", "command")
    assert experiment.run(count=12, kills=kills, seed=1, mutant="report-early", quiet=8.0).unlike


def test_ids_that_differ_from_one_attempt_to_the_next_would_be_seen(experiment: Experiment) -> None:
    assert experiment.run(count=6, kills=("command",), seed=1, mutant="number-attempts", quiet=8.0).unlike


def without_slack(experiment: Experiment, seconds: float) -> None:
    """Commands are given and take effect while Slack is away; what is to be said comes afterwards."""
    world = experiment.world
    experiment.have()
    begun, meanwhile = experiment.commands(3), experiment.commands(6)
    before = orders.told(world)
    bodies = [world.order(*each.words, channel=each.channel) for each in begun + meanwhile]
    used, spent = begun[0].machine, parse_qs(bodies[0].decode())["response_url"][0]
    world.use_up(spent)
    for body in bodies[: len(begun)]:
        world.post(body)
    world.kill_slack()
    away = time.monotonic()
    for body in bodies[len(begun) :]:
        world.post(body)
    wait(lambda: set(orders.effects(world, begun + meanwhile, before).values()) == {1})
    shown = len(ledger.read(world.messages))
    time.sleep(max(0.0, seconds - (time.monotonic() - away)))
    assert shown == len(ledger.read(world.messages))
    world.bring_slack_back()
    said = answers(world, begun + meanwhile, seconds + 60.0)
    assert {} == {machine: told for machine, told in said.items() if not is_one_story(told)}
    assert {each.machine for each in begun + meanwhile} == said.keys()
    assert {1} == set(orders.effects(world, begun + meanwhile, before).values())
    ways = {machine: each["way"] for each in world.heard() if (machine := orders.about(each)) in said}
    assert dict.fromkeys(said, "hook") | {used: "chat.postMessage"} == ways


def test_commands_go_on_while_slack_is_away(experiment: Experiment) -> None:
    """An address that was used up is as good as one that is too old: the bot speaks instead."""
    without_slack(experiment, 15.0)


@pytest.mark.soak
def test_so_it_is_if_slack_is_away_for_long(experiment: Experiment) -> None:
    without_slack(experiment, 600.0)
