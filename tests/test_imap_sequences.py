"""Mail through sequences of faults that seeds make: of servers, lines, folders, people, and ourselves. Once each."""

import random
from collections.abc import Callable

import pytest

from tests.fault_proxy import Kind, random_fault
from tests.read_mailbox import Desk, Mailbox, desk_reading
from tests.real_dovecot import Dovecot
from tests.waiting import wait_until

# One mailbox for each thing that may become of a mail in it.
OTHERS = ({"after": "seen"}, {"after": "move", "move_to": "Done"}, {"after": "delete"})
STEPS = 4
SIZES = (100, 100, 100, 2_000, 20_000, 120_000)


class Sequence:
    """Some faults and some mail, one after the other, all by one seed; it ends with everything well again."""

    def __init__(self, seed: int, desk: Desk, server: Dovecot, *, mails: int) -> None:
        self.chance = random.Random(seed)
        self.desk = desk
        self.server = server
        self.mails = mails
        self.done: list[str] = []

    def run(self) -> None:
        shares = [self.mails // STEPS + (step < self.mails % STEPS) for step in range(STEPS)]
        for share in shares:
            step = self.chance.choice(STEPS_THAT_FAIL)
            self.done.append(step.__name__)
            mailbox = self.chance.choice(self.desk.mailboxes)
            step(self, mailbox)
            for _ in range(share):
                self.chance.choice(self.desk.mailboxes).arrives(size=self.chance.choice(SIZES))
        for mailbox in self.desk.mailboxes:
            mailbox.line.heal()
        self.desk.has()

    # What can happen. Each leaves a server, a line, and a daemon that can go on by themselves.

    def bad_lines(self, mailbox: Mailbox) -> None:
        faults = [random_fault(self.chance, largest=150_000) for _ in range(self.chance.randint(1, 4))]
        mailbox.line.plan(*faults)
        mailbox.line.strike(Kind.CUT)

    def struck_line(self, mailbox: Mailbox) -> None:
        kinds = (Kind.CUT, Kind.RESET, Kind.HALF_CLOSE, Kind.SWALLOW, Kind.BYE)
        mailbox.line.strike(self.chance.choice(kinds))

    def refused_connections(self, mailbox: Mailbox) -> None:
        mailbox.line.refuse()
        mailbox.line.strike(Kind.RESET)
        mailbox.arrives(self.chance.randint(0, 2))
        wait_until(mailbox.line.nobody_there, seconds=self.desk.seconds)
        mailbox.line.listen()

    def restarted_server(self, mailbox: Mailbox) -> None:
        self.server.crash() if self.chance.random() < 0.3 else self.server.stop()
        mailbox.arrives(self.chance.randint(0, 2))
        self.server.start()

    def ended_sessions(self, mailbox: Mailbox) -> None:
        self.server.kick(mailbox.user)

    def new_numbers(self, mailbox: Mailbox) -> None:
        """While nobody is in: Dovecot takes files that change behind its back for damage."""
        mailbox.line.refuse()
        mailbox.line.strike(Kind.CUT)
        wait_until(mailbox.line.nobody_there, seconds=self.desk.seconds)
        self.server.kick(mailbox.user)
        self.server.renumber(mailbox.user)
        mailbox.line.listen()

    def people_tidy_up(self, mailbox: Mailbox) -> None:
        """What has its ticket is moved away, and back."""
        has = self.desk.tickets()
        uids = [uid for subject, uid in mailbox.mails().items() if has[subject]][:10]
        if uids:
            if "Tidy" not in self.server.folders(mailbox.user):
                self.server.create(mailbox.user, "Tidy")
            self.server.move(mailbox.user, uids, "Tidy")
            self.server.move(mailbox.user, [], "INBOX", folder="Tidy")

    def killed_daemon(self, mailbox: Mailbox) -> None:
        mailbox.arrives(self.chance.randint(0, 2))
        self.desk.daemon.kill()
        self.desk.installation.start("--only", "imap,work")


Step = Callable[[Sequence, Mailbox], None]
STEPS_THAT_FAIL: tuple[Step, ...] = (
    Sequence.bad_lines,
    Sequence.bad_lines,
    Sequence.bad_lines,
    Sequence.struck_line,
    Sequence.struck_line,
    Sequence.refused_connections,
    Sequence.restarted_server,
    Sequence.ended_sessions,
    Sequence.new_numbers,
    Sequence.people_tidy_up,
    Sequence.killed_daemon,
)


def survives(server: Dovecot, *, sequences: int, mails: int, database: str = "") -> None:
    with desk_reading(server, others=OTHERS, before=3, database=database) as (desk, _):
        happened = 0
        for seed in range(sequences):
            share = mails // sequences + (seed < mails % sequences)
            one = Sequence(seed, desk, server, mails=share)
            try:
                one.run()
            except AssertionError as error:
                error.add_note(f"in the sequence of seed {seed}: {', '.join(one.done)}")
                raise
        happened = sum(len(mailbox.line.happened) for mailbox in desk.mailboxes)

        assert len(desk.all_subjects()) >= mails
        assert happened > sequences / 2
        assert set(desk.tickets()) == set(desk.all_subjects())
        for mailbox in desk.mailboxes[2:]:
            wait_until(lambda mailbox=mailbox: len(mailbox.mails()) <= 3, seconds=desk.seconds)  # type: ignore[misc]
        desk.settled()


@pytest.mark.timeout(300)
def test_mail_through_twelve_sequences_of_faults_comes_once(dovecot: Dovecot) -> None:
    survives(dovecot, sequences=12, mails=150)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_ten_thousand_mails_through_two_hundred_sequences_come_once(dovecot: Dovecot, any_database: str) -> None:
    survives(dovecot, sequences=200, mails=10_000, database=any_database)
