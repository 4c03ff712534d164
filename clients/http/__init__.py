"""HTTP through libcurl: one thread drives every transfer of the process, asyncio waits for the answers."""

from __future__ import annotations

from clients.http.client import Client as Client
from clients.http.failures import NoAnswer as NoAnswer
from clients.http.request import Method as Method
from clients.http.request import header_lines as header_lines
from clients.http.response import Response as Response
