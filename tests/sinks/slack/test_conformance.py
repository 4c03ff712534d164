from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sinks.conformance import Case, cases, takes_any_success_whatever_its_body

if TYPE_CHECKING:
    from tests.sinks.slack.bench import Remembering

# Slack says in the body whether it has done what it was asked for.
NOT_HERE = (takes_any_success_whatever_its_body,)


@pytest.mark.parametrize("case", cases("http", "login", without=NOT_HERE))
async def test_keeps_the_contract_of_sinks(case: Case, remembering: Remembering) -> None:
    await case(remembering)
