from __future__ import annotations

from pathlib import Path

import pytest

from ops.dev.external import adopt, split_credentials
from ops.dev.plan import Wanted


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("kafka:9092", ("kafka:9092", None, None)),
        ("a:1,b:2", ("a:1,b:2", None, None)),
        ("amqp://host:5672/v", ("amqp://host:5672/v", None, None)),
        ("amqp://u:p@host/v", ("amqp://host/v", "u", "p")),
        ("https://me%40vsphere.local:p%2Fw@[::1]:443/sdk", ("https://[::1]:443/sdk", "me@vsphere.local", "p/w")),
        ("https://u@host/sdk", ("https://host/sdk", "u", None)),
    ],
)
def test_credentials_are_taken_out_of_an_address(address: str, expected: tuple[str, str | None, str | None]) -> None:
    assert expected == split_credentials(address)


def test_a_password_in_an_address_ends_up_in_a_private_file_only(tmp_path: Path) -> None:
    record = adopt(tmp_path, tmp_path, Wanted("rabbitmq", "rabbitmq", "amqp://u:hush@host/"))
    record.write(tmp_path)

    file = Path(record.details["password_file"])
    assert "hush\n" == file.read_text()
    assert 0o600 == file.stat().st_mode & 0o777
    assert [file] == [path for path in tmp_path.rglob("*") if path.is_file() and "hush" in path.read_text()]
