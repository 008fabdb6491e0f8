"""The laws that every stage obeys, each alone."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from functools import cache

import numpy as np
import pytest
from stages import CASES, Case

from monitor.chunk import Chunk


@cache
def _source(case: Case) -> Chunk:
    return case.source()


@cache
def _whole(case: Case) -> Chunk:
    return case.build().push(_source(case))


def _cut(chunk: Chunk, size: int) -> list[Chunk]:
    return [chunk[start : start + size] for start in range(0, len(chunk), size)]


def _same(parts: list[Chunk], whole: Chunk) -> None:
    joined = Chunk.joined(parts)
    np.testing.assert_array_equal(joined.time_s, whole.time_s)
    np.testing.assert_allclose(joined.samples, whole.samples, rtol=1e-9, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_says_something(case: Case) -> None:
    assert len(_whole(case)) > 0
    assert np.isfinite(_whole(case).samples).any()


@pytest.mark.parametrize("size", [1, 7, 20, 999])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_chunk_size_does_not_matter(case: Case, size: int) -> None:
    source = _source(case) if size > 1 else _source(case)[:3000]
    stage = case.build()
    _same([stage.push(part) for part in _cut(source, size)], case.build().push(source))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_empty_in_empty_out(case: Case) -> None:
    stage = case.build()
    assert len(stage.push(Chunk.empty(stage.input))) == 0
    middle = len(_source(case)) // 2
    parts = [
        stage.push(_source(case)[:middle]),
        stage.push(Chunk.empty(stage.input)),
        stage.push(_source(case)[middle:]),
    ]
    _same(parts, _whole(case))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_input_is_untouched(case: Case) -> None:
    source = _source(case)
    copy = source.samples.copy()
    case.build().push(source)
    np.testing.assert_array_equal(source.samples, copy)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_nan_heals(case: Case) -> None:
    source = _source(case)
    samples = source.samples.astype(float).copy()
    samples[len(samples) // 4 : len(samples) // 4 + 3] = np.nan
    out = case.build().push(Chunk(source.stream, source.time_s, samples))
    last = slice(-max(1, len(out) // 4), None)
    finite = np.isfinite(_whole(case).samples[last])
    assert np.isfinite(out.samples[last][finite]).all()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_reset_equals_a_new_stage(case: Case) -> None:
    stage = case.build()
    stage.push(_source(case)[: len(_source(case)) // 3])
    stage.reset()
    _same([stage.push(_source(case))], _whole(case))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_says_what_it_takes_and_gives(case: Case) -> None:
    stage = case.build()
    assert stage.input == _source(case).stream
    assert _whole(case).stream == stage.output
    assert (np.diff(_whole(case).time_s) > 0).all()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_memory_stays_flat(case: Case) -> None:
    """What a stage keeps after many rounds is what it kept after few."""
    source, stage = _source(case), case.build()
    rows = max(1, len(source) // 10)
    span_s = rows * float(np.median(np.diff(source.time_s)))

    def rounds(first: int, n: int) -> None:
        for i in range(first, first + n):
            part = source[:rows]
            stage.push(Chunk(part.stream, part.time_s - part.time_s[0] + source.time_s[0] + i * span_s, part.samples))

    rounds(0, 30)
    tracemalloc.start()
    rounds(30, 130)
    gc.collect()
    early = tracemalloc.get_traced_memory()[0]
    rounds(160, 130)
    gc.collect()
    late = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert late - early < 40_000, f"{case.name} grew by {late - early} bytes on {sys.version_info[:2]}"
