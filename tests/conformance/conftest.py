from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.webhook import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.dev.component import Status
    from tests.support.webhook import Webhook


@pytest.fixture(scope="module")
def webhook(stack: Status, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webhook]:
    """A server that takes CloudEvents where the scenarios send them."""
    settings = {"endpoints": {"events": {"type": "cloudevents", "path": "/someresource"}}}
    folder = tmp_path_factory.mktemp("webhook")
    with running(folder, stack["kafka"].endpoint or "", settings) as webhook:
        yield webhook
