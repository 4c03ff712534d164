"""One simulated vCenter: our own small main on govmomi's simulator, built by Go."""

from __future__ import annotations

import http.client
import os
import ssl
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from ops.dev import cache, ports, tool
from ops.dev.service import Command, Service
from ops.dev.state import password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.dev.service import Report

_SOURCES = Path(__file__).parent / "vcsim"
_FILES = ("go.mod", "go.sum", "main.go", "certificate.go", "clone.go")
_PROGRAM = "vcsim"
_USERNAME = "reflexarc"
_NAMESPACE = uuid.UUID("6e0f3b52-3d0c-4a39-9d5c-6f2f64b0a3d1")
_SECONDS = 3.0


class Vcsim(Service):
    """A vCenter simulator with 20 VMs; it forgets everything when it ends, as a restored vCenter would."""

    kind = "vcsim"
    note = "simulator: 20 VMs, keeps its last 1,000 events"
    processes = ("simulator",)

    def prepare(self, report: Report) -> None:
        """Build the program; make the password."""
        if not self._build_folder.exists():
            tool.require("go")
            report(f"{self.place.name}: building the vCenter simulator with Go, once")
        cache.ensure(self._build_folder, _build, report)
        password(self.place.password_file)

    def command(self, process: str) -> Command:
        """The simulator, on the port of its last run when it is free."""
        del process  # there is only one
        port = ports.reserve(self.place.ports_file, "https")["https"]
        temporary = self.place.folder / "tmp"  # the files of its datastores
        temporary.mkdir(exist_ok=True)
        argv = [
            str(self._build_folder / _PROGRAM),
            f"-listen={ports.LOOPBACK}:{port}",
            f"-username={_USERNAME}",
            f"-password-file={self.place.password_file}",
            f"-cert-file={self.place.ca_file}",
            f"-key-file={self.place.folder / 'key.pem'}",
            f"-instance-uuid={uuid.uuid5(_NAMESPACE, self.place.name)}",
        ]
        return Command(tuple(argv), {"TMPDIR": str(temporary)})

    def answers(self) -> bool:
        """Whether it tells the versions of its interface, over verified TLS."""
        return self._port is not None and _tells_versions(self._port, self.place.ca_file)

    def endpoint(self) -> str | None:
        """URL of its SOAP interface."""
        return f"https://{ports.LOOPBACK}:{self._port}/sdk" if self._port else None

    def details(self) -> Mapping[str, str]:
        """The only user that may log in, and what its certificate is verified against."""
        return {
            "username": _USERNAME,
            "password_file": str(self.place.password_file),
            "ca_file": str(self.place.ca_file),
        }

    @property
    def _port(self) -> int | None:
        return ports.remembered(self.place.ports_file, "https")

    @property
    def _build_folder(self) -> Path:
        return cache.target(self.place.cache, "vcsim", [_SOURCES / name for name in _FILES])


def _build(folder: Path) -> None:
    tool.run(
        ["go", "build", "-mod=readonly", "-trimpath", "-buildvcs=false", f"-o={folder / _PROGRAM}", "."],
        cwd=_SOURCES,
        environ={**os.environ, "CGO_ENABLED": "0"},
    )


def _tells_versions(port: int, ca_file: Path) -> bool:
    if not ca_file.exists():  # it makes the certificate when it starts for the first time
        return False
    context = ssl.create_default_context(cafile=ca_file)
    connection = http.client.HTTPSConnection(ports.LOOPBACK, port, timeout=_SECONDS, context=context)
    try:
        connection.request("GET", "/sdk/vimServiceVersions.xml")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
