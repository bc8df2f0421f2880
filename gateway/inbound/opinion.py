"""What a stage says of a delivery, when it has an opinion. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.inbound.facts import Facts
from gateway.inbound.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a stage says: a verdict and its reason in words."""

    verdict: Verdict
    reason: str


Stage = Callable[[Facts], Opinion | None]
