"""Types of the events that commands come by, and where they carry the way back."""

from __future__ import annotations

from typing import Final

SLASH: Final = "com.reflexarc.slack.command.v0"
"""A slash command of Slack."""

PRESSED: Final = "com.reflexarc.slack.interaction.v0"
"""A button, a menu, a shortcut or a dialog of Slack."""

TYPED: Final = "com.reflexarc.command.v1"
"""A command of the command line; its data hold ``text``, and ``dry_run`` where only the plan is wanted."""

ADDRESS: Final = "replyaddress"
"""The attribute that holds the sealed address of the answer."""

APPROVE: Final = "reflexarc-approve"
REFUSE: Final = "reflexarc-refuse"
"""Names of the buttons; their value is the id of what waits for an answer."""
