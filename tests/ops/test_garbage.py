from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from typing import TYPE_CHECKING

from ops import garbage
from schemas.config import load
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """
kafka: {bootstrap: "127.0.0.1:1"}
routes:
- name: one
  match: {subject: [A, B], alarm: {name: "CPU*", to: red}}
  mute_windows: [{from: "22:00", to: "06:00", zone: Europe/Berlin}]
  to: [here]
- {name: two, enabled: false, match: {not: {prefix: {type: com.}}}, sample: 0.5, to: here}
sinks:
  here: {type: knative, uri: "http://127.0.0.1:9"}
"""

HOLES = """
import sys
from pathlib import Path
from ops import garbage
if sys.argv[1:]:
    garbage.settle()
large = bytes([1]) * (8 << 20)
del large
large, small = [], []
for _ in range(100):
    large.append(bytes([1]) * 300_000)
    small.append(bytes([1]) * 5_000)
del large
print(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
"""


def test_large_blocks_that_are_gone_leave_no_holes_between_small_ones() -> None:
    unsettled, settled = (
        int(subprocess.run([sys.executable, "-c", HOLES, *given], check=True, capture_output=True).stdout)
        for given in ((), ("settled",))
    )
    assert settled < unsettled - 20_000_000


def test_a_packed_configuration_is_the_same_and_its_first_routes_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "reflexarc.yaml"
    path.write_text(DOCUMENT)
    config = load(path, sink_models=model, sink_types=tuple(SINKS))
    held = [config]
    first = weakref.ref(config.routes[0])
    packed = garbage.packed(held.pop)
    assert config == packed
    del config
    gc.collect()
    assert first() is None
