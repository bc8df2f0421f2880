from tests.world import *
from tests.world import mail, reply_to
import time
import pytest
@pytest.mark.parametrize("i", range(5))
def test_x(world, i):
    t=time.time()
    n = world.ticket_of()
    print(world.told(), time.time()-t)
    l = world.answered(n)
    d = world.receive(reply_to(l, s1=True))
    print(d.verdict, d.stage, d.reasons, d.facts, time.time()-t)
