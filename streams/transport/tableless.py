"""What Faust asks of a consumer only for tables, refused by name: roles on this transport keep no tables yet."""

from __future__ import annotations

from typing import Any, NoReturn

from faust.exceptions import ImproperlyConfigured
from faust.transport.consumer import Consumer


def _no_tables(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise ImproperlyConfigured("the reflexarc transport carries no Faust tables")


class Tableless(Consumer):
    """A Faust consumer whose recovery and fetch interface refuses, loudly, to be used."""

    _commit = _no_tables
    _getmany = _no_tables
    _new_topicpartition = _no_tables
    _seek = _no_tables
    _to_message = _no_tables
    create_topic = _no_tables
    earliest_offsets = _no_tables
    highwater = _no_tables
    highwaters = _no_tables
    position = _no_tables
    seek_to_committed = _no_tables
    seek_wait = _no_tables
    topic_partitions = _no_tables
    verify_recovery_event_path = _no_tables
