"""The pages in a real browser, against the real daemon, from the letter to the ticket."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.waiting import wait_until
from tests.web_desk import PASSWORD, WebDesk, chromium, web_desk

EVA = "eva@gw.test"
PHONE = {"width": 360, "height": 740}
pytestmark = pytest.mark.xdist_group("web_pages")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def desk() -> Iterator[WebDesk]:
    with web_desk(completeness=[{"kind": "words", "least": 4}]) as found:
        found.installation.told("person", EVA, "--name", "Eva Ruiz", "--role", "agent", "--language", "es")
        yield found


class Visit:
    """One browser window, which remembers whom it asked for anything and what it complained of."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.add(re.sub(r"^(\w+://[^/]+).*", r"\1", request.url)))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def press(self) -> None:
        """The button of the page's form."""
        self.page.click("main form button")

    def confirms(self, link: str, *, name: str = "Ana Pérez", language: str = "es") -> None:
        self.page.goto(link)
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.select_option("#language", language)
        self.press()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(locale="es-CO", viewport=PHONE, is_mobile=True)
    context.set_default_timeout(15_000)
    yield Visit(context)
    context.close()


def links_of(desk: WebDesk, address: str, kind: str = "receipt_new") -> dict[str, str]:
    """The links of a letter as its HTML has them, by the first word of their path."""

    def left() -> dict[str, str]:
        html = "".join(
            one["html"] for one in desk.installation.letters() if one["to"] == address and one["letter"] == kind
        )
        return {link.split("/")[3]: link for link in re.findall(rf'href="({re.escape(desk.url)}/[^"]+)"', html)}

    return wait_until(left)


def first_mail(desk: WebDesk, address: str, **given: str) -> dict[str, str]:
    desk.writes(address, **given)
    return links_of(desk, address)


def test_from_the_first_letter_to_a_ticket_of_ones_own(desk: WebDesk, visit: Visit, tmp_path: Path) -> None:
    picture = tmp_path / "pantalla.png"
    picture.write_bytes(b"\x89PNG a picture of the screen")
    page = visit.page
    visit.confirms(first_mail(desk, "ana@x.test", subject="La impresora no imprime")["confirm"])

    expect(page).to_have_url(f"{desk.url}/tickets?welcome=1")
    expect(page.get_by_role("status")).to_contain_text("Su cuenta está lista")
    expect(page.get_by_role("link", name="La impresora no imprime")).to_be_visible()

    page.click("text=Nueva solicitud")
    expect(page.get_by_text("al menos 4 palabras")).to_be_visible()
    page.fill("#subject", "El informe no abre")
    page.fill("#text", "Desde hoy el informe mensual no abre.\nDice: <b>error 7</b>")
    page.set_input_files("#files", picture)
    visit.press()

    expect(page.get_by_role("heading", level=1)).to_have_text("El informe no abre")
    expect(page.get_by_role("status")).to_contain_text("Recibimos su solicitud")
    expect(page.locator(".conversation li .text")).to_have_text(
        "Desde hoy el informe mensual no abre.\nDice: <b>error 7</b>", use_inner_text=True
    )
    with page.expect_download() as download:
        page.click("text=pantalla.png")
    assert Path(download.value.path()).read_bytes() == picture.read_bytes()

    number = int(re.findall(r"/tickets/(\d+)", page.url)[0])
    ticket = desk.installation.ticket(number)
    (mail,) = [one for one in desk.installation.mails() if one["ticket"] == number]
    assert (ticket["requester"], ticket["state"], mail["source"]) == ("ana@x.test", "new", "web")
    assert desk.person("ana@x.test").state == "active"
    assert [one["letter"] for one in desk.installation.letters() if one["ticket"] == number] != []
    assert len([one for one in desk.installation.letters() if one["letter"] == "account_ready"]) == 1


def test_an_answer_from_the_page_goes_on_with_the_conversation(desk: WebDesk, visit: Visit) -> None:
    text = "Ya probé con otro cable.\n\n"
    text += "El lun, 23 nov 2026 a las 9:00, Eva <eva@gw.test> escribió:\n> ¿Probó reiniciarla?\n"
    visit.confirms(first_mail(desk, "berta@x.test", subject="Teclado", text=text)["confirm"])
    page = visit.page
    page.click("text=Teclado")
    number = int(page.url.rsplit("/", 1)[1])
    desk.installation.told("act", number, "reply", "--by", EVA, "--text", "¿De qué marca es?", "--set", "wait=yes")
    desk.installation.told("act", number, "note", "--by", EVA, "--text", "Cliente impaciente.")
    page.reload()

    expect(page.locator(".state")).to_have_text("Esperamos su respuesta")
    expect(page.locator(".theirs")).to_contain_text("Eva Ruiz")
    expect(page.locator("main")).not_to_contain_text("impaciente")
    expect(page.get_by_text("¿Probó reiniciarla?")).to_be_hidden()
    page.click("summary")
    expect(page.get_by_text("¿Probó reiniciarla?")).to_be_visible()

    page.fill("#text", "Es un teclado marca Acme.")
    visit.press()
    expect(page.get_by_role("status")).to_contain_text("Su mensaje quedó agregado")
    expect(page.locator(".conversation li")).to_have_count(3)
    assert desk.installation.ticket(number)["state"] == "open"
    assert len([one for one in desk.installation.tickets() if one["requester"] == "berta@x.test"]) == 1


def test_who_signs_out_comes_back_with_the_password(desk: WebDesk, visit: Visit) -> None:
    visit.confirms(first_mail(desk, "carla@x.test")["confirm"])
    page = visit.page
    page.click("text=Salir")
    page.goto(f"{desk.url}/tickets")
    expect(page).to_have_url(f"{desk.url}/sign-in")

    page.fill("#address", "Carla@X.test")
    page.fill("#password", "otra cosa muy larga")
    visit.press()
    expect(page.get_by_role("alert")).to_contain_text("no son correctos")
    page.fill("#password", PASSWORD)
    visit.press()
    expect(page).to_have_url(f"{desk.url}/tickets")


def test_a_link_that_was_used_offers_a_new_one_which_comes_by_mail(desk: WebDesk, visit: Visit) -> None:
    link = first_mail(desk, "dora@x.test")["confirm"]
    visit.confirms(link)
    page = visit.page
    page.click("text=Salir")
    page.goto(link)
    expect(page.get_by_role("heading")).to_have_text("Este enlace ya no sirve")

    page.click("text=Recibir un enlace nuevo")
    page.fill("#address", "dora@x.test")
    visit.press()
    expect(page.get_by_role("heading")).to_have_text("Revise su correo")
    visit.confirms(links_of(desk, "dora@x.test", "account_link")["confirm"], name="Dora Gil")
    expect(page).to_have_url(re.compile("/tickets"))


def test_who_did_not_write_says_so_and_hears_no_more(desk: WebDesk, visit: Visit) -> None:
    links = first_mail(desk, "elena@x.test")
    page = visit.page
    page.goto(links["not-me"])
    expect(page).to_have_url(f"{desk.url}/not-me")
    visit.press()
    expect(page.get_by_role("heading")).to_have_text("Gracias por avisarnos")

    page.goto(links["confirm"])
    expect(page.get_by_role("heading")).to_have_text("Este enlace ya no sirve")
    before = len([one for one in desk.installation.letters() if one["to"] == "elena@x.test"])
    desk.writes("elena@x.test", subject="Otra vez", text="Otra pregunta que alguien escribe.")
    assert len([one for one in desk.installation.letters() if one["to"] == "elena@x.test"]) == before


def test_what_is_wrong_in_a_form_is_said_beside_it_and_what_is_right_stays(desk: WebDesk, visit: Visit) -> None:
    page = visit.page
    page.goto(first_mail(desk, "fany@x.test")["confirm"])
    page.fill("#name", "Fany Ruiz")
    page.fill("#password", "corta")
    visit.press()

    expect(page.locator("#password-wrong")).to_have_text("Esta contraseña es demasiado corta.")
    expect(page.locator("#password")).to_have_attribute("aria-describedby", "password-wrong")
    expect(page.locator("#name")).to_have_value("Fany Ruiz")
    expect(page.locator("#username")).to_have_value("fany@x.test")
    page.fill("#password", PASSWORD)
    visit.press()
    page.goto(f"{desk.url}/tickets/new")
    page.fill("#text", "Solo la descripción.")
    page.set_input_files("#files", {"name": "virus.EXE", "mimeType": "application/x-dosexec", "buffer": b"MZ"})
    visit.press()
    expect(page.locator("#subject-wrong")).to_be_visible()
    expect(page.locator("#files-wrong")).to_have_text("No podemos aceptar archivos de este tipo.")
    expect(page.locator("#text")).to_have_value("Solo la descripción.")


def test_the_chosen_language_goes_before_the_browsers(desk: WebDesk, browser: Browser) -> None:
    address = "gina@x.test"
    context = browser.new_context(locale="en-GB")
    visit = Visit(context)
    visit.page.goto(f"{desk.url}/sign-in")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    visit.confirms(first_mail(desk, address, text="?")["confirm"], language="pt")

    expect(visit.page.locator("html")).to_have_attribute("lang", "pt")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Minhas solicitações")
    letter = wait_until(lambda: [one for one in desk.installation.letters() if one["letter"] == "account_ready"][-1:])
    assert (letter[0]["to"], letter[0]["language"]) == (address, "pt")
    context.close()


def test_a_prefetcher_that_opens_every_link_with_scripts_on_changes_no_row(desk: WebDesk, browser: Browser) -> None:
    """Mail scanners and browsers open what they find before anybody asks for it."""
    first_mail(desk, "hugo@x.test", text="Mire https://elsewhere.invalid/x por favor.")
    member = browser.new_context(java_script_enabled=True)
    signed_in = Visit(member)
    signed_in.confirms(first_mail(desk, "ines@x.test")["confirm"])
    expect(signed_in.page).to_have_url(re.compile("/tickets"))
    wait_until(lambda: all(one["status"] == "sent" for one in desk.installation.letters()), seconds=30)
    stranger = browser.new_context(java_script_enabled=True)
    found = set(re.findall(rf"{re.escape(desk.url)}/[^\s\"<>]+", "".join(
        one["text"] + one["html"] for one in desk.installation.letters()
    )))  # fmt: skip
    before = desk.rows()

    opened: set[str] = set()
    for context, start in ((stranger, found), (member, {f"{desk.url}/tickets"})):
        todo = {*start, f"{desk.url}/", f"{desk.url}/new-link"}
        page = context.new_page()
        while todo:
            link = todo.pop()
            opened.add(link)
            context.request.head(link)
            if "/files/" in link:
                continue
            page.goto(link)
            hrefs = page.eval_on_selector_all("[href]", "all => all.map(one => one.href)")
            todo |= {href.partition("#")[0] for href in hrefs if href.startswith(desk.url)} - opened
    member.close()
    stranger.close()

    kinds = {link.removeprefix(desk.url).split("/")[1] for link in opened}
    assert {"confirm", "not-me", "tickets", "sign-in", "new-link"} <= kinds
    assert any("/confirm/" in link for link in opened)
    after = desk.rows()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def test_every_page_fits_a_phone_asks_nobody_else_and_breaks_none_of_its_own_rules(desk: WebDesk, visit: Visit) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    page = visit.page
    links = first_mail(desk, "julia@x.test", subject=long, text=f"{long} {long}")
    for path in ("/sign-in", "/new-link", "/nothing"):
        page.goto(desk.url + path)
        _fits(page)
    page.goto(links["not-me"])
    _fits(page)
    visit.confirms(links["confirm"])
    for path in ("/tickets", "/tickets/new", page.get_by_role("link", name="Donau").get_attribute("href") or ""):
        page.goto(desk.url + path)
        _fits(page)

    assert visit.asked == {desk.url}
    assert [one for one in visit.complaints if "404" not in one] == []


def _fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"
    assert page.locator("h1").count() == 1
    for field in page.locator("main input:not([type=hidden]), main select, main textarea").all():
        assert page.locator(f"label[for={field.get_attribute('id')}]").count() == 1, "a field without a label"


def test_the_session_is_gone_when_the_account_is_blocked(desk: WebDesk, visit: Visit) -> None:
    visit.confirms(first_mail(desk, "karla@x.test")["confirm"])
    desk.installation.told("person", "karla@x.test", "--state", "blocked")
    visit.page.goto(f"{desk.url}/tickets")

    expect(visit.page).to_have_url(f"{desk.url}/sign-in")
