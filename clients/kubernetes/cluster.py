"""Where a Kubernetes API is, and who we are there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from schemas.config import Secret
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

POD: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Where every pod finds its account: ``token``, ``ca.crt``, ``namespace``."""

_LONGEST_NAME: Final = 253


@dataclass(frozen=True, slots=True)
class Cluster:
    """One API server and an account.

    Attributes:
        url: ``https://host:port``.
        token: bearer token, read again at every request, since those of pods live for an hour; None: nobody.
        ca_file: authorities of the server (PEM), read again at every connection; None: those of the system.
        namespace: of whoever asks; None where there is none.
    """

    url: str
    token: Secret | None = None
    ca_file: Path | None = None
    namespace: str | None = None


def from_pod(environ: Mapping[str, str], folder: Path = POD) -> Cluster:
    """The cluster that this process runs in, by the account of its pod.

    Raises:
        Refused: this is no pod, or one without an account.
    """
    host, port = environ.get("KUBERNETES_SERVICE_HOST"), environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise Refused("this process runs in no Kubernetes pod", cure="name the API: kubernetes: {url, token_file}")
    try:
        with (folder / "namespace").open() as file:
            namespace = file.read(_LONGEST_NAME).strip()
    except (OSError, UnicodeDecodeError):
        cure = "set automountServiceAccountToken: true"
        raise Refused("this pod has no account for the Kubernetes API", cure=cure) from None
    where = f"[{host}]" if ":" in host else host
    return Cluster(f"https://{where}:{port}", Secret.from_file(folder / "token"), folder / "ca.crt", namespace)
