"""What a template, or a step of a transform, says about an event that does not have what it needs."""

from __future__ import annotations


class Unfit(ValueError):  # noqa: N818 - names what is wrong, as the error tree does
    """This event does not have what the step needs; the text reads on from the step's place.

    Never leaves whoever renders: it becomes a ``Reject`` that names the place.
    """


def kind(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a text", int: "a number", float: "a number", dict: "an object", list: "a list"}
    return names.get(type(value), "no JSON value")
