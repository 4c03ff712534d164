"""What a sink asks of Orchestrator about its one workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from clients.http import NoAnswer
from schemas.errors import Refused, Retry, Unavailable, Unreachable
from sinks.answers import silence
from sinks.jsonapi import accepted, asked
from sinks.vro.execution import Entry, Execution, identifier_of
from sinks.vro.login import speaker

if TYPE_CHECKING:
    from clients.http import Client
    from sinks.jsonapi import Answer, Deadline
    from sinks.vro.config import VroConfig

PAGE: Final = 500
PAGES: Final = 20

_BEHIND_A_PROXY: Final = frozenset({502, 504})
"""Answers after which the workflow may have been started all the same."""


class Start(NamedTuple):
    """What became of the wish to start.

    Attributes:
        identifier: of the execution; empty where the answer did not say.
        unknown: why nobody knows whether there is one; None: there is.
    """

    identifier: str
    unknown: Retry | None = None


class Orchestrator:
    """One workflow of one server; every method raises ``Retry``, ``Reject``, ``Unavailable``, ``Refused`` as due.

    Args:
        config: the sink.
        http: the client.
    """

    def __init__(self, config: VroConfig, http: Client) -> None:
        self._config = config
        self._speaker = speaker(config, http)
        self._workflow = f"/workflows/{config.workflow}"
        self._executions = f"{self._workflow}/executions"

    async def inputs(self, deadline: Deadline) -> dict[str, str]:
        """The inputs of the workflow: their types by name.

        Raises:
            Refused: the account, or the workflow, is not known there.
            Unavailable: the server is away, or fails.
        """
        try:
            answer = await self._speaker.ask("GET", self._workflow, deadline)
        except Unreachable as error:
            raise Unavailable(str(error)) from None
        if answer.status in {401, 403}:
            raise Refused(f"Orchestrator does not accept the account ({answer.status})", cure="check its credentials")
        if answer.status == 404:
            cure = "check the id, and that the account may see and run the workflow"
            raise Refused(f"Orchestrator knows no workflow {self._config.workflow}", cure=cure)
        described = answer.value if isinstance(answer.value, dict) else {}
        if answer.status != 200 or not described:
            raise Unavailable(f"Orchestrator answered {answer.status} to the question for the workflow")
        listed = described.get("input-parameters") or described.get("inputParameters") or ()
        return {str(each.get("name")): str(each.get("type")) for each in listed if isinstance(each, dict)}

    async def start(self, parameters: list[dict[str, Any]], deadline: Deadline) -> Start:
        """Start an execution, once."""
        try:
            answer = await self._speaker.ask("POST", self._executions, deadline, {"parameters": parameters})
        except NoAnswer as error:
            return Start("", Retry(f"nobody knows whether the workflow was started: {error}"))
        except Unreachable as error:
            raise silence(error) from None
        try:
            accepted(answer, "the start of the workflow")
        except Retry as verdict:
            if answer.status in _BEHIND_A_PROXY:
                return Start("", verdict)
            raise
        described = answer.value if isinstance(answer.value, dict) else {}
        last = answer.headers.get("location", "").rstrip("/").rpartition("/")[2]
        return Start(identifier_of(described.get("id")) or identifier_of(last))

    async def list(self, deadline: Deadline) -> list[Entry]:
        """Every execution of the workflow that vRO still keeps and the account may see, in no order."""
        found: list[Entry] = []
        for page in range(PAGES):
            path = f"{self._executions}?maxResult={PAGE}&startIndex={page * PAGE}"
            value = (await asked(self._speaker.ask("GET", path, deadline), "the question for executions")).value
            links = (value.get("relations") or {}).get("link") or [] if isinstance(value, dict) else None
            if not isinstance(links, list):
                raise Retry("the question for executions was answered without a list")
            entries = [entry for entry in map(Entry.of, links) if entry is not None]
            found += (entry for entry in entries if entry.identifier != "executions")
            if len(links) < PAGE:
                return found
        raise Retry(f"the workflow has more than {PAGE * PAGES} executions: nobody can tell whether one is the event's")

    async def read(self, identifier: str, deadline: Deadline) -> Execution | None:
        """One execution; None when vRO has it no longer."""
        answer = await self._speaking(f"{self._executions}/{identifier}", deadline)
        if answer.status == 404:
            return None
        value = accepted(answer, "the question for an execution").value
        execution = Execution.of(value)
        if execution is None:
            raise Retry("the question for an execution was answered without one")
        return execution

    async def state(self, identifier: str, deadline: Deadline) -> str | None:
        """The state of an execution; None when vRO has it no longer."""
        answer = await self._speaking(f"{self._executions}/{identifier}/state", deadline)
        if answer.status == 404:
            return None
        value = accepted(answer, "the question for the state of an execution").value
        state = value.get("value") if isinstance(value, dict) else None
        if not isinstance(state, str):
            raise Retry("the question for the state of an execution was answered without one")
        return state.lower()

    async def _speaking(self, path: str, deadline: Deadline) -> Answer:
        try:
            return await self._speaker.ask("GET", path, deadline)
        except Unreachable as error:
            raise silence(error) from None
