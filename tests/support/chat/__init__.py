"""A stand-in for Slack, as strict as its documentation."""

from tests.support.chat.chat import BOT, CHANNEL, TOKEN, USER, Chat

__all__ = ["BOT", "CHANNEL", "TOKEN", "USER", "Chat"]
