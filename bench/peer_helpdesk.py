"""django-helpdesk's get_email over a folder of mails; run by its own Python.

Prints one JSON line: the seconds and the CPU of the command itself, start-up not counted, and what it made.
"""

import json
import logging
import os
import time

import django


def main() -> None:
    django.setup()
    logging.disable(logging.CRITICAL)
    from django.core.management import call_command
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    folder = os.path.join(os.environ["PEER_FOLDER"], "in")
    Queue.objects.create(
        title="Support",
        slug="support",
        email_address="support@desk.example",
        allow_email_submission=True,
        allow_public_submission=True,
        email_box_type="local",
        email_box_local_dir=folder,
        email_box_interval=0,
        logging_type="none",
    )
    cpu, wall = time.process_time(), time.perf_counter()
    call_command("get_email", quiet=True)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(
        json.dumps(
            {
                "seconds": wall,
                "cpu": cpu,
                "tickets": Ticket.objects.count(),
                "messages": Ticket.objects.count() + FollowUp.objects.count(),
                "left": len(os.listdir(folder)),
            }
        )
    )


main()
