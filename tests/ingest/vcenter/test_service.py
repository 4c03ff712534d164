"""The whole ingest against simulators and a broker: exactly once, whatever dies."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import orjson
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import (  # public, but not marked as re-exported
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)
from pyVmomi import vim

from clients.kafka.errors import Fenced
from clients.kafka.record import Outgoing
from clients.vsphere.session import Session
from ingest.vcenter.position import trace
from ingest.vcenter.position.restore import restore
from ingest.vcenter.publishing.transaction import Transaction
from ingest.vcenter.service import Service
from ingest.vcenter.tailing.tail import Tail
from schemas import topics
from schemas.config import VcenterConfig
from schemas.errors import ConfigError, ReflexarcError, Refused
from tests.ingest.vcenter.events import event
from tests.ingest.vcenter.tailing.logs import Desk, Log, LogFeed
from tests.support.topics import everything
from tests.support.vcenter import (
    OWN_SESSIONS,
    Ingest,
    ingest,
    installation,
    keys,
    notices,
    passed_over,
    post,
    read,
    texts,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

Vcenters = dict[str, VcenterConfig]

OWNED = 'reflexarc_ingest_owner{vcenter="vc1"} 1.0'

PAGES = Path(__file__).parents[2] / "fixtures" / "vcenter-json"


@contextmanager
def running(config: Path) -> Iterator[Service]:
    """The service in a thread of this process; its failure is the test's."""
    stop = threading.Event()
    service = Service(read(config), stop=stop)
    with ThreadPoolExecutor(1) as pool:
        end = pool.submit(service.run)
        try:
            wait_for(lambda: all("lost events" in problem for problem in service.problems()) or end.done())
            yield service
        finally:
            stop.set()
            end.result(30)


