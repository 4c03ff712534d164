from __future__ import annotations

from bench.webhook.scenario import CONNECTIONS, Scenario, Who, scenarios


def test_both_servers_bear_every_load_one_after_the_other() -> None:
    """Neighbours are compared: whatever disturbs one, disturbs both."""
    chosen = scenarios()
    assert [each.bare for each in chosen[::2]] == [*chosen[1::2]]
    assert {Who.OURS} == {each.who for each in chosen[::2]}
    assert set(CONNECTIONS) == {each.connections for each in chosen}


def test_several_processes_are_named_in_words() -> None:
    assert ["32 connections", "32 connections, 2 processes"] == [
        Scenario(Who.OURS, 32, processes).load for processes in (1, 2)
    ]
