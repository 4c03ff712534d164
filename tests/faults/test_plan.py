from __future__ import annotations

import pytest

from tests.faults.plan import Step, execute, parse


def test_steps_come_in_order_of_time() -> None:
    assert (Step(0.0, "start", "w1"), Step(2.5, "SIGKILL", "w1")) == parse("2.5 SIGKILL w1, 0 start w1")


def test_only_what_interrupts_work_is_a_fault() -> None:
    assert [False, True, False] == [step.fault for step in parse("0 start w1, 1 SIGKILL w1, 2 SIGTERM w1")]


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(ValueError, match="SIGNONE"):
        parse("0 SIGNONE w1")


def test_every_step_is_executed_at_its_time() -> None:
    steps = parse("0 start w1, 0.05 SIGTERM w1")
    done: list[Step] = []
    execute(steps, done.append)
    assert list(steps) == done


def test_the_clock_starts_when_something_has_begun() -> None:
    done: list[Step] = []
    looks = iter((False, False, True))

    def begun() -> bool:
        assert [Step(0.0, "start", "w1")] == done
        return next(looks)

    execute(parse("0 start w1, 0.01 SIGTERM w1"), done.append, begun=begun)
    assert 2 == len(done)


def test_a_step_waits_until_all_is_ready_for_it_and_those_behind_it_wait_as_long() -> None:
    steps, looks, done = parse("0.01 SIGSTOP w1, 0.02 SIGCONT w1"), iter((False, True, True)), list[Step]()
    execute(steps, done.append, ready=lambda _: next(looks))
    assert list(steps) == done
