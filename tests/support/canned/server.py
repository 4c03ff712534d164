"""The canned vCenters of one process behind one port, each under a path of its own: ``/vc1/sdk``."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import orjson
from aiohttp import web

from tests.support.canned import control, soap
from tests.support.canned.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.canned.vcenter import Vcenter

COOKIE = "vmware_soap_session"
XML = "text/xml"


class Place(NamedTuple):
    """A vCenter and what stands before it."""

    vcenter: Vcenter
    trouble: Trouble


class Server:
    """Serves SOAP, and at ``/NAME/control/VERB`` what tests do to a vCenter.

    Args:
        vcenters: by the name in their path.
    """

    def __init__(self, vcenters: Mapping[str, Vcenter]) -> None:
        self._places = {name: Place(vcenter, Trouble()) for name, vcenter in vcenters.items()}

    def app(self) -> web.Application:
        """The application."""
        app = web.Application(client_max_size=1 << 20)
        app.router.add_get("/{name}/sdk/vimServiceVersions.xml", self._versions)
        app.router.add_post("/{name}/sdk", self._soap)
        app.router.add_post("/{name}/control/{verb}", self._control)
        return app

    async def _versions(self, request: web.Request) -> web.Response:
        page = await self._place(request).trouble.pass_by()
        return web.Response(body=soap.VERSIONS, content_type=XML) if page is None else _page(page.status, page.body)

    async def _soap(self, request: web.Request) -> web.Response:
        vcenter, trouble = self._place(request)
        page = await trouble.pass_by()
        if page is not None:
            return _page(page.status, page.body)
        try:
            answer = vcenter.call(soap.parse(await request.read()), _cookie(request))
        except soap.Fault as fault:
            return web.Response(body=fault.body(), status=HTTPStatus.INTERNAL_SERVER_ERROR, content_type=XML)
        headers = {"Set-Cookie": f'{COOKIE}="{answer.cookie}"; Path=/; HttpOnly'} if answer.cookie else {}
        return web.Response(body=answer.body, content_type=XML, headers=headers)

    async def _control(self, request: web.Request) -> web.Response:
        vcenter, trouble = self._place(request)
        arguments = orjson.loads(await request.read() or b"{}")
        found = control.act(vcenter, trouble, request.match_info["verb"], arguments)
        return web.Response(body=orjson.dumps(found), content_type="application/json")

    def _place(self, request: web.Request) -> Place:
        try:
            return self._places[request.match_info["name"]]
        except KeyError:
            raise web.HTTPNotFound from None


def _cookie(request: web.Request) -> str:
    return request.cookies.get(COOKIE, "").strip('"')


def _page(status: int, body: str) -> web.Response:
    return web.Response(text=body, status=status, content_type="text/html")
