"""The page that a letter's link opens, as a client sees it that means no good: it is one ticket's, of one person."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from gateway.work import sessions
from gateway.work.own_actions import PRESSES_PER_HOUR
from tests.request_desk import APPROVAL, PLAIN, VALIDATION, RequestDesk, request_desk
from tests.web_client import Client
from tests.web_desk import now

ANA, ZOE = "ana@x.test", "zoe@x.test"
pytestmark = pytest.mark.xdist_group("web_request_safety")


@pytest.fixture(scope="module")
def desk() -> Iterator[RequestDesk]:
    with request_desk() as found:
        yield found


@pytest.fixture
def client(desk: RequestDesk) -> Client:
    return Client(desk.url)


@pytest.fixture
def waiting(desk: RequestDesk) -> int:
    """A ticket of Ana's whose closing she is asked to approve."""
    return desk.awaiting_approval(ANA)


def opens(client: Client, path: str) -> str:
    """A browser goes where the link leads."""
    client.get(path)
    return client.get(client.headers["location"], Accept_Language="es")


def presses(client: Client, number: int, button: str, **fields: str) -> int:
    client.post(f"/request/{number}/{button}", form_token=client.form_token, **fields)
    return client.status


def test_the_token_leaves_the_address_and_stands_in_no_page_and_no_log(
    desk: RequestDesk, client: Client, waiting: int
) -> None:
    path = desk.path(ANA, waiting)
    token = path.rsplit("/", 1)[1]
    client.get(path)

    assert (client.status, client.headers["location"]) == (303, f"/request/{waiting}")
    (cookie,) = client.set
    assert f"Path=/request/{waiting};" in f"{cookie};"
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = client.get(f"/request/{waiting}")
    assert client.headers["referrer-policy"] == "no-referrer"
    assert client.headers["cache-control"] == "no-store"
    assert client.headers["x-robots-tag"] == "noindex, nofollow"
    assert token not in page + str(client.headers) + cookie
    assert token not in desk.web.daemon.log_file.read_text()


def test_a_forged_an_expired_and_anothers_link_say_kindly_what_to_do(
    desk: RequestDesk, client: Client, waiting: int
) -> None:
    good = desk.path(ANA, waiting)
    forged = f"{good[:-2]}{'AA' if good[-2:] != 'AA' else 'BB'}"
    others = desk.path(ZOE, waiting) if desk.ticket(ZOE, PLAIN) else ""
    confirm = desk.web.link(ANA, "abcdefghij").removeprefix(desk.url).replace("/confirm/", "/request/")
    old = desk.link(ANA, waiting, at=now() - timedelta(days=90, minutes=1)).removeprefix(desk.url)
    still = desk.link(ANA, waiting, at=now() - timedelta(days=89)).removeprefix(desk.url)

    for path in (forged, confirm, old, "/request/nothing", "/request/" + "x" * 5000):
        assert "Este enlace ya no abre la página" in opens(Client(desk.url), path), path
    assert "La impresora" not in opens(client, others)
    assert client.status == 404
    assert "Cambiamos el tóner" in opens(client, still)
    assert "responda a ese correo" in Client(desk.url).get("/request", Accept_Language="es")


def test_what_opened_one_ticket_opens_no_other_and_no_list(desk: RequestDesk, client: Client, waiting: int) -> None:
    other = desk.awaiting_approval(ANA, subject="Otra de Ana")
    opens(client, desk.path(ANA, waiting))
    token = client.form_token

    assert "Otra de Ana" not in client.get(f"/request/{other}")
    assert client.status == 410
    client.post(f"/request/{other}/approve", form_token=token)
    assert client.status == 410
    for path in ("/tickets", f"/tickets/{waiting}", "/tickets/new"):
        client.get(path)
        assert (client.status, client.headers["location"]) == (303, "/sign-in")
    assert desk.state(other) == "approval"


