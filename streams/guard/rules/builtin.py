"""What keeps the house running is never acted on, whatever the configuration says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.guard.scope import folded, texts, unknown

if TYPE_CHECKING:
    from schemas.remediation.entity import Entity
    from streams.guard.question import Question

PROTECTED: Final = "reflexarc/protected"
"""Category and tag of what an operator wants to be left alone: machines of reflexarc, Kafka and RabbitMQ above all."""

_NAMES: Final = texts(("vCLS-*", "vCLS (*"))
_PRODUCTS: Final = texts(("VMware vCenter*", "VMware NSX*", "NSX*", "VMware Site Recovery*", "vSphere Replication*"))


def check(question: Question) -> str | None:
    """Refuse what vSphere, or reflexarc itself, lives on.

    Recognised are: templates by their flag; vCLS by its names ``vCLS-<uuid>`` and ``vCLS (<number>)``; what an
    extension manages (vCLS, agents of NSX, placeholders of SRM, ...) by ``managed_by``; the appliances of vCenter, NSX
    and SRM by the product that their vApp properties name; everything else by the tag ``reflexarc/protected``, or by
    an entry of ``deny``. While tags are not known nothing may be acted on: one of them may be that one.
    """
    entity = question.entity
    return _service(entity) or _tagged(entity)


def _service(entity: Entity) -> str | None:
    if entity.template:
        return f"{entity} is a template"
    if entity.managed_by:
        return f"{entity} is managed by {entity.managed_by}: have that act on it"
    if _NAMES.allow(folded(entity.name)):
        return f"{entity} belongs to vSphere Cluster Services"
    if entity.product is not None and _PRODUCTS.allow(folded(entity.product)):
        return f"{entity} is an appliance of vSphere ({entity.product})"
    return None


def _tagged(entity: Entity) -> str | None:
    if entity.tags is None:
        return f"{entity} may be tagged {PROTECTED}: {unknown(entity)}"
    if any(folded(tag) == PROTECTED for tag in entity.tags):
        return f"{entity} is tagged {PROTECTED}"
    return None
