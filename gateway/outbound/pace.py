"""Letters that waited for a release leave one after another: so many an hour in all and to a domain. Pure."""

import heapq
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.desk.providers import public


def paced(domains: Sequence[str], *, per_hour: int, per_hour_and_domain: int, begin: datetime) -> list[datetime]:
    """A turn for each letter, given the domains that they go to; evenly spaced, the oldest first where it may go.

    Public providers have no pace of their own.
    """
    gap, own_gap = (timedelta(hours=1) / max(1, most) for most in (per_hour, per_hour_and_domain))
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for place, domain in enumerate(domains):
        waiting[domain].append(place)
    turns = [begin] * len(domains)
    # The oldest letter of each domain: those that may go by now by their place, the others by when they may.
    able = [(places[0], domain) for domain, places in waiting.items()]
    later: list[tuple[datetime, int, str]] = []
    heapq.heapify(able)
    now = begin
    while able or later:
        if not able:
            now = max(now, later[0][0])
        while later and later[0][0] <= now:
            heapq.heappush(able, heapq.heappop(later)[1:])
        place, domain = heapq.heappop(able)
        turns[place] = now
        waiting[domain].popleft()
        if waiting[domain]:
            after = now if public(domain) else now + own_gap
            heapq.heappush(later, (after, waiting[domain][0], domain))
        now += gap
    return turns
