from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Reject
from sinks.rabbitmq.routing import EXCHANGE, SHORT, Address, Routing
from tests.sinks.bench import event

ALERT = event(type="com.reflexarc.log.alert.v0", subject="notifications", extensions={})


def keyed(routing_key: str | None = None, exchange: str = "e") -> Routing:
    return Routing.of(exchange=exchange, routing_key=routing_key, queue=None)


def test_a_queue_is_reached_through_the_default_exchange() -> None:
    assert Address("", "events") == Routing.of(exchange=None, routing_key=None, queue="events").address(event())


def test_an_event_of_a_vcenter_and_any_other_have_a_key_each_by_default() -> None:
    given = event(
        subject="com.vmware.cis.tagging.attach", extensions={"vcenter": "vc1.example", "eventclass": "eventex"}
    )

    assert Address("e", "vc.vc1_example.eventex.com_vmware_cis_tagging_attach") == keyed().address(given)
    assert Address("e", "ce.com_reflexarc_log_alert_v0.notifications") == keyed().address(ALERT)


def test_exchange_and_key_are_made_of_attributes_and_data() -> None:
    routing = keyed("{data.Vm.Name}.{data.Vm.Path:nowhere}.{eventclass}", "site.{vcenter}")

    given = event(data=orjson.dumps({"Vm": {"Name": "web.1"}}))

    assert Address("site.vc1", "web_1.nowhere.event") == routing.address(given)
    assert Address("site.-", "-.nowhere.-") == routing.address(event(data=None, extensions={}))


def test_a_key_that_is_too_long_is_rejected() -> None:
    assert "s" * SHORT == keyed("{subject}").address(event(subject="s" * SHORT)).routing_key
    with pytest.raises(Reject, match="257 bytes"):
        keyed("{subject}x").address(event(subject="é" * 128))


@pytest.mark.parametrize("subject", ["é", "a|b", "a\\b", "x" * (EXCHANGE + 1)])
def test_a_name_that_no_exchange_can_have_is_rejected(subject: str) -> None:
    with pytest.raises(Reject, match="no exchange can be called"):
        keyed(exchange="{subject}").address(event(subject=subject))


@given(subject=st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=60))
def test_a_key_has_as_many_words_as_its_template_whatever_the_event(subject: str) -> None:
    assert 3 == len(keyed("a.{subject}.{vcenter}").address(event(subject=subject)).routing_key.split("."))
