"""Slack as a process of its own: ``python -m tests.support.chat --file FOLDER/messages.jsonl``.

Tells on the first line of standard output what a sink has to know, as JSON. Killed and started again with the same file
and port it is the same Slack: it knows which reply addresses are used up.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import uvloop

from ops.signals import stop_event
from tests.support.chat.chat import BOT, CHANNEL, TOKEN, USER, Chat


async def serve(args: argparse.Namespace) -> None:
    """Until SIGTERM."""
    channels = dict(_channel(each) for each in args.channel) if args.channel else {CHANNEL: {USER, BOT}}
    folder = args.file.parent
    given = {name: getattr(args, name) for name in ("token", "file", "port", "every", "slow")}
    async with Chat(folder, channels=channels, **given) as chat:
        said = {"api": chat.api, "hooks": chat.hooks, "proxy": chat.proxy, "ca_file": str(chat.ca_file)}
        print(json.dumps(said), flush=True)  # noqa: T201 - said to who started us
        await stop_event().wait()


def _channel(text: str) -> tuple[str, set[str]]:
    name, _, members = text.partition("=")
    return name, set(filter(None, members.split(",")))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="messages; the certificate's authority is beside it")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN, help="of the bot")
    parser.add_argument("--channel", action="append", help=f"C1=U1,U2,{BOT}: who is in it; may be given again")
    parser.add_argument("--every", type=float, default=0.0, help="seconds between two messages to a channel")
    parser.add_argument("--slow", type=float, default=0.0, help="seconds that each message takes")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(serve(_arguments()))
