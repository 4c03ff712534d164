"""Clients of AWS services: credentials as every AWS tool finds them, and one attempt per call."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, NoRegionError

from clients.aws.words import words
from schemas.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

CONNECT: Final = 5.0  # seconds; longest wait for a connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who we are at AWS, and how to get there; None leaves it to boto3 (environment, profile, role of the machine).

    Attributes:
        region: AWS region.
        profile: of the shared configuration and credentials files; a role to assume is named there.
        ca_file: certificate authorities (PEM).
        insecure: certificates are not verified.
        timeout: seconds; longest wait for one answer.
        connections: calls at once.
    """

    region: str | None = None
    profile: str | None = None
    ca_file: Path | None = None
    insecure: bool = False
    timeout: float = 15.0
    connections: int = 10


class Session:
    """One log-in: files and environment are read when it is made, so a new one takes up what has changed there.

    Its methods read models from disk, tens of milliseconds each, so they belong into a thread. Its clients may be
    shared by threads.

    Args:
        access: who we are.

    Raises:
        Refused: there is no such profile, or the shared files cannot be read.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        try:
            self._session = boto3.session.Session(profile_name=access.profile, region_name=access.region)
        except BotoCoreError as error:
            raise Refused(f"cannot log in to AWS: {words(error)}") from None

    def client(self, service: str, endpoint: str | None = None) -> Any:
        """A client of one service that makes one attempt per call; whoever asks for it closes it.

        Args:
            service: as botocore calls it: ``events``.
            endpoint: URL instead of the region's own; None: what the environment says, or the region's own.

        Raises:
            Refused: there is no region, or the environment names an endpoint that makes no sense.
        """
        access = self._access
        if access.insecure:
            # The operator has said so; one line per connection would say it again.
            warnings.filterwarnings("ignore", message="Unverified HTTPS request")
        config = Config(
            connect_timeout=min(access.timeout, CONNECT),
            read_timeout=access.timeout,
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=access.connections,
            user_agent_appid="reflexarc",
        )
        verify = False if access.insecure else access.ca_file and str(access.ca_file)
        try:
            return self._session.client(service, endpoint_url=endpoint, verify=verify, config=config)
        except NoRegionError:
            raise Refused("cannot reach AWS: no region is known", cure="write region, or set AWS_REGION") from None
        except (BotoCoreError, ValueError) as error:
            raise Refused(f"cannot reach AWS: {words(error)}") from None
