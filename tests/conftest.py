"""The stack that the tests share: real Kafka, two simulators, RabbitMQ, up once per session.

Under pytest-xdist each worker has a stack of its own, since some tests kill the broker, and whole files go to a worker.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from yarl import URL

from ops.dev import ports
from ops.dev import stack as dev
from schemas.config import VcenterConfig
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ops.dev.component import Status

ROOT = Path(__file__).parent.parent
FIRST = ".reflexarc/test"
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
STATE = ROOT / (f"{FIRST}-{WORKER}" if WORKER else FIRST)

os.environ.pop("COLUMNS", None)  # pytest-xdist sets it; what commands print into a pipe has no width

# Brokers start and end all the time: what the second compiler would gain is never earned back.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")

ports.SHARE = slice(WORKER % 8, None, 8)


# No time limit decides a test, neither of an example nor of making them; a failure prints how to repeat it. In CI
# hypothesis draws the same examples every time, as its own profile has it, from which this one is derived.
settings.register_profile("reflexarc", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("reflexarc")


LOGS = re.compile(r"/[^\s()'\"]+\.log\b")
LINES = 120

LONG = {"e2e", "faults", "soak"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, each class in random order as before: the many short files fill up the other workers."""
    items.sort(key=_shortness)


def _shortness(item: pytest.Item) -> int:
    if item.get_closest_marker("stack") is None:
        return 2
    return 0 if LONG & set(item.path.parts) else 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure brings the ends of the logs that it names: the folders of CI do not last."""
    report = yield
    if report.failed:
        for name in dict.fromkeys(LOGS.findall(report.longreprtext)):
            if (log := Path(name)).is_file():
                lines = log.read_text(errors="replace").splitlines()
                report.sections.append((name, "\n".join(lines[-LINES:])))
    return report


def say(line: str) -> None:
    sys.stderr.write(f"· {line}\n")


@pytest.fixture(autouse=True)
def logging_of_its_own() -> Iterator[None]:
    """A command run inside a test sets up logging for its own process; the next test finds it as it was."""
    loggers = [logging.getLogger(name) for name in (None, "faust", "mode", "clients.kafka.librdkafka")]
    levels, handlers = [logger.level for logger in loggers], list(loggers[0].handlers)
    yield
    loggers[0].handlers[:] = [one for one in loggers[0].handlers if one in handlers]
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def state() -> Path:
    return STATE


@pytest.fixture(scope="session")
def stack(state: Path) -> Iterator[Status]:
    try:
        status = dev.up(state, report=say)
        missing = [f"{part.name} ({part.note})" for part in status.components if not part.real or not part.endpoint]
        assert missing == [], f"the tests need every real part; missing: {', '.join(missing)}"
        yield status
    finally:
        dev.down(state, say)


@pytest.fixture
def kafka(stack: Status) -> str:
    return stack["kafka"].endpoint or ""


@pytest.fixture
def vcenters(stack: Status) -> dict[str, VcenterConfig]:
    fields = ("username", "password_file", "ca_file")
    return {
        part.name: VcenterConfig.model_validate(
            {"name": part.name, "url": part.endpoint, **{key: part.details[key] for key in fields}}
        )
        for part in stack.of_kind("vcsim")
    }


@pytest.fixture
def amqp_url(stack: Status) -> str:
    broker = stack["rabbitmq"]
    url = URL(broker.endpoint or "")
    if "username" in broker.details:
        url = url.with_user(broker.details["username"])
        url = url.with_password(Path(broker.details["password_file"]).read_text().strip())
    return str(url)


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> Iterator[str]:
    """Topics of one test stay apart from those of every other, and go with it."""
    if "stack" in request.fixturenames:
        with topics.of_its_own(request.getfixturevalue("stack")["kafka"].endpoint) as name:
            yield name
    else:
        yield f"t{uuid.uuid4().hex[:10]}"
