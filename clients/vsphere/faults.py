"""What a failed vSphere call means: pyvmomi, socket and TLS exceptions become errors of the project's tree."""

from __future__ import annotations

import ssl
from contextlib import contextmanager, suppress
from http.client import HTTPException
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from pyVmomi import vim, vmodl

from schemas.errors import ReflexarcError, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator


class VcenterAway(Unreachable):
    """Nobody answers at this vCenter, or not as a vCenter does.

    Attributes:
        vcenter: its configured name.
    """

    def __init__(self, vcenter: str, why: str) -> None:
        super().__init__(f"vCenter {vcenter} {why}")
        self.vcenter = vcenter


class SessionLost(VcenterAway):
    """The server no longer knows this session (idle, terminated, restarted): log in again."""


class InvalidLogin(Refused):
    """The server does not let this user in with this password; asked often, it locks the account."""


class WrongCertificate(ssl.SSLCertVerificationError):
    """The server shows another certificate than the pinned one.

    Args:
        fingerprint: SHA-256 of what it shows.
    """

    def __init__(self, fingerprint: str) -> None:
        super().__init__()
        self.verify_message = f"its SHA-256 fingerprint {fingerprint} is not the configured thumbprint"


class VsphereFault(ReflexarcError):  # noqa: N818 - vSphere's own word for it
    """The server answered with a fault.

    Attributes:
        fault: the fault's WSDL name, such as ``ManagedObjectNotFound`` or ``TaskInProgress``.
    """

    def __init__(self, message: str, *, fault: str) -> None:
        super().__init__(message)
        self.fault = fault


def from_name(vcenter: str, fault: str, message: str) -> ReflexarcError:
    """The error for a fault known by its WSDL name.

    Args:
        vcenter: the configured name.
        fault: WSDL name without namespace prefix.
        message: the server's own sentence; may be empty.
    """
    sentence = f"vCenter {vcenter}: {fault}: {message}" if message else f"vCenter {vcenter}: {fault}"
    match fault:
        case "NotAuthenticated":
            return SessionLost(vcenter, "has ended the session")
        case "InvalidLogin":
            return InvalidLogin(
                f"vCenter {vcenter} refused the user name or the password; a locked account and an expired password "
                "get the same answer",
                cure=f"correct vcenters.{vcenter}.username or vcenters.{vcenter}.password_file, or unlock the account",
            )
        case "NoPermission":
            cure = f"give the user of vcenters.{vcenter} a role that holds it; see `reflexarc vcenter check {vcenter}`"
            return Refused(sentence, cure=cure)
    return VsphereFault(sentence, fault=fault)


@contextmanager
def translated(vcenter: str) -> Iterator[None]:
    """Run vSphere calls; whatever they raise leaves as an error of the tree.

    Raises:
        Refused: wrong credentials, missing privilege, or a certificate that does not verify.
        SessionLost: the session is gone.
        VcenterAway: no answer, or an answer that is no HTTP or no XML.
        VsphereFault: any other fault of the server.
    """
    try:
        yield
    except vmodl.MethodFault as error:
        raise from_name(vcenter, fault_name(error), _message(error)) from error
    except ssl.SSLCertVerificationError as error:
        cure = (
            f"if the certificate was renewed, correct vcenters.{vcenter}.thumbprint; if not, somebody is in between"
            if isinstance(error, WrongCertificate)
            else f"set vcenters.{vcenter}.ca_file to the authority that signed it, or pin it with thumbprint"
        )
        message = f"vCenter {vcenter}: its certificate does not verify: {error.verify_message}"
        raise Refused(message, cure=cure) from error
    except (OSError, HTTPException, ExpatError) as error:
        raise VcenterAway(vcenter, f"cannot be reached: {str(error) or type(error).__name__}") from error


@contextmanager
def attempted(vcenter: str) -> Iterator[None]:
    """Run vSphere calls that only tidy up: their failure is no news."""
    with suppress(ReflexarcError), translated(vcenter):
        yield


def _message(fault: vmodl.MethodFault) -> str:
    said = str(fault.msg or "")
    privilege = getattr(fault, "privilegeId", None)
    return f"{said} (missing: {privilege})".lstrip() if privilege else said


def fault_name(fault: vmodl.MethodFault) -> str:
    """The WSDL name of a fault object."""
    return str(fault._wsdlName)  # noqa: SLF001 - pyvmomi's only place for it


# A task or query whose target is gone answers so; callers compare names, never classes of pyvmomi.
NOT_FOUND: str = str(vmodl.fault.ManagedObjectNotFound._wsdlName)  # noqa: SLF001 - as above
IN_PROGRESS: str = str(vim.fault.TaskInProgress._wsdlName)  # noqa: SLF001 - as above
POWERED_MEANWHILE: str = str(vim.fault.InvalidPowerState._wsdlName)  # noqa: SLF001 - as above
DEFINED_MEANWHILE: str = str(vim.fault.DuplicateName._wsdlName)  # noqa: SLF001 - as above
CHANGED_MEANWHILE: str = str(vim.fault.ConcurrentAccess._wsdlName)  # noqa: SLF001 - as above
