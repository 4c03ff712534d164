from __future__ import annotations

from clients.kafka.record import Outgoing


def test_the_size_counts_value_key_and_headers() -> None:
    bare = Outgoing("t", b"").size
    assert bare + 5 == Outgoing("t", b"12345").size
    assert bare + 3 == Outgoing("t", b"", b"key").size
    assert bare + len("ä".encode()) + 4 + 10 == Outgoing("t", b"", None, (("ä", b"1234"),)).size


def test_a_record_without_value_and_a_header_without_value_weigh_nothing_more() -> None:
    assert Outgoing("t", b"").size == Outgoing("t", None).size
    assert Outgoing("t", b"", None, (("h", b""),)).size == Outgoing("t", b"", None, (("h", None),)).size