def test_a_burst_of_two_vcenters_is_in_kafka_exactly_once_and_in_order(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    sent = [f"burst {number}" for number in range(900)]
    with running(installation(tmp_path, kafka, prefix, vcenters)):
        for config in vcenters.values():
            with Session(config) as session:
                post(session, sent)
        wait_for(lambda: len(texts(kafka, prefix)) >= 2 * len(sent))
    for name in vcenters:
        found = keys(kafka, prefix, name)
        assert len(found) == len({*found})
        assert passed_over(vcenters[name], found) <= OWN_SESSIONS
    assert sorted(sent * 2) == sorted(texts(kafka, prefix))
    records = everything(kafka, topics.events(prefix))
    for name in vcenters:
        ordered = [r for r in records if r.key() == f"{name}/-".encode()]
        numbers = [int(bytes(dict(r.headers())["ce_id"]).rpartition(b"/")[2]) for r in ordered]
        assert sorted(numbers) == numbers


def test_a_terminated_session_is_replaced_and_nothing_is_lost(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    only = {"vc1": vcenters["vc1"]}
    sent = [f"terminated {number}" for number in range(60)]
    with running(installation(tmp_path, kafka, prefix, only)), Session(only["vc1"]) as session:
        for start in range(0, 60, 20):
            post(session, sent[start : start + 10])
            others = [other.key for other in session.content.sessionManager.sessionList if other.key != session.key]
            session.content.sessionManager.TerminateSession(others)
            post(session, sent[start + 10 : start + 20])
            wait_for(lambda wanted=start + 20: len(texts(kafka, prefix)) >= wanted)
    assert sent == texts(kafka, prefix)
    assert passed_over(only["vc1"], keys(kafka, prefix, "vc1")) <= OWN_SESSIONS


def test_a_wrong_password_is_one_clear_line_and_harms_no_other_vcenter(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = installation(tmp_path, kafka, prefix, vcenters)
    (tmp_path / "vc2.password").write_text("not the password")
    stop = threading.Event()
    service = Service(read(config), stop=stop)
    with ThreadPoolExecutor(1) as pool, Session(vcenters["vc1"]) as session:
        end = pool.submit(service.run)
        wait_for(lambda: restored(config) == {"vc1"})
        post(session, ["still here"])
        wait_for(lambda: texts(kafka, prefix) == ["still here"])
        assert ["vCenter vc2 is not followed"] == service.problems()
        stop.set()
        end.result(30)
    (line,) = [message for message in caplog.messages if "refused the user name" in message]
    assert "vcenters.vc2.password_file" in line
    assert "not the password" not in caplog.text


def restored(config: Path) -> set[str]:
    return set(restore(read(config).kafka))


def test_a_second_ingest_under_the_same_name_takes_over_and_the_first_ends_with_the_reason(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    only = {"vc1": vcenters["vc1"]}
    config = installation(tmp_path, kafka, prefix, only)
    with (
        ingest(config, "--instance", "one") as first,
        ingest(config, "--instance", "one"),
        Session(only["vc1"]) as session,
    ):
        post(session, ["after the take-over"])
        assert first.process.wait(30) == Refused.exit_code
        assert "give each process an --instance of its own" in first.said()
        wait_for(lambda: texts(kafka, prefix) == ["after the take-over"])
    assert passed_over(only["vc1"], keys(kafka, prefix, "vc1")) <= OWN_SESSIONS


def test_the_process_of_an_older_release_is_fenced_before_its_checkpoints_are_read(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    config = installation(tmp_path, kafka, prefix, {"vc1": vcenters["vc1"]})
    older = Transaction(
        read(config).kafka,
        client_id="test",
        transactional_id=topics.transactional_id(prefix, topics.INGEST_VCENTER),
        given_up=lambda: False,
    )
    older.open()
    older._producer.write([Outgoing(topics.checkpoints(prefix), b"half of a transaction", b"vc1")])
    with running(config), pytest.raises(Fenced, match="another epoch"):
        older._producer.commit()
    assert {"vc1"} == restored(config)


def test_a_process_to_which_nothing_falls_stands_by(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    config = installation(tmp_path, kafka, prefix, {"vc1": vcenters["vc1"]})
    with ingest(config, "--instance", "one") as one, ingest(config, "--instance", "two") as two:
        wait_for(lambda: one.metrics() and two.metrics())
        owners = [OWNED in process.metrics().splitlines() for process in (one, two)]
    assert [False, True] == sorted(owners)


def test_an_event_too_large_for_kafka_is_cut_into_the_dead_letters_and_the_others_pass(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    only = {"vc1": vcenters["vc1"]}
    with running(installation(tmp_path, kafka, prefix, only)), Session(only["vc1"]) as session:
        post(session, ["before", "x" * 1_500_000, "after"])
        wait_for(lambda: len(texts(kafka, prefix)) == 2)
    (letter,) = everything(kafka, topics.dead_letter(prefix, topics.UNDECODABLE))
    headers = dict(letter.headers())
    assert texts(kafka, prefix) == ["before", "after"]
    assert int(headers["reflexarc_cut"]) > 1_500_000 > len(letter.value())
    assert b"takes" in headers["reflexarc_error"]
    assert headers["ce_id"] == headers["reflexarc_origin"]


def test_a_record_that_the_broker_refuses_does_not_hold_up_its_neighbours(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    only = {"vc1": vcenters["vc1"]}
    with running(installation(tmp_path, kafka, prefix, only)), Session(only["vc1"]) as session:
        limit(kafka, topics.events(prefix), 30_000)
        incompressible = token_hex(60_000)
        post(session, ["before", incompressible, "after"])
        wait_for(lambda: len(texts(kafka, prefix)) == 2)
    (letter,) = everything(kafka, topics.dead_letter(prefix, topics.UNDECODABLE))
    assert texts(kafka, prefix) == ["before", "after"]
    assert b"refuses this record" in dict(letter.headers())["reflexarc_error"]


def limit(bootstrap: str, topic: str, size: int) -> None:
    """Somebody lowers the topic's largest record."""
    entry = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource("topic", topic, incremental_configs=[entry])
    client = AdminClient({"bootstrap.servers": bootstrap})
    client.incremental_alter_configs([resource])[resource].result(30)


def test_events_while_nobody_ran_are_read_by_the_next_process(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    only = {"vc1": vcenters["vc1"]}
    config = installation(tmp_path, kafka, prefix, only)
    with running(config):
        pass
    with Session(only["vc1"]) as session:
        post(session, ["meanwhile"])
    with running(config):
        wait_for(lambda: texts(kafka, prefix) == ["meanwhile"])
    assert passed_over(only["vc1"], keys(kafka, prefix, "vc1")) <= OWN_SESSIONS


def test_it_counts_what_it_does(kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path) -> None:
    only = {"vc1": vcenters["vc1"]}
    with ingest(installation(tmp_path, kafka, prefix, only)) as process, Session(only["vc1"]) as session:
        post(session, ["counted"])
        wait_for(lambda: texts(kafka, prefix) == ["counted"])
        lines = process.metrics().splitlines()
    assert 'reflexarc_ingest_logins_total{outcome="ok",vcenter="vc1"} 1.0' in lines
    assert any(line.startswith('reflexarc_ingest_events_total{vcenter="vc1"}') for line in lines)
    assert any(line.startswith('reflexarc_ingest_transactions_total{outcome="committed"}') for line in lines)


def test_it_waits_for_kafka_and_stops_when_asked(tmp_path: Path, kafka: str, vcenters: Vcenters, prefix: str) -> None:
    config = installation(tmp_path, kafka, prefix, vcenters)
    config.write_text(config.read_text().replace(kafka, "127.0.0.1:1"))
    process = Ingest(config)
    wait_for(lambda: "trying again" in process.said(), explain=process.said)
    assert process.end() == 0


def test_a_name_that_is_not_configured_is_a_configuration_error(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    config = read(installation(tmp_path, kafka, prefix, vcenters))
    with pytest.raises(ConfigError, match="1 problem"):
        Service(config, only=["vc9"], stop=threading.Event())


def test_a_missing_topic_is_refused(kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path) -> None:
    config = installation(tmp_path, kafka, prefix, vcenters)
    config.write_text(config.read_text().replace(prefix, f"{prefix}x"))
    with pytest.raises(Refused, match="does not exist"):
        Service(read(config), stop=threading.Event()).run()


def test_a_tail_that_ends_unasked_ends_the_service_with_an_error(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Tail.run
    monkeypatch.setattr(Tail, "run", lambda self, stop: run(self, stop) if self.name == "vc1" else None)
    config = read(installation(tmp_path, kafka, prefix, vcenters))
    with pytest.raises(ReflexarcError, match="tail-vc2 ended unasked"):
        Service(config, stop=threading.Event()).run()


def test_a_recording_is_in_kafka_once_however_often_it_is_played(kafka: str, prefix: str, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    shutil.copy(PAGES / "page_1000_vm_power.xml.gz", pages)
    recorded = VcenterConfig.model_validate({"name": "vc1", "url": f"recorded:{pages}"})
    config = installation(tmp_path, kafka, prefix, {"vc1": recorded})
    with running(config):
        wait_for(lambda: len(keys(kafka, prefix, "vc1")) == 1000)
    with running(config):
        pass
    found = keys(kafka, prefix, "vc1")
    assert (1000, 1000) == (len(found), len(set(found)))


def test_its_own_log_ins_are_left_out_and_everybody_elses_are_not(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    only = {"vc1": vcenters["vc1"]}
    with running(installation(tmp_path, kafka, prefix, only)), Session(only["vc1"]) as session:
        mine = session.key
        others = {other.key for other in session.content.sessionManager.sessionList} - {mine}
        session.content.sessionManager.TerminateSession(sorted(others))  # it logs in anew
        post(session, ["after the log-in"])
        wait_for(lambda: texts(kafka, prefix) == ["after the log-in"])
    logged_in = {
        orjson.loads(record.value())["SessionId"]
        for record in everything(kafka, topics.events(prefix))
        if dict(record.headers())["ce_subject"] == b"UserLoginSessionEvent"
    }
    assert {mine} == logged_in


def test_a_log_out_that_the_next_tail_reads_is_left_out_too(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log([event(1, 1)])
    monkeypatch.setattr("ingest.vcenter.service.LiveFeed", lambda *_: LogFeed(log))
    service = Service(read(installation(tmp_path, kafka, prefix, vcenters)), stop=threading.Event())
    desks = []
    for _ in range(2):
        stop = threading.Event()
        desks.append(Desk(stop, 1))
        origin = desks[0].chunks[-1].checkpoint if desks[0].chunks else None
        service._make_tail("vc1", origin, desks[-1]).run(stop)
        log.events += [event(2, 2, data=b'{"SessionId":"session-1"}'), event(3, 3)]
    assert ["1", "3"] == [dict(desk.records[0].headers)["ce_id"].decode().rsplit("/")[-1] for desk in desks]


def test_only_the_event_types_that_were_asked_for_are_read(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    only = {"vc1": vcenters["vc1"]}
    config = installation(tmp_path, kafka, prefix, only, event_types=["UserLogoutSessionEvent", "GeneralEvent"])
    with running(config):
        with Session(only["vc1"]) as session:
            session.content.eventManager.PostEvent(
                vim.event.VmPoweredOffEvent(key=0, chainId=0, createdTime=session.current_time(), userName="x")
            )
            post(session, ["general user"])
        wait_for(lambda: len(everything(kafka, topics.events(prefix))) == 2)
    found = {dict(record.headers())["ce_subject"] for record in everything(kafka, topics.events(prefix))}
    assert ({b"GeneralUserEvent", b"UserLogoutSessionEvent"}, []) == (found, notices(kafka, prefix))


def test_an_unknown_event_type_is_a_configuration_error_with_a_suggestion(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    config = read(installation(tmp_path, kafka, prefix, vcenters, event_types=["VmPowerdOffEvent"]))
    with pytest.raises(ConfigError) as error:
        Service(config, stop=threading.Event())
    assert ["did you mean VmPoweredOffEvent?"] * 2 == [problem.cure for problem in error.value.problems]


def lost_with_the_checkpoint(kafka: str, vcenters: Vcenters, prefix: str, folder: Path) -> set[str]:
    """Which events are not in Kafka when the checkpoint was lost between two processes."""
    only = {"vc1": vcenters["vc1"]}
    config = installation(folder, kafka, prefix, only)
    before, meanwhile, after = (f"{prefix} {when}" for when in ("before", "meanwhile", "after"))
    with Session(only["vc1"]) as session:
        with running(config):
            post(session, [before])
            wait_for(lambda: before in texts(kafka, prefix))
        forget(kafka, topics.checkpoints(prefix), "vc1")
        post(session, [meanwhile])
        with running(config):
            post(session, [after])
            wait_for(lambda: after in texts(kafka, prefix))
    return {before, meanwhile, after} - {*texts(kafka, prefix)}


def test_a_lost_checkpoint_is_made_anew_from_the_last_events_in_kafka(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    assert set() == lost_with_the_checkpoint(kafka, vcenters, prefix, tmp_path)
    found = keys(kafka, prefix, "vc1")
    assert (sorted({*found}), []) == (found, notices(kafka, prefix))


def test_to_start_at_now_without_a_checkpoint_would_be_seen(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "find", lambda *_, **__: {})
    assert {f"{prefix} meanwhile"} == lost_with_the_checkpoint(kafka, vcenters, prefix, tmp_path)


def test_what_the_vcenter_dropped_while_nobody_ran_is_told(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path
) -> None:
    only = {"vc1": vcenters["vc1"]}
    config = installation(tmp_path, kafka, prefix, only)
    with Session(only["vc1"]) as session:
        with running(config):
            post(session, ["before"])
            wait_for(lambda: "before" in texts(kafka, prefix))
        post(session, [f"{prefix} {number}" for number in range(1500)])  # the simulator keeps 1,000
        with running(config) as service:
            wait_for(lambda: f"{prefix} 1499" in texts(kafka, prefix))
            (problem,) = service.problems()
    (told,) = notices(kafka, prefix)
    kept = sum(text.startswith(prefix) for text in texts(kafka, prefix))
    first, last = map(int, told.removeprefix("vc1/0/purge/").split("-"))
    assert problem.startswith("vCenter vc1 has lost events: purge: ")
    assert f"(first {first}, last {last}, " in problem
    # Beside ours it dropped, or kept, the log-out of the process before and the log-in of the next one.
    assert 1500 - kept <= last - first + 1 <= 1502 - kept


def forget(bootstrap: str, topic: str, name: str) -> None:
    """A checkpoint is gone."""
    producer = Producer({"bootstrap.servers": bootstrap})
    producer.produce(topic, None, name.encode())
    assert 0 == producer.flush(30)


def test_it_destroys_its_collector_and_logs_out_when_it_stops(
    kafka: str, vcenters: Vcenters, prefix: str, tmp_path: Path, requests: list[bytes]
) -> None:
    only = {"vc1": vcenters["vc1"]}
    with Session(only["vc1"]) as session:
        before = sessions(session)
        with running(installation(tmp_path, kafka, prefix, only)):
            during = sessions(session)
        assert before == during - 1 == sessions(session)
    (destroyed,) = [place for place, body in enumerate(requests) if b"<DestroyCollector" in body]
    logouts = [place for place, body in enumerate(requests) if b"<Logout" in body]
    assert destroyed < logouts[0]


def sessions(session: Session) -> int:
    return len(session.content.sessionManager.sessionList)
