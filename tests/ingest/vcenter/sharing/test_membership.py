from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest

from clients.kafka.errors import Fenced
from ingest.vcenter.sharing.membership import SESSION, session
from schemas import topics
from schemas.config import KafkaConfig
from schemas.errors import Refused
from tests.ingest.vcenter.sharing.members import Member, settle
from tests.support.topics import create

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARDS = 8


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    create(kafka, topics.assignments(prefix), partitions=SHARDS)
    options = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 500}
    return KafkaConfig.model_validate({"bootstrap": kafka, "prefix": prefix, "options": options})


def test_the_session_is_ten_seconds_unless_somebody_says_otherwise() -> None:
    given = KafkaConfig.model_validate({"bootstrap": "b:9092", "options": {"session.timeout.ms": 30_000}})
    assert [SESSION, 30.0] == [session(KafkaConfig(bootstrap="b:9092")), session(given)]


@pytest.mark.stack
def test_members_share_the_shards_and_only_what_moves_is_given_up(config: KafkaConfig) -> None:
    one = Member(config, "one")
    assert SHARDS == one.membership.shards()
    settle(one, shards=SHARDS)
    before = set(one.held)
    two = Member(config, "two")
    settle(one, two, shards=SHARDS)
    assert set(one.lost) == two.held == before - one.held
    two.membership.leave()
    one.membership.leave()


@pytest.mark.stack
def test_who_comes_back_under_its_name_gets_its_shards_and_nobody_else_is_disturbed(config: KafkaConfig) -> None:
    one, two = Member(config, "one"), Member(config, "two")
    settle(one, two, shards=SHARDS)
    held, lost = set(two.held), list(one.lost)
    two.membership.leave()
    two = Member(config, "two")
    settle(one, two, shards=SHARDS)
    assert (held, lost) == (two.held, one.lost)
    two.membership.leave()
    one.membership.leave()


def serve(*members: Member) -> NoReturn:
    while True:
        for member in members:
            member.membership.poll(0.05)


@pytest.mark.stack
def test_who_is_fenced_once_joins_again(config: KafkaConfig) -> None:
    first = Member(config, "one")
    settle(first, shards=SHARDS)
    second = Member(config, "one")
    settle(second, shards=SHARDS)
    second.membership.leave()
    while not first.lost:
        first.membership.poll(0.05)
    settle(first, shards=SHARDS)
    assert sorted(first.held) == sorted(first.lost)
    first.membership.leave()


@pytest.mark.stack
def test_of_two_that_keep_to_one_name_one_ends(config: KafkaConfig) -> None:
    first = Member(config, "one")
    settle(first, shards=SHARDS)
    second = Member(config, "one")
    settle(second, shards=SHARDS)
    with pytest.raises(Fenced, match="be a member of") as refusal:
        serve(first, second)
    assert "give each process an --instance of its own" == refusal.value.cure
    second.membership.leave()


@pytest.mark.stack
def test_a_member_without_a_shard_is_a_member(kafka: str, prefix: str) -> None:
    create(kafka, topics.assignments(prefix))
    config = KafkaConfig(bootstrap=kafka, prefix=prefix)
    one, two = Member(config), Member(config)
    settle(one, two, shards=1, each=0)
    while not (one.membership.joined and two.membership.joined):
        settle(one, two, shards=1, each=0)
    assert [0, 1] == sorted([len(one.held), len(two.held)])
    two.membership.leave()
    one.membership.leave()


@pytest.mark.stack
def test_who_is_no_member_has_nothing_to_show(config: KafkaConfig) -> None:
    one = Member(config)
    assert None is one.membership.claim([0])
    settle(one, shards=SHARDS)
    claim = one.membership.claim([3, 1])
    assert claim is not None
    assert [1, 3] == [each.partition for each in claim.offsets]
    assert {0} == {each.offset for each in claim.offsets}
    one.membership.leave()


@pytest.mark.stack
def test_a_missing_topic_is_refused(kafka: str, prefix: str) -> None:
    config = KafkaConfig(bootstrap=kafka, prefix=prefix)
    with pytest.raises(Refused, match=f"look at {prefix}.assignments"):
        Member(config).membership.shards()


@pytest.fixture
def sleeper(config: KafkaConfig) -> Iterator[subprocess.Popen[str]]:
    """A member in a process of its own, which says what it loses."""
    script = (
        "import sys\n"
        "from schemas.config import KafkaConfig\n"
        "from tests.ingest.vcenter.sharing.members import Member, settle\n"
        "member = Member(KafkaConfig.model_validate_json(sys.argv[1]), 'sleeper')\n"
        f"settle(member, shards={SHARDS})\n"
        "print('holds', flush=True)\n"
        "while not member.lost: member.membership.poll(0.1)\n"
        "print(member.membership.joined, len(member.lost), flush=True)\n"
    )
    command = [sys.executable, "-c", script, config.model_dump_json()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.stack
def test_who_sleeps_past_its_session_loses_all_and_is_no_member_then(
    config: KafkaConfig, sleeper: subprocess.Popen[str]
) -> None:
    assert sleeper.stdout is not None
    assert "holds\n" == sleeper.stdout.readline()
    sleeper.send_signal(signal.SIGSTOP)
    other = Member(config, "other")
    settle(other, shards=SHARDS)
    sleeper.send_signal(signal.SIGCONT)
    assert f"False {SHARDS}\n" == sleeper.stdout.readline()
    other.membership.leave()
