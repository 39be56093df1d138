"""When a request that was turned away is made again."""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime

PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Statuses that may be gone the next time."""

MOST_WAIT = 120.0
"""Seconds. An endpoint that asks for a longer pause is not waited for."""

_FIRST, _MOST = 0.5, 16.0  # seconds of the doubling pauses


def wait(attempt: int, retry_after: str | None = None) -> float:
    """Seconds to wait after attempt number `attempt`, counted from 0.

    Doubling pauses, each drawn from its upper half so that requests turned away together do not
    come back together; never less than the endpoint asks for.

    Args:
        attempt: how many attempts were made before this one.
        retry_after: the header of that name (RFC 9110, 10.2.3): seconds or a date.
    """
    pause = min(_FIRST * 2.0 ** min(attempt, 30), _MOST) * random.uniform(0.5, 1.0)
    return max(pause, _asked(retry_after)) if retry_after else pause


def _asked(retry_after: str) -> float:
    try:
        return float(retry_after)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(retry_after).timestamp() - time.time()
    except ValueError:
        return 0.0  # neither of both: the endpoint has not asked for anything
