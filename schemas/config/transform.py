"""How a route reshapes an event on its way to a sink."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from schemas.config.model import Model


class TransformConfig(Model):
    """Steps on data and attributes, in the order of these keys; one that fails makes the event a dead letter.

    Every template reads the event as it came, whatever the steps before it have done.
    """

    pick: tuple[str, ...] | None = Field(
        None, description="Paths of the data that stay, such as Vm.Name; Vm.Name? may be absent. Default: all."
    )
    rename: dict[str, str] | None = Field(
        None, description="Paths of the data, each with its new path; Vm.Name? may be absent."
    )
    constant: dict[str, Any] | None = Field(None, description="Paths of the data, each with the value it gets.")
    template: dict[str, str] | None = Field(
        None, description="Paths of the data, each with a Jinja template over event and data."
    )
    data: str | None = Field(
        None, description="Jinja template that gives the whole data: JSON in which {{ }} writes JSON, quotes included."
    )
    attributes: dict[str, str | None] | None = Field(
        None, description="CloudEvents attributes, each with a Jinja template; null removes an optional one."
    )
