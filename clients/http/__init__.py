"""HTTP through libcurl: one thread drives every transfer of the process, asyncio waits for the answers."""

from __future__ import annotations

from clients.http.client import Client as Client
from clients.http.endpoint import Channel as Channel
from clients.http.endpoint import Endpoint as Endpoint
from clients.http.endpoint import Method as Method
from clients.http.failures import NoAnswer as NoAnswer
from clients.http.handle import HTTP2 as HTTP2
from clients.http.request import header_lines as header_lines
from clients.http.request import implied_lines as implied_lines
from clients.http.request import plain_lines as plain_lines
from clients.http.response import Response as Response
