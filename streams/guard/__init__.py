"""What may be done to vSphere, decided: pure, so that every interleaving can be tried out."""

from streams.guard.guard import Guard, urgent
from streams.guard.ledger import Ledger
from streams.guard.refusal import Refusal
from streams.guard.reply import Reply

__all__ = ["Guard", "Ledger", "Refusal", "Reply", "urgent"]
