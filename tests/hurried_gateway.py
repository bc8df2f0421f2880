"""`gateway` for tests that are in a hurry: a mailbox's door waits as it does, for a shorter time each."""

from gateway.__main__ import main
from gateway.inbound import imap, imap_plan, imap_session, imap_trouble

if __name__ == "__main__":
    imap_session.ANSWER_SECONDS = 1.0
    imap_session.CONNECT_SECONDS = 1.0
    imap.OTHER_SECONDS = 0.5
    imap_trouble.SHORT_WAITS = tuple(seconds / 100 for seconds in imap_trouble.SHORT_WAITS)
    imap_trouble.LONG_WAITS = tuple(seconds / 100 for seconds in imap_trouble.LONG_WAITS)
    imap_trouble.REFUSED_WAITS = tuple(seconds / 300 for seconds in imap_trouble.REFUSED_WAITS)
    imap_plan.AGAIN = tuple(wait / 20 for wait in imap_plan.AGAIN)
    main()
