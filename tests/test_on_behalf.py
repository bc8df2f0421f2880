"""Reply-To is never identity, with two exceptions that settings name: contact forms, and lists of our own (RULES 3)."""

from typing import Any

import pytest

from gateway.settings import ContactForm, MailingList
from tests.world import ANA, BILLING, EVA, LUIS, SUPPORT, World, mail

FORM = "web@site.example"
LIST = "support@lists.example"


@pytest.fixture
def forms(world: World) -> World:
    world.open_with(contact_form=[ContactForm(sender="Web@Site.example")])
    return world


@pytest.fixture
def lists(world: World) -> World:
    world.open_with(mailing_list=[MailingList(address=LIST)])
    return world


def form_mail(**changes: Any) -> bytes:
    headers = {"Reply-To": f"Eva Sol <{EVA}>", **changes.pop("headers", {})}
    return mail(**{"from_": f"Web <{FORM}>", "s1": True, "headers": headers, **changes})


def list_mail(**changes: Any) -> bytes:
    """As a Google Group rewrites what comes from a domain with a strict DMARC policy."""
    headers = {
        "List-Id": "<support.lists.example>",
        "List-Post": f"<mailto:{LIST}>",
        "Precedence": "list",
        "X-Original-From": f"Eva Sol <{EVA}>",
        **changes.pop("headers", {}),
    }
    fields = {"from_": f"'Eva Sol' via Support <{LIST}>", "to": LIST, "s1": True, "headers": headers, **changes}
    return mail(**{**fields, "headers": {name: value for name, value in headers.items() if value}})


def requester(world: World, found: Any) -> str:
    return str(world.ticket(found.ticket_id).requester_address)


def test_reply_to_is_not_identity_where_no_setting_says_so(world: World) -> None:
    found = world.receive(mail(headers={"Reply-To": f"Eva <{EVA}>"}, s1=True))

    assert (found.sender, requester(world, found)) == (ANA, ANA)
    assert {one.to_address for one in world.letters() if one.to_address in (ANA, EVA)} == {ANA}


# --- contact forms ---------------------------------------------------------------------------------------------------


def test_a_form_s_mail_stands_for_who_filled_it_in_and_they_are_answered(forms: World) -> None:
    found = forms.receive(form_mail())

    assert (found.sender, requester(forms, found)) == (EVA, EVA)
    assert forms.letters(to=EVA)
    assert not forms.letters(to=FORM)


def test_who_filled_in_a_form_is_not_proven_by_that(forms: World) -> None:
    found = forms.receive(form_mail(headers={"Reply-To": LUIS}))

    assert found.facts["level"] == "S0"
    assert found.facts["level_by"] == f"whom the contact form of {FORM} names"


def test_an_agents_name_in_a_form_does_nothing_to_a_ticket_of_somebody_else(forms: World) -> None:
    number = forms.ticket_of(ANA)
    found = forms.receive(
        form_mail(to=forms.reply_address(number, LUIS), headers={"Reply-To": LUIS}, text="Ya está, ciérrelo.")
    )

    assert found.reasons == ["agent, own token, S0"]
    assert not forms.messages(number)[-1].public
    assert not [one for one in forms.letters(to=ANA) if "ciérrelo" in str(one.text)]


def test_a_form_that_is_not_proven_stands_for_nobody(forms: World) -> None:
    found = forms.receive(form_mail(s1=False))

    assert found.sender == FORM
    assert found.facts["level_by"].startswith("a contact form's address that is not proven")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-generated"},
        {"Precedence": "bulk", "List-Unsubscribe": "<https://site.example>"},
    ],
)
def test_a_forms_mail_is_a_persons_though_a_machine_sent_it(forms: World, headers: dict[str, str]) -> None:
    found = forms.receive(form_mail(headers=headers))

    assert (found.facts["kind"], found.facts["kind_by"]) == ("person", "a contact form of ours")
    assert forms.letters(to=EVA)


def test_an_automatic_reply_from_a_forms_address_is_still_one(forms: World) -> None:
    assert forms.receive(form_mail(headers={"Auto-Submitted": "auto-replied"})).verdict == "automatic"


