from __future__ import annotations

from itertools import islice

import orjson

from bench.transport.load import KEYS, VALUE_BYTES, records


def test_the_load_is_1200_bytes_of_json_with_nine_headers_under_997_keys() -> None:
    made = list(islice(records(), 2 * KEYS))
    assert KEYS == len({key for key, _, _ in made})
    assert {9} == {len(headers) for _, _, headers in made}
    assert {VALUE_BYTES} == {len(value) for _, value, _ in made}
    assert "note" in orjson.loads(made[0][1])
