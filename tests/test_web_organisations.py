"""The pages of an organisation's agent, and the one that asks whether an address is somebody else's too."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from gateway.work import sessions
from gateway.work.organisations import organise
from tests.daemon_process import mail
from tests.request_desk import PLAIN, VALIDATION, RequestDesk, request_desk
from tests.waiting import wait_until
from tests.web_client import Client
from tests.web_desk import chromium, now

ANA, BRUNO, CARLA, ZOE = "ana@firm.test", "bruno@firm.test", "carla@firm.test", "zoe@x.test"
SECOND = "ana@home.test"
FIRM = "Firm"
pytestmark = pytest.mark.xdist_group("web_organisations")


@pytest.fixture(scope="module")
def desk() -> Iterator[RequestDesk]:
    with request_desk() as found:
        organise(found.web.installation.office, FIRM, domains=["firm.test"], now=now())
        found.known(ANA, name="Ana Pérez", organisation_agent=True)
        yield found


@pytest.fixture
def ana(desk: RequestDesk) -> Client:
    return signed_in(desk, ANA)


def proven(address: str) -> dict[str, str]:
    return {"Authentication-Results": f"mx.gw.test; dmarc=pass header.from={address.rpartition('@')[2]}"}


def ticket(desk: RequestDesk, address: str, workflow: str, **given: Any) -> int:
    """A proven ticket of a customer with an active account."""
    return desk.ticket(address, workflow, headers=proven(address) | given.pop("headers", {}), **given)


def signed_in(desk: RequestDesk, address: str) -> Client:
    client = Client(desk.url)
    desk.known(address)
    office = desk.web.installation.office
    client.cookies["desk_session"] = sessions.sign_in(office, desk.web.person(address).id, now=now())
    return client


def numbers_on(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'href="/organisation/(\d+)"', page)]


def wish_letter(desk: RequestDesk, wanted: str, *, by: str) -> str:
    """The link of the letter that asks whether `wanted` is theirs too, who ask for it by a mail."""
    desk.known(by)
    desk.web.daemon.judge(_wish(wanted, by), "default@gw.test", sender=by)

    def found() -> list[str]:
        letters = desk.web.installation.letters()
        texts = [one["text"] for one in letters if (one["to"], one["letter"]) == (wanted, "join_address")]
        return re.findall(rf"{re.escape(desk.url)}(/join/\S+)", "".join(texts[-1:]))

    return wait_until(found)[0]


def _wish(wanted: str, by: str) -> bytes:
    said = f"Agregar mi dirección {wanted}"
    return mail(said, said, from_=by, to="default@gw.test", headers=proven(by))


def _adds_a_file(client: Client, number: int) -> None:
    field = '--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    client.get(f"/tickets/{number}")
    body = field % ("form_token", "", client.form_token) + field % ("text", "", "Con archivo")
    body += field % ("files", '; filename="informe.txt"', "its content") + "--b--\r\n"
    client.ask("POST", f"/tickets/{number}", body.encode(), Content_Type="multipart/form-data; boundary=b")
    assert client.status == 303


def opens(client: Client, link: str) -> str:
    client.get(link)
    return client.get(client.headers["location"], Accept_Language="es")


# --- the requests of an organisation ----------------------------------------------------------------------------------


def test_an_agent_reads_a_colleagues_request_as_its_requester_does(desk: RequestDesk, ana: Client) -> None:
    number = ticket(desk, BRUNO, PLAIN, subject="El informe no abre", text="Dice: error 7")
    desk.does(number, "reply", text="¿Desde cuándo?", wait="yes")
    desk.does(number, "note", text="Cliente impaciente.")
    listed = ana.get("/organisation")

    assert "Solicitudes de mi organización" in listed
    assert numbers_on(listed) == [number]
    assert 'href="/organisation"' in ana.get("/tickets")
    page = ana.get(f"/organisation/{number}")
    assert ana.status == 200
    assert "error 7" in page
    assert "¿Desde cuándo?" in page
    assert "impaciente" not in page
    # Their colleague is waited for, and not they; the buttons are the colleague's.
    assert "Esperamos su respuesta" not in listed + page
    assert re.findall(r'action="[^"]*"', page) == ['action="/sign-out"', f'action="/organisation/{number}"']


def test_what_a_colleague_quotes_of_their_letters_opens_nothing(desk: RequestDesk, ana: Client) -> None:
    link = f"{desk.url}{desk.path(BRUNO, ticket(desk, BRUNO, PLAIN))}"
    quoting = f"Sigue sin abrir: {link}\n\nEl 23/11/26 a las 9:15, Mesa escribió:\n> Puede verla aquí:\n> {link}\n"
    number = ticket(desk, BRUNO, PLAIN, text=quoting)
    token = link.rpartition("/")[2]

    page = ana.get(f"/organisation/{number}")
    assert "Sigue sin abrir: …" in page
    assert token not in page
    assert "Puede verla" not in page
    assert signed_in(desk, BRUNO).get(f"/tickets/{number}").count(token) == 2


def test_they_add_to_it_under_their_own_name(desk: RequestDesk, ana: Client) -> None:
    number = ticket(desk, BRUNO, PLAIN)
    ana.fill(f"/organisation/{number}", text="También le pasa a Carla.", once="")

    assert (ana.status, ana.headers["location"]) == (303, f"/organisation/{number}?added=1")
    (said,) = [one for one in desk.web.installation.ticket(number)["messages"] if "Carla" in one["text"]]
    assert said["author"] == ANA
    assert "También le pasa a Carla." in ana.get(ana.headers["location"])
    # Its requester sees who wrote it.
    assert "Ana Pérez" in signed_in(desk, BRUNO).get(f"/tickets/{number}")


@pytest.mark.parametrize("button", ["approve", "close", "notices"])
def test_a_requesters_button_is_not_theirs_to_press(desk: RequestDesk, ana: Client, button: str) -> None:
    number = desk.awaiting_approval(BRUNO, headers=proven(BRUNO))
    ana.get(f"/organisation/{number}")
    token, state = ana.form_token, desk.state(number)
    for path in (f"/organisation/{number}/{button}", f"/tickets/{number}/{button}", f"/request/{number}/{button}"):
        ana.post(path, form_token=token, stop="yes")
        assert ana.status in (403, 404, 405, 410), path

    assert desk.state(number) == state


def test_the_files_are_theirs_to_read_where_the_request_is(desk: RequestDesk, ana: Client) -> None:
    number = ticket(desk, BRUNO, PLAIN)
    _adds_a_file(signed_in(desk, BRUNO), number)
    (path,) = re.findall(rf'href="(/organisation/{number}/files/\d+)"', ana.get(f"/organisation/{number}"))

    assert ana.get(path) == "its content"
    assert "attachment" in ana.headers["content-disposition"]
    ana.get(path.replace("organisation", "tickets"))
    assert ana.status == 404
    for other in (signed_in(desk, CARLA), Client(desk.url)):
        other.get(path)
        assert other.status in (303, 404)


def test_for_everybody_else_there_is_no_such_page(desk: RequestDesk, ana: Client) -> None:
    ours, foreign = ticket(desk, BRUNO, PLAIN), ticket(desk, ZOE, PLAIN)
    for client, path in (
        (signed_in(desk, CARLA), "/organisation"),
        (signed_in(desk, CARLA), f"/organisation/{ours}"),
        (signed_in(desk, ZOE), f"/organisation/{ours}"),
        (ana, f"/organisation/{foreign}"),
        (ana, f"/tickets/{ours}"),
    ):
        page = client.get(path)
        assert client.status == 404, path
        assert "error" not in page
    stranger = Client(desk.url)
    stranger.get(f"/organisation/{ours}")
    assert (stranger.status, stranger.headers["location"]) == (303, "/sign-in")


def test_what_only_claims_the_domain_is_not_among_them(desk: RequestDesk, ana: Client) -> None:
    forged = ticket(desk, BRUNO, PLAIN, subject="Cambien mi clave", headers={"Authentication-Results": "x"})
    stranger = desk.web.writes("jefe@firm.test", area="default@gw.test", subject="Transfieran", headers={
        "Authentication-Results": "x"
    })  # fmt: skip

    listed = ana.get("/organisation")
    assert not {forged, stranger} & set(numbers_on(listed))
    for number in (forged, stranger):
        ana.get(f"/organisation/{number}")
        assert ana.status == 404


def test_who_is_no_agent_any_more_sees_nothing_in_the_same_session(desk: RequestDesk) -> None:
    number = ticket(desk, BRUNO, PLAIN)
    desk.known(CARLA, organisation_agent=True)
    carla = signed_in(desk, CARLA)
    assert number in numbers_on(carla.get("/organisation"))
    desk.known(CARLA, organisation_agent=False)

    for path in ("/organisation", f"/organisation/{number}"):
        carla.get(path)
        assert carla.status == 404
    assert 'href="/organisation"' not in carla.get("/tickets")


def test_the_pages_fit_a_phone(desk: RequestDesk, ana: Client) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    number = ticket(desk, BRUNO, VALIDATION, subject=long)
    link = wish_letter(desk, f"{long[:60].lower()}@home.test".replace("ä", "ae"), by=ZOE)
    with chromium() as browser:
        context = browser.new_context(locale="es-CO", viewport={"width": 360, "height": 740}, is_mobile=True)
        context.add_cookies([{"name": "desk_session", "value": ana.cookies["desk_session"], "url": desk.url}])
        page = context.new_page()
        for path in ("/organisation", f"/organisation/{number}", link):
            page.goto(desk.url + path)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} pixels wider than the screen"
        expect(page.get_by_role("button", name="Sí, las dos son mías")).to_be_visible()
        context.close()


# --- two addresses of one person --------------------------------------------------------------------------------------


def test_the_button_of_the_second_addresss_page_makes_it_theirs(desk: RequestDesk) -> None:
    hers = ticket(desk, ZOE, PLAIN, subject="De la primera")
    link = wish_letter(desk, "zoe@home.test", by=ZOE)
    client = Client(desk.url)
    desk.all_sent()
    before = desk.web.rows()
    page = opens(client, link)

    assert (client.status, link.rsplit("/", 1)[1] in page) == (200, False)
    assert ZOE in page
    assert "zoe@home.test" in page
    assert "De la primera" not in page
    # Looking changes nothing, however often.
    opens(client, link)
    assert {name for name, rows in desk.web.rows().items() if rows != before[name]} == set()

    client.post("/join", form_token=client.form_token, answer="yes")
    assert client.status == 200
    assert "Las dos direcciones son ahora de la misma persona" in client.text
    assert desk.web.person("zoe@home.test").id == desk.web.person(ZOE).id
    assert hers in desk.tickets_of("zoe@home.test")
    # Whoever holds the link reads nothing with it, before and after.
    client.get("/tickets")
    assert client.headers["location"] == "/sign-in"
    opens(Client(desk.url), link)
    assert "ya no sirve" in opens(client, link)


def test_a_no_on_the_page_ends_it(desk: RequestDesk) -> None:
    link = wish_letter(desk, "no@home.test", by=ANA)
    client = Client(desk.url)
    opens(client, link)
    client.post("/join", form_token=client.form_token, answer="no")

    assert "No se cambió nada" in client.text
    assert "ya no sirve" in opens(client, link)
    with pytest.raises(AssertionError):
        desk.web.person("no@home.test")


def test_another_links_token_and_a_form_from_elsewhere_join_nothing(desk: RequestDesk) -> None:
    link = wish_letter(desk, "else@home.test", by=ANA)
    client = Client(desk.url)
    for wrong in ("/join/x", "/join/" + desk.path(ANA, 1).rsplit("/", 1)[1], link.replace("/join/", "/confirm/")):
        opens(client, wrong)
        assert client.status == 410, wrong
    opens(client, link)
    client.post("/join", form_token="x", answer="yes")

    assert client.status == 403
    opens(client, link)
    assert client.status == 200
