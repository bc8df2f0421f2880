"""No address ever gets text of a ticket that its owner did not let it see, whatever is written by whom in which order.

People write, forge, forward, quote and answer; the desk answers, notes, commands, moves, merges and closes. After each
step every letter that was written is searched for the marker words of texts that its reader may not have
(tests/visibility_model.py).
"""

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from gateway.desk.actions import Refused
from gateway.desk.people import Role
from gateway.settings import Participants
from gateway.store.tables import person as person_table
from gateway.threading.match import token_of_address
from gateway.threading.tokens import Purpose
from gateway.work.tick import fire_due
from tests.visibility_model import MARKER, PROVEN, Case, Kind, Model, Proof, Text, markers_in
from tests.world import (
    ANA,
    BILLING,
    BRUNO,
    EVA,
    LUIS,
    MARTA,
    NORA,
    SUPPORT,
    World,
    mail,
    migrated,
    opened,
    populated,
    reply_to,
    settings_of,
)

OLGA, AT_HOME, EXPERT = "olga@firm.example", "ana@casa.example", "perito@fuera.example"
CUSTOMERS = (ANA, BRUNO, EVA, OLGA)
STAFF = {LUIS: ("support",), MARTA: ("support",), NORA: ("billing",)}
ROLES = {LUIS: Role.AGENT, MARTA: Role.SUPERVISOR, NORA: Role.AGENT}
EVERYBODY = (*CUSTOMERS, *STAFF, EXPERT)
PROVEN_OFTEN = st.sampled_from([True, True, True, False])


