from __future__ import annotations

import pytest

from sinks.openfaas.functions import by_topic


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "../../system/functions"},
        {"name": "a b"},
        {"name": None},
        {"name": "", "namespace": ""},
        {},
        None,
        3,
        {"name": "f", "annotations": 1},
    ],
)
def test_a_function_that_is_not_listed_as_it_should_be_harms_no_other(broken: object) -> None:
    if isinstance(broken, dict):
        broken = {"annotations": {"topic": "t"}, **broken}

    assert {"t": ("f.fn",)} == by_topic([broken, {"name": "f", "namespace": "fn", "annotations": {"topic": "t,t, ,"}}])
