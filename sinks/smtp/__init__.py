"""``type: smtp``: one mail per event."""

from __future__ import annotations

from sinks.smtp.config import SmtpConfig as SmtpConfig
from sinks.smtp.sink import SmtpSink as SmtpSink
