from __future__ import annotations

import gzip
import zlib

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.body import decompressed
from ingest.webhook.problem import Problem


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = {"": bytes, "identity": bytes, "gzip": gzip.compress, "X-GZip": gzip.compress, "deflate": zlib.compress}


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKED)))
def test_what_was_packed_is_unpacked(data: bytes, encoding: str) -> None:
    assert data == decompressed(PACKED[encoding](data), [encoding], limit=300)


@given(st.text("abc", max_size=300).map(str.encode))
def test_deflate_may_come_without_its_wrapping(data: bytes) -> None:
    assert data == decompressed(bare(data), ["deflate"], limit=300)


@pytest.mark.parametrize("encodings", [["br"], ["gzip, gzip"], ["gzip", "gzip"], ["compress"], ["\x00"]])
def test_other_encodings_are_not_taken(encodings: list[str]) -> None:
    with pytest.raises(Problem) as refused:
        decompressed(b"", encodings, limit=10)
    assert (415, {"Accept-Encoding": "gzip, deflate"}) == (refused.value.status, refused.value.headers)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_more_than_the_limit_is_never_unpacked(encoding: str) -> None:
    bomb = PACKED[encoding](bytes(10_000_000))
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        decompressed(bomb, [encoding], limit=1000)


@pytest.mark.parametrize(
    "body",
    [b"", b"plain", gzip.compress(b"x" * 100)[:-1], gzip.compress(b"a") + gzip.compress(b"b")],
    ids=["empty", "plain", "cut", "two"],
)
def test_what_is_not_packed_as_it_says_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(Problem, match="The body is not gzip"):
        decompressed(body, ["gzip"], limit=1000)


@given(st.binary(max_size=100), st.sampled_from(["gzip", "deflate"]))
def test_whatever_the_bytes_they_are_unpacked_within_the_limit_or_refused(body: bytes, encoding: str) -> None:
    try:
        length = len(decompressed(body, [encoding], limit=50))
    except (Problem, web.HTTPRequestEntityTooLarge):
        return
    assert length <= 50