@cache
def template() -> bytes:
    """A migrated and populated database: Olga is the agent of the organisation that Ana, Bruno and she belong to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/gateway.db"
        office = opened(settings_of(folder, url), migrated(url))
        populated(office)
        world = World(office)
        for address in (ANA, BRUNO, OLGA):
            world.known(address, organisation="Firma")
        world.write(
            person_table.update().where(person_table.c.id == world.person(OLGA).id).values(organisation_agent=True)
        )
        with office.database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        office.close()
        return (folder / "gateway.db").read_bytes()


@dataclass(frozen=True)
class Stand:
    """What decides at a moment who of the desk sees a ticket."""

    area: str
    owner: int | None
    state: str
    sure: bool


class EverythingThatIsWritten(RuleBasedStateMachine):
    """The world, the model beside it, and how many letters were looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name)
        (path / "gateway.db").write_bytes(template())
        self.world = World(opened(settings_of(path, f"sqlite:///{path}/gateway.db")))
        self.model = Model()
        self.seen = 0
        self.stood: dict[int, Stand] = {}
        self.known_mails: list[tuple[str, int]] = []

    def teardown(self) -> None:
        self.world.close()
        self.folder.cleanup()

    @initialize(
        workflow=st.sampled_from(["default", "assignment", "validation"]), letters=st.sampled_from(["cc", "separate"])
    )
    def opens(self, workflow: str, letters: Any) -> None:
        areas = [area.model_copy(update={"workflow": workflow}) for area in self.world.office.settings.area]
        many = dict.fromkeys(("receipts_per_address", "letters_per_address", "letters_per_ticket"), 100000)
        caps = self.world.office.settings.caps.model_copy(update=many)
        self.world.open_with(area=areas, caps=caps, participants=Participants(letters=letters))
        # Ana's ticket has a history when Eva comes in; in Bruno's Olga takes part from the beginning.
        self._opens_with(ANA, SUPPORT)
        said = self._begin()
        self.world.act(1, "assign", by=MARTA, owner=LUIS)
        self.world.act(1, "take", by=LUIS)
        self.world.act(1, "reply", by=LUIS, text=_words(said))
        self.model.write(Text(said, 1, LUIS, self.model.step, Kind.PUBLIC, proven=True))
        self._look()
        letter = self.world.letters(to=ANA, letter="answer")[-1]
        self._answer(letter, ANA, self._begin(), s1=True, way="reply", quoted="gmail", cc=[EVA])
        for letter in self._alerts()[-1:]:
            self._answer(letter, LUIS, self._begin(), s1=True, way="reply", quoted="", command=f"#consultar {EXPERT}")
        # Olga was part of Bruno's and has left it. What came in Eva's name is not proven to be hers.
        self._opens_with(BRUNO, BILLING, OLGA)
        said, number = self._begin(), max(self.model.cases)
        self.world.act(number, "reply", by=NORA, text=_words(said))
        self.model.write(Text(said, number, NORA, self.model.step, Kind.PUBLIC, proven=True))
        self._look()
        for letter in self.world.letters(to=OLGA, letter="relayed")[-1:]:
            self._answer(letter, OLGA, self._begin(), s1=True, way="reply", quoted="", words="salir")
        said, subject = self._begin(), self.model.marker()
        raw = self._mail(EVA, said, s1=False, to=SUPPORT, subject=f"Sobre {subject}")
        self._written(raw, EVA, said, s1=False, proof=Proof.NONE, subject=subject)

    def _opens_with(self, who: str, area: str, *cc: str) -> None:
        said, subject = self._begin(), self.model.marker()
        raw = self._mail(who, said, s1=True, to=area, cc=list(cc), subject=f"Sobre {subject}")
        self._written(raw, who, said, s1=True, proof=Proof.NONE, cc=list(cc), subject=subject)

    # --- what people write --------------------------------------------------------------------------------------------

    @rule(
        who=st.sampled_from(EVERYBODY),
        s1=PROVEN_OFTEN,
        cc=st.lists(st.sampled_from(EVERYBODY), max_size=2, unique=True),
        area=st.sampled_from([SUPPORT, BILLING]),
        file=st.booleans(),
    )
    def a_first_mail(self, who: str, s1: bool, cc: list[str], area: str, file: bool) -> None:
        said, subject = self._begin(), self.model.marker()
        raw = self._mail(who, said, s1=s1, to=area, cc=cc, subject=f"Sobre {subject}", file=file)
        self._written(raw, who, said, s1=s1, proof=Proof.NONE, cc=cc, subject=subject)

    @precondition(lambda self: self.world.letters())
    @rule(
        data=st.data(),
        s1=PROVEN_OFTEN,
        to_customers=st.booleans(),
        by_another=st.sampled_from([None, None, None, None, None, *EVERYBODY]),
        way=st.sampled_from(["reply", "reply", "reply", "all", "id", "subject"]),
        quoted=st.sampled_from(["", "gmail", "outlook", "bare"]),
        cc=st.lists(st.sampled_from(EVERYBODY), max_size=2, unique=True),
        file=st.booleans(),
    )
    def an_answer(
        self,
        data: st.DataObject,
        to_customers: bool,
        s1: bool,
        by_another: str | None,
        way: str,
        quoted: str,
        cc: list[str],
        file: bool,
    ) -> None:
        """Somebody answers a letter: its reader, or somebody whom it was forwarded to, or who forges its reader."""
        letters = [one for one in self.world.letters() if one.to_address in CUSTOMERS or not to_customers]
        letter = data.draw(st.sampled_from(letters[-12:]), label="letter")
        who = by_another or letter.to_address
        said = self._begin()
        self._answer(letter, who, said, s1=s1, way=way, quoted=quoted, cc=cc, file=file)

    @precondition(lambda self: self.known_mails)
    @rule(data=st.data(), who=st.sampled_from(EVERYBODY), s1=PROVEN_OFTEN)
    def an_answer_to_a_mail(self, data: st.DataObject, who: str, s1: bool) -> None:
        """All that shows which ticket is meant is the Message-ID of somebody's mail."""
        message_id, number = data.draw(st.sampled_from(self.known_mails[-8:]))
        said = self._begin()
        raw = self._mail(who, said, s1=s1, to=SUPPORT, subject="Re: asunto", in_reply_to=message_id)
        self._written(raw, who, said, s1=s1, proof=Proof.ID, named=number)

    @precondition(lambda self: self._alerts())
    @rule(
        data=st.data(),
        s1=PROVEN_OFTEN,
        command=st.sampled_from(
            ["#nota", "#resuelto", "#esperar", "#tomar", "#participante +{customer}", "#participante -{customer}",
             "#consultar {expert}", "#cerrar", "#reabrir", "#asignar {staff}", "#ver"]
        ),
        customer=st.sampled_from(CUSTOMERS),
        staff=st.sampled_from([LUIS, MARTA]),
        quoted=st.sampled_from(["", "gmail", "outlook", "bare"]),
        by_another=st.sampled_from([None, None, None, *EVERYBODY]),
    )  # fmt: skip
    def a_command(
        self,
        data: st.DataObject,
        s1: bool,
        command: str,
        customer: str,
        staff: str,
        quoted: str,
        by_another: str | None,
    ) -> None:
        letter = data.draw(st.sampled_from(self._alerts()[-8:]), label="letter")
        said = self._begin()
        line = command.format(customer=customer, expert=EXPERT, staff=staff)
        who = by_another or letter.to_address
        self._answer(letter, who, said, s1=s1, way="reply", quoted=quoted, command=line)

    @precondition(lambda self: self.world.letters())
    @rule(
        data=st.data(),
        s1=PROVEN_OFTEN,
        words=st.sampled_from(["estado", "no más avisos", "sí", "no, sigue mal", "salir"]),
    )
    def a_clear_word(self, data: st.DataObject, s1: bool, words: str) -> None:
        """No marker is in it: what it makes the desk write is looked at all the same."""
        letter = data.draw(st.sampled_from(self.world.letters()[-8:]), label="letter")
        said = self._begin()
        self._answer(letter, letter.to_address, said, s1=s1, way="reply", quoted="", words=words)

    @precondition(lambda self: AT_HOME not in self.model.joined)
    @rule()
    def ana_joins_her_other_address(self) -> None:
        self._begin()
        self.world.receive(mail(from_=ANA, subject="", text=f"agregar mi dirección {AT_HOME}", s1=True))
        self.world.receive(reply_to(self.world.letters(to=AT_HOME)[-1], "Sí"))
        assert self.world.person(AT_HOME).id == self.world.person(ANA).id
        self.model.joined[AT_HOME] = ANA
        self._look()

    # --- what the desk does -------------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.cases)
    @rule(
        data=st.data(),
        by=st.sampled_from([*STAFF]),
        action=st.sampled_from(["note", "reply", "reply", "take", "wait", "solve", "close", "reopen", "assign"]),
    )
    def at_the_desk(self, data: st.DataObject, by: str, action: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.model.cases)), label="ticket")
        said = self._begin()
        given = {"owner": LUIS} if action == "assign" else {}
        done = self.world.act(number, action, by=by, text=f"Texto {said}.", **given)
        if not isinstance(done, Refused):
            kind = Kind.DESK if action in ("note", "take", "assign", "reopen") else Kind.PUBLIC
            self.model.write(Text(said, number, by, self.model.step, kind, proven=True))
        self._look()

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data(), to=st.sampled_from(["support", "billing"]))
    def it_moves_to_another_area(self, data: st.DataObject, to: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.model.cases)), label="ticket")
        self._begin()
        self.world.act(number, "classify", by=MARTA if self._stand(number).area == "support" else NORA, area=to)
        self._look()

    @precondition(lambda self: len(self.model.cases) > 1)
    @rule(data=st.data())
    def two_become_one(self, data: st.DataObject) -> None:
        numbers = sorted(self.model.cases)
        gone, stays = data.draw(st.sampled_from(numbers)), data.draw(st.sampled_from(numbers))
        self._begin()
        done = self.world.act(gone, "merge", by=MARTA, to=str(stays))
        if not isinstance(done, Refused):
            assert self.model.cases[gone].requester == self.model.cases[stays].requester
            self.model.merged[gone] = stays
        self._look()

    @rule(hours=st.sampled_from([1, 30, 120]))
    def time_passes(self, hours: int) -> None:
        self._begin()
        self.world.later(hours=hours)
        while fire_due(self.world.office, now=self.world.now):
            pass
        self._look()

    # --- how it is written --------------------------------------------------------------------------------------------

    def _begin(self) -> str:
        self.model.step += 1
        self.world.later(minutes=11)
        self.stood = {row.id: self._stand(row.id) for row in self.world.tickets()}
        return self.model.marker()

    def _stand(self, number: int) -> Stand:
        row = self.world.ticket(number)
        return Stand(row.area, row.owner_id, row.state, row.verified)

    def _mail(self, who: str, said: str, *, s1: bool, file: bool = False, command: str = "", **fields: Any) -> bytes:
        cc = ", ".join(fields.pop("cc", ()))
        text = fields.pop("words", "") or (f"{command}\n{_words(said)}" if command else _words(said))
        files = [(f"{said}.txt", f"contenido {said}".encode())] if file else []
        quote = fields.pop("quote", "")
        named = self._message_id()
        return mail(from_=who, cc=cc, text=text + quote, s1=s1, files=files, message_id=named, **fields)

    def _message_id(self) -> str:
        return f"<step-{self.model.step}@mail.example>"

    def _answer(
        self,
        letter: Any,
        who: str,
        said: str,
        *,
        s1: bool,
        way: str,
        quoted: str,
        cc: list[str] | None = None,
        file: bool = False,
        command: str = "",
        words: str = "",
    ) -> None:
        fields = dict(letter.headers)
        to = fields.get("Reply-To", fields["From"])
        cc = cc or []
        own = self.model.reader(who) == self.model.reader(letter.to_address)
        quote = _quote(letter, quoted)
        answer: dict[str, Any] = {"to": to, "subject": f"Re: {_bare(letter.subject)}", "in_reply_to": letter.message_id}
        answer["references"] = f"{fields.get('References', '')} {letter.message_id}".strip()
        # The token of a letter that asks to confirm something names no ticket: its Message-ID does.
        others = Proof.OTHER if self._purpose(letter) in (Purpose.REPLY, Purpose.ACCOUNT, Purpose.COMMAND) else Proof.ID
        proof = Proof.OWN if own else others
        if way == "all":
            cc = [*dict.fromkeys([*cc, *(one.strip() for one in fields.get("Cc", "").split(",") if one.strip())])]
        elif way == "id":
            answer["to"] = SUPPORT
            proof = Proof.OWN if own else Proof.ID
        elif way == "subject":
            answer |= {"to": SUPPORT, "in_reply_to": "", "references": "", "subject": f"[#{letter.ticket_id}] x"}
            proof = Proof.SUBJECT
        raw = self._mail(who, said, s1=s1, cc=cc, file=file, quote=quote, command=command, words=words, **answer)
        named = letter.ticket_id
        self._written(
            raw, who, said, s1=s1, proof=proof, named=named, cc=cc, letter=letter, command=command, quote=quote
        )
        if words == "salir" and named in self.model.cases and proof is Proof.OWN:
            self.model.cases[named].let_go(self.model.reader(who), self.model.step)

    def _written(
        self,
        raw: bytes,
        who: str,
        said: str,
        *,
        s1: bool,
        proof: Proof,
        named: int | None = None,
        cc: list[str] | None = None,
        subject: str = "",
        letter: Any = None,
        command: str = "",
        quote: str = "",
    ) -> None:
        """The mail is judged by the gateway; what it is, and for whom, by the model."""
        model, reader = self.model, self.model.reader(who)
        pending = self._pending(who)
        confirms = (
            letter is not None
            and pending
            and proof is Proof.OWN
            and letter.letter in ("receipt_new", "confirm_reminder")
        )
        row = self.world.receive(raw)
        self.world.work_through()
        number = row.ticket_id
        if number is None:
            self._look()
            return
        new = number not in model.cases
        if new:
            model.cases[number] = Case(reader)
        text = Text(said, number, reader, model.step, Kind.DESK, proven=s1 or confirms)
        relation = "requester"
        if not new:
            staff = self._works_there(who, number)
            relation = model.relation(number, reader, staff=staff, colleague=self._looks_after(reader, number))
        if new:
            # A ticket of one's own: proven or not, it is for its requester and the desk.
            text.kind = Kind.PUBLIC if text.proven else Kind.DESK
        elif text.proven:
            text.kind = PROVEN.get((relation, Proof.OWN if confirms else proof), Kind.DESK)
        if relation == "agent" and letter is not None and self._confirms_notes(letter, reader, proof):
            self._notes_go_out(number, reader)
            text.kind = Kind.DESK
        trusted = relation in ("agent", "requester") and s1 and proof is Proof.OWN and reader in STAFF
        if command and reader in STAFF:
            text.kind = Kind.DESK
            if trusted:
                self._commanded(command, text, number)
        model.write(text)
        model.quoted(quote, number)
        if subject:
            model.write(Text(subject, number, reader, model.step, Kind.PUBLIC, proven=text.proven, subject=True))
        lets_in = (relation == "requester" and text.proven and s1) or (relation == "agent" and text.kind is Kind.PUBLIC)
        if lets_in and not command:
            for address in map(model.reader, cc or ()):
                if not model.cases[number].ever_took_part(address) and address not in STAFF:
                    model.cases[number].let_in(address, model.step)
        self.known_mails.append((self._message_id(), number))
        self._look()

    def _commanded(self, command: str, text: Text, number: int) -> None:
        word, _, value = command.partition(" ")
        case, address = self.model.cases[number], self.model.reader(value.strip("+-"))
        match word:
            case "#participante" if value.startswith("+"):
                text.kind = Kind.PUBLIC
                # Who is not known has to be let in by a code, which nobody brings here.
                if not self._pending(value[1:]) and address not in case.consulted and address != case.requester:
                    case.let_in(address, self.model.step - 0.5)
            case "#participante":
                text.kind = Kind.PUBLIC
                case.let_go(address, self.model.step - 0.5)
            case "#consultar":
                text.besides = frozenset({address})
                if not case.takes_part(address, self.model.step):
                    case.consulted.add(address)
            case "#nota" | "#asignar":
                pass
            case _:
                text.kind = Kind.PUBLIC

    def _confirms_notes(self, letter: Any, reader: str, proof: Proof) -> bool:
        """Whether it answers the letter that asks its author to confirm what they wrote."""
        asks = self._purpose(letter) is Purpose.CONFIRM
        return asks and proof is Proof.OWN and reader == self.model.reader(letter.to_address)

    def _purpose(self, letter: Any) -> Purpose | None:
        """What the token is for that an answer to this letter brings back."""
        token = token_of_address(dict(letter.headers).get("Reply-To", ""))
        claim = self.world.office.rules.tokens.read(token, today=self.world.now.date())
        return None if claim is None else claim.purpose

    def _looks_after(self, reader: str, number: int) -> bool:
        """Whether they see the ticket for their organisation, as it was before this step or is now."""
        ours = reader == OLGA and self.model.cases[number].requester in (ANA, BRUNO)
        stood = self.stood.get(number)
        return ours and ((stood is not None and stood.sure) or self._stand(number).sure)

    def _works_there(self, address: str, number: int) -> bool:
        """Whether they had a role in the ticket's area before this step: what the state shows them is another thing."""
        stood = self.stood.get(number)
        return address in STAFF and stood is not None and stood.area in STAFF[address]

    def _notes_go_out(self, number: int, author: str) -> None:
        for text in self.model.texts.values():
            if text.ticket == number and text.author == author and not text.besides:
                text.kind, text.at = Kind.PUBLIC, self.model.step

    # --- what everybody got -------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Every new letter, with all that is in it: no marker of a text that its reader may not have."""
        letters = self.world.letters()
        for letter in letters[self.seen :]:
            files = self.world.files_of(letter)
            inside = [self.world.office.blobs.get(one.sha256).decode("utf-8", "replace") for one in files]
            names = [one.name for one in files]
            for marker in markers_in(letter.subject, letter.text, letter.html, str(letter.headers), *names, *inside):
                text = self.model.texts[marker]
                assert self._may(text, letter), (
                    f"{letter.letter} to {letter.to_address} about #{letter.ticket_id} has {text}; "
                    f"{self.model.cases[text.ticket]}"
                )
        self.seen = len(letters)

    def _may(self, text: Text, letter: Any) -> bool:
        reader = self.model.reader(letter.to_address)
        tickets = [text.ticket, *text.quoted_in]
        for one in tickets:
            if one in self.model.merged and self.model.merged[one] not in tickets:
                tickets.append(self.model.merged[one])
        staff = any(self._works_at(letter.to_address, one, before=when) for one in tickets for when in (True, False))
        now = self._stand(text.ticket)
        if text.subject and letter.letter == "my_tickets" and self._looks_after(reader, text.ticket):
            return True
        return self.model.may_read(
            text, reader, letter=letter.letter, pending=self._pending(letter.to_address), staff=staff, sure=now.sure
        )

    def _works_at(self, address: str, number: int, *, before: bool) -> bool:
        """Whether they work at the ticket's desk and may see it there, before this step or after it."""
        if address not in STAFF:
            return False
        stood = self.stood.get(number) if before else self._stand(number)
        if stood is None:
            return False
        if stood.owner == self.world.person(address).id:
            return True
        workflow = self.world.office.rules.desk.areas[stood.area].workflow
        return stood.area in STAFF[address] and workflow.visible(stood.state, frozenset({ROLES[address]}))

    def _alerts(self) -> list[Any]:
        return [one for one in self.world.letters() if one.letter == "alert" and one.ticket_id is not None]

    def _pending(self, address: str) -> bool:
        rows = self.world.rows(person_table, person_table.c.state == "active")
        try:
            return self.world.person(address).id not in {row.id for row in rows}
        except AssertionError:
            return True


