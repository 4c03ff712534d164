"""``action: custom-attribute`` in the configuration."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from schemas.config import Model
from sinks.template import LONGEST, TemplateText

LONGEST_ATTRIBUTE: Final = 80


class CustomAttributeParameters(Model):
    """Which attribute, and what is written into it."""

    attribute: str = Field(
        min_length=1, max_length=LONGEST_ATTRIBUTE, description="Name of the custom attribute, as the vCenter shows it."
    )
    value: TemplateText = Field(
        max_length=LONGEST,
        description="Template of its value: {data.UserName}, {time}; empty: the value is taken away.",
    )
    create: bool = Field(
        default=False, description="Define the attribute for virtual machines where the vCenter does not know it."
    )
