"""``type: http``: events to one URL, as CloudEvents one by one or in batches, or as a request of the operator's own."""

from __future__ import annotations

from sinks.http.config import HttpConfig as HttpConfig
from sinks.http.connection import HttpConnectionConfig as HttpConnectionConfig
from sinks.http.connection import Mode as Mode
from sinks.http.sink import HttpSink as HttpSink