def _words(said: str) -> str:
    """Texts that are not nearly equal, so that none is taken for the same again."""
    return f"Hola: {said}. {' '.join(said[7:][::-1])} {said[-1] * 3}{said[-2] * 4}"


def _bare(subject: str) -> str:
    """A subject in which its author writes nothing that is another's."""
    return MARKER.sub("asunto", subject)


def _quote(letter: Any, how: str) -> str:
    lines = letter.text.splitlines()
    quoted = "\n".join(f"> {line}" for line in lines)
    match how:
        case "gmail":
            return f"\n\nEl lun, 23 nov 2026 a las 12:00, Mesa de ayuda (<{SUPPORT}>) escribió:\n\n{quoted}\n"
        case "outlook":
            head = f"De: Mesa de ayuda <{SUPPORT}>\nEnviado: lunes, 23 de noviembre de 2026 12:00\n"
            return f"\n\n________________________________\n{head}Para: x\nAsunto: {letter.subject}\n\n" + "\n".join(
                lines
            )
        case "bare":
            return f"\n\n{quoted}\n"
        case _:
            return ""


def _played(examples: int, *, steps: int, always_the_same: bool) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=always_the_same,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


class TestVisibility(EverythingThatIsWritten.TestCase):
    pytestmark = pytest.mark.timeout(300)
    settings = _played(20, steps=15, always_the_same=True)


class TestVisibilityForLong(EverythingThatIsWritten.TestCase):
    """Other sequences at each run, and longer ones."""

    pytestmark = pytest.mark.soak
    settings = _played(400, steps=40, always_the_same=False)