def test_only_the_public_messages_and_their_files_are_there(desk: RequestDesk, client: Client, waiting: int) -> None:
    theirs = desk.ticket(ZOE, PLAIN)
    boundary = (
        b'--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n%s\r\n'
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="plan.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nsecret of Zoe\r\n--b--\r\n"
    )
    zoe = Client(desk.url)
    opens(zoe, desk.path(ZOE, theirs))
    body = boundary % zoe.form_token.encode()
    zoe.ask("POST", f"/request/{theirs}", body, Content_Type="multipart/form-data; boundary=b")
    (file,) = re.findall(rf"/request/{theirs}/files/(\d+)", zoe.get(zoe.headers["location"]))
    desk.does(waiting, "note", text="Cliente impaciente.")

    assert zoe.get(f"/request/{theirs}/files/{file}") == "secret of Zoe"
    assert "impaciente" not in opens(client, desk.path(ANA, waiting))
    for path in (f"/request/{waiting}/files/{file}", f"/request/{theirs}/files/{file}"):
        assert "secret" not in client.get(path)
        assert client.status in (404, 410)


def test_a_button_from_elsewhere_does_nothing(desk: RequestDesk, client: Client, waiting: int) -> None:
    opens(client, desk.path(ANA, waiting))
    token = client.form_token
    client.post(f"/request/{waiting}/approve")
    without = client.status
    stranger = Client(desk.url)
    stranger.get("/sign-in")
    stranger.post(f"/request/{waiting}/approve", form_token=stranger.form_token)
    body = f"form_token={token}".encode()
    kind = "application/x-www-form-urlencoded"
    client.ask("POST", f"/request/{waiting}/approve", body, Content_Type=kind, Sec_Fetch_Site="cross-site")

    assert (without, stranger.status, client.status) == (403, 410, 403)
    for method in ("GET", "HEAD", "PUT"):
        client.ask(method, f"/request/{waiting}/approve")
        assert client.status >= 400
    assert desk.state(waiting) == "approval"


def test_a_button_that_is_pressed_twice_says_that_it_is_done(desk: RequestDesk, client: Client, waiting: int) -> None:
    opens(client, desk.path(ANA, waiting))
    token = client.form_token
    first = presses(client, waiting, "approve")
    client.post(f"/request/{waiting}/approve", form_token=token)

    assert (first, client.status) == (303, 409)
    assert "Eso ya se hizo o ya no es posible" in client.text
    assert desk.events(waiting).count("approve") == 1


def test_an_approval_that_leaves_the_ticket_open_is_given_once(desk: RequestDesk, client: Client) -> None:
    number = desk.ticket(ANA, VALIDATION)
    desk.does(number, "take")
    desk.does(number, "solve", text="Instale la versión 7.4.")
    opens(client, desk.path(ANA, number))
    token = client.form_token
    first = presses(client, number, "approve")
    page = client.get(client.headers["location"], Accept_Language="es")
    client.post(f"/request/{number}/approve", form_token=token)

    assert (first, client.status) == (303, 409)
    assert "Usted nos dijo que quedó resuelta" in page
    assert f'action="/request/{number}/approve"' not in page
    assert desk.events(number).count("approve") == 1


def test_who_works_at_the_desk_too_speaks_here_as_the_requester(desk: RequestDesk, client: Client) -> None:
    address = "sonia@x.test"
    desk.known(address, role="supervisor")
    number = desk.awaiting_approval(address)
    opens(client, desk.path(address, number))
    presses(client, number, "refuse", refusal="A mí también me falla.")
    (last,) = desk.web.installation.ticket(number)["messages"][-1:]

    assert (last["kind"], last["public"], last["text"]) == ("mail", True, "A mí también me falla.")
    assert desk.origins(number) == ["mail", "mail", "web"]


