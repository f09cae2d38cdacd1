"""One thread for small matrices: faster than several, and the same sums on every run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the linear algebra inside to one thread; also a decorator.

    Thousands of products of small matrices spend their time waking threads: measured 4 times slower with two on a
    busy machine. How a sum is split among threads also changes its last digit.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1, user_api="blas"):
        yield
