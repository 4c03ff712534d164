from __future__ import annotations

import pytest

from bench.ingest.__main__ import PARTS, main
from bench.ingest.decode import PYVMOMI, ROUTER, _rows


def test_ratios_are_medians_over_neighbouring_runs() -> None:
    taken = {PYVMOMI: [1e-4, 2e-4, 3e-4], ROUTER: [1e-5, 2e-5, 6e-5], "ours": [1e-5, 1e-5, 1e-5]}
    rows = {row[2]: row[3:] for row in _rows("page", 3, taken)}
    assert ("200.0", "5,000", "1.0", "0.1") == rows[PYVMOMI]
    assert ("10.0", "100,000", "20.0", "2.0") == rows["ours"]


def test_an_unknown_part_is_refused_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["bench.ingest", "nothing"])
    with pytest.raises(SystemExit, match=f"no part 'nothing', but .*{PARTS[0]}"):
        main()
