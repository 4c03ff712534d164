from __future__ import annotations

from ingest.vcenter.sharing.shards import by_shard, shard


def test_a_vcenter_falls_into_the_same_shard_in_every_release() -> None:
    assert [46, 20, 7] == [shard(name, 64) for name in ("vc1", "vc2", "vcenter.example.org")]


def test_many_vcenters_spread_over_most_of_the_shards() -> None:
    assert 50 < len(by_shard((f"vcenter-{number}" for number in range(200)), 64))


def test_vcenters_of_one_shard_keep_their_order() -> None:
    assert {0: ["b", "a"]} == by_shard("ba", 1)
