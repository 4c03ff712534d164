from __future__ import annotations

from schemas.config import RouteConfig
from streams.routes import RouteTable


def route(name: str, subject: str | list[str] | None, *to: str) -> RouteConfig:
    match = {} if subject is None else {"subject": subject}
    return RouteConfig.model_validate({"name": name, "match": match, "to": list(to)})


TABLE = RouteTable(
    [
        route("power", ["VmPoweredOffEvent", "VmPoweredOnEvent"], "functions", "audit"),
        route("off", "VmPoweredOffEvent", "functions"),
    ]
)


def test_every_sink_is_chosen_once_and_names_the_routes_that_chose_it() -> None:
    assert TABLE.match("VmPoweredOffEvent") == {"functions": ("power", "off"), "audit": ("power",)}


def test_a_subject_that_no_route_names_goes_nowhere() -> None:
    assert TABLE.match("VmPoweredoffEvent") == {}


def test_an_event_without_subject_goes_nowhere() -> None:
    assert TABLE.match(None) == {}


def test_a_route_that_names_no_subject_takes_every_event() -> None:
    table = RouteTable([route("all", None, "archive"), route("off", "VmPoweredOffEvent", "functions")])
    everything = {"archive": ("all",)}
    assert (table.match("VmPoweredOffEvent"), table.match("other"), table.match(None)) == (
        {"archive": ("all",), "functions": ("off",)},
        everything,
        everything,
    )
