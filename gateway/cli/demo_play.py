"""The demo's story played on a running desk: each step is done, shown, and compared with what was told of it."""

from collections.abc import Sequence
from datetime import timedelta

from gateway.cli.common import now
from gateway.cli.demo_desk import DemoDesk
from gateway.cli.demo_mail import Letter, write
from gateway.cli.demo_show import Screen
from gateway.cli.demo_step import Comes, Somebody, Step, Waits, Writes
from gateway.cli.demo_story import MARTA, PEOPLE
from gateway.desk.days import business_days
from gateway.desk.words import Labels
from gateway.work import read
from gateway.work.read import Row

WEEK = timedelta(days=7)


def play(story: Sequence[Step], desk: DemoDesk, screen: Screen) -> list[str]:
    """Play and show it until a step does not come out as told; in what, a sentence each, or nothing."""
    player = _Player(desk, screen)
    for number, step in enumerate(story, 1):
        screen.heading(number, step)
        wrong = differences(step.comes, player.play(number, step))
        if wrong:
            screen.wrong(wrong)
            return wrong
    return []


def differences(told: Comes, came: Comes) -> list[str]:
    """A sentence for each thing that is not as told. Where nothing is told of a state or a text, any will do."""
    pairs: list[tuple[str, object, object]] = [
        ("verdict", told.verdict, came.verdict),
        ("ticket", told.ticket, came.ticket),
        ("letters", _named(told), _named(came)),
    ]
    if told.state:
        pairs.append(("state", told.state, came.state))
    if told.reads:
        pairs.append(("what the desk reads", told.reads, came.reads))
    if told.account is not None:
        pairs.append(("account", told.account[1], came.account and came.account[1]))
    return [f"{name}: told {wanted!r}, came {found!r}" for name, wanted, found in pairs if wanted != found]


class _Player:
    """Remembers what has happened: how many letters, the newest of each kind for each reader, how accounts stand."""

    def __init__(self, desk: DemoDesk, screen: Screen) -> None:
        self._desk = desk
        self._screen = screen
        self._seen = 0
        self._shown: set[str] = set()
        self._newest: dict[tuple[str, str], Letter] = {}
        self._accounts: dict[str, str] = {}

    def play(self, number: int, step: Step) -> Comes:
        """Do the step and show it; what came of it, as the database says."""
        match step.does:
            case Writes() as mail:
                return self._write(mail, number)
            case Waits() as waits:
                return self._wait(waits)

    def _write(self, mail: Writes, number: int) -> Comes:
        letter = self._newest[mail.answers, mail.by.address] if mail.answers else None
        written = write(mail, letter, number=number, now=now())
        self._screen.mail(mail.by, written)
        row = self._desk.hand_in(written.raw, sender=mail.by.address, to=written.to)
        ticket, state, text, elided = row["ticket"], "", "", ""
        if ticket is not None:
            whole = read.ticket(self._desk.office, ticket)
            state, text, elided = whole["state"], whole["messages"][-1]["text"], whole["messages"][-1]["elided"]
        self._screen.verdict(row["verdict"], ticket, self._label(state), ", ".join(row["reasons"]))
        if elided:
            self._screen.reads(text, elided)
        account = self._account(mail.by)
        letters = self._letters()
        if ticket is None and not letters:
            self._screen.passed("nothing")
        return Comes(
            verdict=row["verdict"], ticket=ticket, state=state, account=account, reads=text, letters=_pairs(letters)
        )

    def _wait(self, waits: Waits) -> Comes:
        moment = business_days(now(), waits.business_days) + timedelta(minutes=1)
        self._screen.clock(moment)
        self._desk.move_clock(moment)
        letters = self._letters()
        self._desk.move_clock(moment + WEEK)
        late = self._letters()
        if not late:
            self._screen.passed("not again")
        ticket = letters[0]["ticket"] if letters else None
        state = read.ticket(self._desk.office, ticket)["state"] if ticket is not None else ""
        came = _pairs([*letters, *late])
        account = self._account(came[0][1]) if came else None
        return Comes(ticket=ticket, state=state, account=account, letters=came)

    def _account(self, who: Somebody) -> tuple[Somebody, str] | None:
        """How a person's account stands, shown when it is another than before; the desk's own people need none."""
        if who == MARTA:
            return None
        for row in read.people(self._desk.office, wanted=who.address):
            if self._accounts.get(who.address) != row["state"]:
                self._screen.account(who, row["state"])
            self._accounts[who.address] = row["state"]
            return who, row["state"]
        return None

    def _letters(self) -> list[Row]:
        """The letters that came out since the last time, shown: those to customers whole."""
        rows = self._desk.letters()[self._seen :]
        self._seen += len(rows)
        for row in sorted(rows, key=lambda one: one["to"] == MARTA.address):
            letter = self._desk.read_letter(row["message_id"])
            self._newest[row["letter"], row["to"]] = letter
            self._screen.letter(letter, whole=row["to"] != MARTA.address and row["letter"] not in self._shown)
            self._shown.add(row["letter"])
        return rows

    def _label(self, state: str) -> Labels | None:
        return self._desk.label(state) if state else None


def _named(comes: Comes) -> list[tuple[str, str]]:
    return sorted((letter, reader.address) for letter, reader in comes.letters)


def _pairs(rows: Sequence[Row]) -> tuple[tuple[str, Somebody], ...]:
    return tuple((row["letter"], PEOPLE.get(row["to"], Somebody("", row["to"]))) for row in rows)
