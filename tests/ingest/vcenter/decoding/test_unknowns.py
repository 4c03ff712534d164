from __future__ import annotations

from ingest.vcenter.decoding.unknowns import Unknowns


def test_each_kind_is_counted_in_all_and_by_name() -> None:
    unknowns = Unknowns()
    for name in ("A", "A", "B"):
        unknowns.count("event", name)
    unknowns.count("moref", "A")
    assert {"event": 3, "moref": 1} == unknowns.totals()
    assert {("event", "A"): 2, ("event", "B"): 1, ("moref", "A"): 1} == unknowns.names()


def test_memory_stays_bounded_however_many_and_long_the_names_are() -> None:
    unknowns = Unknowns()
    for number in range(1000):
        unknowns.count("property", f"{number}" + "x" * 10_000)
    assert {"property": 1000} == unknowns.totals()
    assert len(unknowns.names()) == 256
    assert max(len(name) for _, name in unknowns.names()) == 120
