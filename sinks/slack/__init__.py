"""``type: slack``: answers to who has given a command in Slack, and any other event to a channel."""

from __future__ import annotations

from sinks.slack.config import SlackSinkConfig as SlackSinkConfig
from sinks.slack.sink import SlackSink as SlackSink
