"""What somebody hears who has said yes or no to what waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.commands import wording

if TYPE_CHECKING:
    from schemas.remediation.answer import Answer
    from schemas.remediation.decision import Decision
    from streams.commands.wording import Wording
    from streams.guard.reply import Reply


def answered(answer: Answer, reply: Reply, before: Decision | None) -> Wording | None:
    """What is said; None where the answer has been heard before.

    Args:
        answer: what was said.
        reply: what the guardrails say to it.
        before: the decision that it is about, before it.
    """
    if reply.refusal is not None:
        return wording.answer(f"{wording.FAILED}{reply.refusal.reason}")
    if reply.decision is None or reply.decision == before:
        return None
    return wording.answer(f"Command {answer.id} was {'approved' if answer.approve else 'refused'}.")
