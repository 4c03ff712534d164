"""Where a referenced object of Kubernetes takes events, as of now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from clients.kubernetes.cluster import Cluster, from_pod
from clients.kubernetes.followed import Followed, ObjectName
from schemas.config import Fault
from schemas.config.address import parse_url
from schemas.errors import Refused, Unavailable, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sinks.knative.config import KnativeConfig, RefConfig

_DOMAIN: Final = "svc.cluster.local"


class Address:
    """The address that ``config`` names, or that the object it refers to has; followed from ``open`` to ``close``."""

    def __init__(self, config: KnativeConfig) -> None:
        self._config = config
        self._followed: Followed | None = None

    async def open(self) -> None:
        """Begin to follow the object; with a written address, or once that is so, nothing.

        Raises:
            Unavailable: the Kubernetes API cannot be read now.
            Refused: it does not let us.
        """
        ref = self._config.ref
        if ref is None:
            return
        if self._followed is None:
            cluster = _cluster(self._config)
            self._followed = Followed(cluster, _name(ref, cluster), timeout=self._config.timeout)
        try:
            await self._followed.open()
        except Unreachable as error:
            raise Unavailable(str(error)) from None

    def url(self) -> str:
        """The address now.

        Raises:
            Unavailable: the object is not there, or nobody has given it an address yet.
        """
        if self._config.uri is not None:
            return self._config.uri
        if self._followed is None:
            raise Unavailable("the address has not been read from Kubernetes yet")
        found = self._followed.current
        if found is None:
            raise Unavailable(f"there is no {self._followed.name} in Kubernetes")
        return url_of(self._followed.name, found)

    async def close(self) -> None:
        """Follow no longer."""
        if self._followed is not None:
            await self._followed.close()


def url_of(name: ObjectName, found: Mapping[str, Any]) -> str:
    """The address of an object: a Service's by its name, every other's by its own word.

    Source of the rule: Knative's "Addressable" duck type.

    Raises:
        Unavailable: it has none, or none that can be used.
    """
    if (name.api_version, name.kind) == ("v1", "Service"):
        return f"http://{name.name}.{name.namespace}.{_DOMAIN}"
    status = found.get("status")
    address = status.get("address") if isinstance(status, dict) else None
    url = address.get("url") if isinstance(address, dict) else None
    if not url:
        raise Unavailable(f"{name} has no status.address.url yet")
    try:
        return parse_url(url)
    except Fault as fault:
        raise Unavailable(f"the status.address.url of {name} {fault.what}") from None


def _cluster(config: KnativeConfig) -> Cluster:
    if (given := config.kubernetes) is None:
        return from_pod(os.environ)
    return Cluster(given.url, given.token, given.ca_file, given.namespace)


def _name(ref: RefConfig, cluster: Cluster) -> ObjectName:
    namespace = ref.namespace or cluster.namespace
    if namespace is None:
        raise Refused(f"the ref to {ref.kind} {ref.name} names no namespace", cure="add ref.namespace")
    return ObjectName(ref.api_version, ref.kind, namespace, ref.name)
