"""What a test may do to a canned vCenter: a verb and arguments in, the state out.

==================  =======================================================
run                 log ``rate`` events a second from now on
look-back           have a past of ``events`` over so many ``seconds``
terminate           end every session, and its collectors
restart             come up with an empty log, whose keys start at ``key``
withhold            commit the next ``events`` so many ``seconds`` late
oversize            log an event with a message of ``size`` bytes
undecodable         log an event that is nested too deeply
set-clock           be so many ``seconds`` ahead of us
purge               forget all events but the latest ``keep``
refuse              take every password for a wrong one, if ``logins``
hang                answer nothing for so many ``seconds``
slow                take so many ``seconds`` for every answer
stand-in            have a proxy answer ``status`` and ``body`` for so long
state               nothing
==================  =======================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.support.canned.pages import made

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.canned.trouble import Trouble
    from tests.support.canned.vcenter import Vcenter

OVERSIZE: Final = "OversizeEvent"
UNDECODABLE: Final = "UndecodableEvent"


def act(vcenter: Vcenter, trouble: Trouble, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Do it.

    Raises:
        KeyError: there is no such verb.
        TypeError: it takes other arguments.
    """
    _VERBS[verb](vcenter, trouble, **arguments)
    vcenter.history.flush()
    return state(vcenter, trouble)


def state(vcenter: Vcenter, trouble: Trouble) -> dict[str, Any]:
    """How the vCenter stands; ``read`` is the index behind the latest event that was given out in this epoch."""
    history = vcenter.history
    return {
        "epoch": history.epoch,
        "events": len(history),
        "held": len(history) - history.held,
        "read": history.served,
        "reads": vcenter.reads,
        "logins": vcenter.logins,
        "refused": vcenter.refused,
        "sessions": len(vcenter.sessions),
        "collectors": sum(len(session.collectors) for session in vcenter.sessions.values()),
        "troubled": trouble.met,
    }


def _oversize(vcenter: Vcenter, _: Trouble, *, size: int) -> None:
    body = b"<userName>x</userName><message>%b</message>" % (b"x" * size)
    vcenter.history.post(made("GeneralUserEvent", body)._replace(name=OVERSIZE))


def _undecodable(vcenter: Vcenter, _: Trouble) -> None:
    body = b"<userName>x</userName><message>%b</message>" % (b"<deep>" * 200 + b"</deep>" * 200)
    vcenter.history.post(made("GeneralUserEvent", body)._replace(name=UNDECODABLE))


def _refuse(vcenter: Vcenter, _: Trouble, *, logins: bool) -> None:
    vcenter.lets_in = not logins


_VERBS: Final[Mapping[str, Callable[..., object]]] = {
    "state": lambda _vcenter, _trouble: None,
    "run": lambda vcenter, _, *, rate: vcenter.history.run(rate),
    "look-back": lambda vcenter, _, *, events, seconds: vcenter.history.look_back(events, seconds),
    "terminate": lambda vcenter, _: vcenter.terminate(),
    "restart": lambda vcenter, _, *, key: vcenter.restart(key),
    "withhold": lambda vcenter, _, *, events, seconds: vcenter.history.withhold(events, seconds),
    "oversize": _oversize,
    "undecodable": _undecodable,
    "set-clock": lambda vcenter, _, *, seconds: vcenter.history.set_clock(seconds),
    "purge": lambda vcenter, _, *, keep: vcenter.history.purge(keep),
    "refuse": _refuse,
    "hang": lambda _, trouble, *, seconds: trouble.hang(seconds),
    "slow": lambda _, trouble, *, seconds: trouble.slow(seconds),
    "stand-in": lambda _, trouble, *, status, body, seconds: trouble.stand_in(status, body, seconds),
}