def test_what_is_missing_is_said_beside_it_and_nothing_is_done(desk: RequestDesk, client: Client, waiting: int) -> None:
    finished = desk.finished(ANA)
    opens(client, desk.path(ANA, waiting))
    refused = presses(client, waiting, "refuse", refusal="  \n ")
    said = client.text
    opens(client, desk.path(ANA, finished))
    unscored = presses(client, finished, "survey", comment="Todo bien.", **{"question-speed": "Sí"})
    survey = client.text
    beyond = presses(client, finished, "survey", score="6")

    assert (refused, unscored, beyond) == (422, 422, 422)
    assert 'id="refusal-wrong"' in said
    assert 'id="score-wrong"' in survey
    assert "Todo bien.</textarea>" in survey
    assert 'value="Sí"' in survey
    assert desk.answered(finished) == []
    assert desk.state(waiting) == "approval"


def test_a_button_that_is_not_offered_is_refused_in_words(desk: RequestDesk, client: Client) -> None:
    """Whatever the person is besides: here a supervisor, who could close it as such."""
    address = "jefa@x.test"
    desk.known(address, role="supervisor")
    number = desk.ticket(address, APPROVAL)
    opens(client, desk.path(address, number))
    refused = [presses(client, number, button) for button in ("close", "approve", "nothing")]

    assert refused == [409, 409, 404]
    assert desk.state(number) == "created"
    desk.does(number, "close", by=address, text="Era una prueba.")


@pytest.mark.parametrize("state", ["inactive", "blocked", "pending"])
def test_the_link_of_somebody_whose_account_is_not_active_does_nothing(
    desk: RequestDesk, client: Client, state: str
) -> None:
    address = f"{state}@x.test"
    number = desk.awaiting_approval(address)
    opens(client, desk.path(address, number))
    token = client.form_token
    desk.known(address, state=state)
    client.post(f"/request/{number}/approve", form_token=token)
    pressed = client.status
    page = opens(client, desk.path(address, number))

    assert (pressed, client.status) == (403, 403)
    assert "Su cuenta no está activa" in page
    assert "Cambiamos el tóner" not in page
    assert desk.state(number) == "approval"


def test_buttons_are_pressed_so_often_and_no_more(desk: RequestDesk, client: Client) -> None:
    address = "often@x.test"
    number = desk.ticket(address, PLAIN)
    opens(client, desk.path(address, number))
    token = client.form_token
    for turn in range(PRESSES_PER_HOUR):
        client.post(f"/request/{number}/notices", form_token=token, stop="no" if turn % 2 else "yes")
        assert client.status == 303
    client.post(f"/request/{number}/notices", form_token=token, stop="yes")

    assert client.status == 429
    assert "Espere una hora" in client.text


def test_the_same_buttons_are_there_for_who_is_signed_in(desk: RequestDesk, client: Client, waiting: int) -> None:
    office = desk.web.installation.office
    client.cookies["desk_session"] = sessions.sign_in(office, desk.web.person(ANA).id, now=now())
    client.get(f"/tickets/{waiting}")
    client.post(f"/tickets/{waiting}/approve", form_token=client.form_token)

    assert (client.status, client.headers["location"]) == (303, f"/tickets/{waiting}?approved=1")
    assert "/request/" not in client.get(client.headers["location"])
    assert desk.state(waiting) == "closed"


def test_what_is_written_in_a_form_is_shown_as_text(desk: RequestDesk, client: Client, waiting: int) -> None:
    opens(client, desk.path(ANA, waiting))
    presses(client, waiting, "refuse", refusal="<script>alert(1)</script>\r\nBcc: todos@x.test")
    page = client.get(client.headers["location"])

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nBcc: todos@x.test" in page
    assert desk.state(waiting) == "process"


def test_the_page_is_in_the_requesters_language_and_zone(desk: RequestDesk, client: Client) -> None:
    number = desk.ticket("rita@x.test", APPROVAL)
    desk.known("rita@x.test", language="pt")
    page = opens(client, desk.path("rita@x.test", number))

    assert 'lang="pt"' in page
    assert "Recebemos sua solicitação" in page
