"""One mail, one verdict: the stages asked in order, and whether the sender may be answered. Pure."""

from gateway.inbound.facts import Facts
from gateway.inbound.stages import STAGES
from gateway.inbound.unanswered import unanswered
from gateway.inbound.verdicts import Judged


def judge(facts: Facts) -> Judged:
    """The verdict of the first stage that has an opinion; the last one always has."""
    for stage in STAGES:
        opinion = stage(facts)
        if opinion is not None:
            return Judged(opinion.verdict, stage.__name__, (opinion.reason,), unanswered(facts))
    raise AssertionError("the last stage always answers")
