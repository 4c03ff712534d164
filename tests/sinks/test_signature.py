from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from schemas.errors import Refused
from sinks.signature import Signature, SignatureConfig

if TYPE_CHECKING:
    from pathlib import Path

KEY = "It's a Secret to Everybody"
BODY = b"Hello, World!"
# Published by GitHub for anyone to check an implementation against.
SIGNED = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
SIGNED_THEN = "76c83fd0acdf22faed320674fe8e04d528cfe8a17905e720a9611e40677c03b7"  # of b"1700000000.Hello, World!"


def signature(folder: Path, **fields: Any) -> Signature:
    (folder / "key").write_text(KEY)
    config = SignatureConfig.model_validate({"secret_file": str(folder / "key"), **fields})
    return Signature(config, now=lambda: 1700000000.9)


def test_a_body_is_signed_as_github_does_by_default(tmp_path: Path) -> None:
    assert f"X-Hub-Signature-256: sha256={SIGNED}".encode() == signature(tmp_path).line(BODY)


def test_a_timestamped_signature_covers_the_time_as_well(tmp_path: Path) -> None:
    line = signature(tmp_path, header="X-Sign", format="timestamped").line(BODY)

    assert f"X-Sign: t=1700000000,v1={SIGNED_THEN}".encode() == line


def test_the_hash_can_be_chosen(tmp_path: Path) -> None:
    line = signature(tmp_path, algorithm="sha512").line(BODY)

    assert line.startswith(b"X-Hub-Signature-256: sha512=")
    assert 128 == len(line.partition(b"=")[2])


def test_a_key_that_is_gone_is_said_without_it(tmp_path: Path) -> None:
    signer = signature(tmp_path)
    (tmp_path / "key").unlink()

    with pytest.raises(Refused, match="does not exist") as caught:
        signer.line(BODY)

    assert KEY not in str(caught.value)


@pytest.mark.parametrize("header", ["a b", "x:", "Authorization", "ce-signature", ""])
def test_a_header_that_cannot_carry_it_is_refused(header: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        signature(tmp_path, header=header)
