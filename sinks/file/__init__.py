"""``type: file``: events as lines of JSON in a file on this machine."""

from sinks.file.sink import FileSink

__all__ = ["FileSink"]
