from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import TYPE_CHECKING

from ingest.vcenter.decoding.decode import Decoder
from ingest.vcenter.decoding.learner import Learner
from ingest.vcenter.decoding.naming import PASCAL
from ingest.vcenter.decoding.shapes import _MAX_SIGHTS, Shapes
from ingest.vcenter.decoding.unknowns import Unknowns
from tests.ingest.vcenter.decoding.generated import Generator, event_classes
from tests.ingest.vcenter.pages import event, fixture, page

if TYPE_CHECKING:
    from ingest.vcenter.decoding.shape import Shape

END = len("</returnval>")
LEARNER = Learner(PASCAL)


class Lessons:
    """Learns, and keeps what it was shown."""

    def __init__(self) -> None:
        self.spans: list[bytes] = []

    def learn(self, span: bytes) -> Shape | None:
        self.spans.append(span)
        return LEARNER.learn(span)


def span(number: int, text: str = "a") -> bytes:
    """An event whose markup is that of no other number."""
    return event("GeneralUserEvent", f'<message at="{number}">{text}</message>')[:-END].encode()


def test_an_event_is_learned_when_its_markup_comes_again_and_read_without_learning_from_then_on() -> None:
    lessons = Lessons()
    shapes = Shapes(lessons.learn)
    assert shapes.event(span(1)) is None
    assert [] == lessons.spans
    for text in ("b", "c", "d"):
        found = shapes.event(span(1, text))
        assert found is not None
        assert f'"Message":"{text}"'.encode() in found.data
    assert [span(1, "b")] == lessons.spans


def test_what_cannot_be_learned_is_tried_once() -> None:
    lessons = Lessons()
    shapes = Shapes(lessons.learn)
    unknown = event("Nothing")[:-END].encode()
    assert [None] * 5 == [shapes.event(unknown) for _ in range(5)]
    assert [unknown] == lessons.spans


def test_odd_texts_are_no_example_and_leave_the_markup_to_be_learned() -> None:
    lessons = Lessons()
    shapes = Shapes(lessons.learn)
    assert [None] * 3 == [shapes.event(span(1, "&#65;")) for _ in range(3)]
    assert [] == lessons.spans
    assert shapes.event(span(1)) is not None


def test_an_event_with_very_much_in_it_is_never_learned() -> None:
    lessons = Lessons()
    shapes = Shapes(lessons.learn)
    assert [None] * 3 == [shapes.event(span(1, "a" * 70_000)) for _ in range(3)]
    assert [] == lessons.spans


def test_memory_is_bounded_however_many_shapes_there_are() -> None:
    shapes = Shapes(LEARNER.learn, max_markup=20_000)
    for number in range(2 * _MAX_SIGHTS):
        for _ in range(2):
            shapes.event(span(number % 500))
        shapes.event(span(number))
        assert shapes._weight <= 20_000
        assert len(shapes._seen) <= _MAX_SIGHTS
        assert len(shapes._young) + len(shapes._old) <= 100


def test_shapes_in_use_outlive_those_that_are_not() -> None:
    lessons = Lessons()
    shapes = Shapes(lessons.learn, max_markup=20_000)
    for number in range(300):
        for _ in range(2):
            shapes.event(span(number))
            shapes.event(span(-1))
    assert 1 == lessons.spans.count(span(-1))


def test_more_shapes_than_there_is_room_for_are_learned_from_rarely() -> None:
    lessons = Lessons()
    shapes = Shapes(lessons.learn, max_markup=20_000)
    turns = 100
    for _ in range(turns):
        for number in range(200):
            shapes.event(span(number))
    assert len(lessons.spans) < turns * 200 / 3


def test_threads_that_share_shapes_read_alike_while_shapes_come_and_go() -> None:
    generator = Generator(Random(7), PASCAL.newest)  # noqa: S311 - chance, no secret
    pages = [page(*(generator.event(cls) for cls in event_classes(PASCAL.newest)[:120])) for _ in range(3)]
    decoder = Decoder(PASCAL, Unknowns())
    decoder._shapes._max_markup = 100_000
    expected = [decoder.walked(body) for body in pages]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            assert expected * 4 == list(threads.map(decoder.page, pages * 4))


def test_every_class_can_be_learned_from_the_recorded_pages() -> None:
    for name in ("corpus_min.xml", "corpus_r1.xml", "page_1000_vm_power.xml"):
        decoder = Decoder(PASCAL, Unknowns())
        for _ in range(2):
            decoder.page(fixture(name))
        shapes = decoder._shapes._young
        assert shapes
        assert None not in shapes.values()
