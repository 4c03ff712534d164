from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.kubernetes.cluster import from_pod
from schemas.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "6443"}, "https://10.0.0.1:6443"),
        ({"KUBERNETES_SERVICE_HOST": "fd00::1"}, "https://[fd00::1]:443"),
    ],
)
def test_a_pod_finds_its_api_and_its_account(environ: dict[str, str], url: str, tmp_path: Path) -> None:
    (tmp_path / "namespace").write_text("team-a\n")
    cluster = from_pod(environ, tmp_path)
    (tmp_path / "token").write_text("one")
    assert (url, "team-a", tmp_path / "ca.crt") == (cluster.url, cluster.namespace, cluster.ca_file)

    (tmp_path / "token").write_text("two")

    assert "two" == cluster.token.reveal()


@pytest.mark.parametrize(
    ("environ", "what"),
    [({}, "runs in no Kubernetes pod"), ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "has no account")],
)
def test_what_is_no_pod_hears_how_to_name_the_api(environ: dict[str, str], what: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=what):
        from_pod(environ, tmp_path)