@pytest.mark.parametrize("reply_to", [FORM, f"{EVA}, {ANA}", "nobody", f"Team: {EVA}, {ANA};"])
def test_a_form_that_names_no_one_requester_is_kept_for_nobody_and_not_answered(forms: World, reply_to: str) -> None:
    found = forms.receive(form_mail(headers={"Reply-To": reply_to}))

    assert (found.verdict, found.sender) == ("ticket", "")
    assert found.facts["sender"] == "unidentified: the contact form names no one requester"
    assert not [one for one in forms.letters() if one.letter == "receipt"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"Nombre: Eva\nCorreo: {EVA}\n\nNo imprime.", EVA),
        (f"  CORREO:   Eva Sol <{EVA.upper()}>  \n", EVA),
        (f"Correo: {EVA}\nCorreo: {EVA}\n", EVA),
        (f"Correo: {EVA}\nCorreo: {ANA}\n", ""),
        (f"Mi correo: {EVA}\n", ""),
        (f"Correo: {EVA} {ANA}\n", ""),
        (f"Correo: {ANA} <{EVA}>\n", ""),
        ("Correo:\n", ""),
        ("Correo: " + "(" * 800 + EVA + "\n", ""),
        ("Correo: " + "a" * 5000 + "@x.example\n", ""),
        ("", ""),
    ],
)
def test_the_requester_can_stand_in_a_line_of_the_text(world: World, text: str, address: str) -> None:
    world.open_with(contact_form=[ContactForm(sender=FORM, requester="Correo:")])

    assert world.receive(form_mail(text=text, headers={"Reply-To": LUIS})).sender == address


# --- lists of our own ------------------------------------------------------------------------------------------------


def test_who_wrote_to_our_list_is_the_sender_unproven_and_answered(lists: World) -> None:
    found = lists.receive(list_mail(), to=[SUPPORT])

    assert (found.sender, requester(lists, found)) == (EVA, EVA)
    assert (found.facts["kind"], found.facts["level"]) == ("person", "S0")
    assert found.facts["level_by"] == f"whom the list {LIST} names"
    assert lists.letters(to=EVA)


def test_else_reply_to_says_who_wrote(lists: World) -> None:
    headers = {"X-Original-From": "", "Reply-To": f"{LIST}, Eva Sol <{EVA}>"}

    assert lists.receive(list_mail(headers=headers), to=[SUPPORT]).sender == EVA


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Original-From": "nobody"},
        {"X-Original-From": f"{ANA} <{EVA}>"},
        {"X-Original-From": ""},
        {"X-Original-From": "", "Reply-To": LIST},
        {"X-Original-From": "", "Reply-To": f"{EVA}, {ANA}"},
    ],
)
def test_a_list_that_names_no_author_leaves_the_sender_unidentified(lists: World, headers: dict[str, str]) -> None:
    found = lists.receive(list_mail(headers=headers), to=[SUPPORT])

    assert found.facts["sender"] == "unidentified: the list names no one author"
    assert not lists.letters(letter="receipt")


def test_a_member_whose_from_was_left_alone_keeps_it(lists: World) -> None:
    found = lists.receive(list_mail(from_=f"Ana <{ANA}>"), to=[SUPPORT])

    assert (found.sender, found.facts["level"], found.facts["kind"]) == (ANA, "S1", "person")


def test_a_mail_that_only_says_to_be_rewritten_by_our_list_keeps_its_from(lists: World) -> None:
    found = lists.receive(list_mail(headers={"List-Id": "<other.lists.example>", "List-Post": ""}), to=[SUPPORT])

    assert found.sender == LIST
    assert found.facts["kind"] == "list_or_bulk"


def test_x_original_from_means_nothing_in_a_mail_of_another(lists: World) -> None:
    assert lists.receive(mail(headers={"X-Original-From": EVA}, s1=True)).sender == ANA


def test_a_list_whose_own_address_is_forged_is_not_answered(lists: World) -> None:
    found = lists.receive(list_mail(s1=False, dmarc="fail"), to=[SUPPORT])

    assert found.facts["unanswered"] == "DMARC fails"


def test_another_list_is_still_bulk(lists: World) -> None:
    headers = {"List-Id": "<news.shop.example>", "Precedence": "list"}

    assert lists.receive(mail(headers=headers)).facts["kind"] == "list_or_bulk"


def test_a_list_may_have_an_id_that_does_not_follow_from_its_address(world: World) -> None:
    world.open_with(mailing_list=[MailingList(address=BILLING, list_id="Facturas.Example")])
    headers = {"List-Id": "Facturas <facturas.example>", "List-Post": ""}

    assert world.receive(list_mail(from_=BILLING, to=BILLING, headers=headers)).sender == EVA
