"""The page that a letter's link opens, in a real browser: nobody signs in, and every button does one thing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gateway.store.tables import person
from tests.request_desk import APPROVAL, EVA, PLAIN, SARA, VALIDATION, RequestDesk, request_desk
from tests.waiting import wait_until
from tests.web_desk import chromium

PHONE = {"width": 360, "height": 740}
pytestmark = pytest.mark.xdist_group("web_requests")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def desk() -> Iterator[RequestDesk]:
    with request_desk() as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(locale="es-CO", viewport=PHONE, is_mobile=True)
    found.set_default_timeout(15_000)
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def done(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def test_the_requester_approves_the_closing_by_the_button(desk: RequestDesk, page: Page) -> None:
    number = desk.awaiting_approval("aprueba@x.test", subject="La impresora no imprime")
    page.goto(desk.letter_link("aprueba@x.test", number, "approval"))

    expect(page).to_have_url(f"{desk.url}/request/{number}")
    expect(page.get_by_role("heading", level=1)).to_have_text("La impresora no imprime")
    expect(page.locator(".state")).to_have_text("Aprobación del cierre")
    expect(page.locator(".next")).to_contain_text("Si no tenemos noticias suyas, se cerrará el")
    expect(page.locator(".theirs")).to_contain_text("Cambiamos el tóner")
    page.click("text=Sí, quedó resuelta")
    done(page, "Anotamos que quedó resuelta")
    expect(page.locator(".state")).to_have_text("Cerrado")
    assert desk.state(number) == "closed"
    assert desk.told("aprueba@x.test", number)[-1] == "closed"
    assert desk.told(EVA, number)[-1] == "alert"


def test_the_requester_refuses_the_closing_and_says_why(desk: RequestDesk, page: Page) -> None:
    number = desk.awaiting_approval("rechaza@x.test")
    page.goto(desk.letter_link("rechaza@x.test", number, "approval"))
    expect(page.locator("#refusal")).to_be_hidden()
    page.click("text=No, todavía hay algo mal")
    page.click("#refuse button")
    assert desk.state(number) == "approval"

    page.fill("#refusal", "Sigue saliendo en blanco.")
    page.click("#refuse button")
    done(page, "La retomamos")
    expect(page.locator(".mine .text").last).to_have_text("Sigue saliendo en blanco.")
    assert desk.state(number) == "process"
    assert desk.texts(number)[-1] == "Sigue saliendo en blanco."


def test_the_survey_has_a_score_and_the_questions_of_its_kind_and_can_be_changed(desk: RequestDesk, page: Page) -> None:
    number = desk.finished("encuesta@x.test")
    page.goto(desk.letter_link("encuesta@x.test", number, "solved"))
    page.click("text=Cuéntenos cómo le atendimos")
    expect(page.get_by_text("¿Quedó resuelto el problema?")).to_be_visible()
    page.click("label[for=score-4]")
    page.fill("#question-speed", "Sí, el mismo día")
    page.fill("#comment", "Muy amables.")
    page.click("text=Enviar mi opinión")
    done(page, "Gracias por su opinión")
    (first,) = desk.answered(number)

    expect(page.locator("#score-4")).to_be_checked()
    page.click("label[for=score-5]")
    page.click("text=Enviar mi opinión")
    done(page, "Gracias por su opinión")
    (second,) = desk.answered(number)
    assert (first.score, first.comment, first.answers) == (4, "Muy amables.", {"speed": "Sí, el mismo día"})
    assert (second.score, second.comment, second.answers) == (5, "Muy amables.", {"speed": "Sí, el mismo día"})
    assert desk.state(number) == "finished"


def test_a_contribution_with_a_file_moves_the_ticket_back_to_process(
    desk: RequestDesk, page: Page, tmp_path: Path
) -> None:
    address = "aporta@x.test"
    number = desk.ticket(address, APPROVAL)
    desk.prepared(number)
    desk.does(number, "contribute", text="Envíenos una foto de la pantalla, por favor.")
    picture = tmp_path / "pantalla.png"
    picture.write_bytes(b"\x89PNG a picture of the screen")
    page.goto(desk.letter_link(address, number, "contribution_opened"))
    expect(page.locator(".next")).to_contain_text("necesitamos su respuesta")

    page.fill("#text", "Esta es la pantalla.")
    page.set_input_files("#files", picture)
    page.click("#add button")
    wait_until(lambda: desk.state(number) == "process", seconds=60)
    expect(page).to_have_url(re.compile(rf"{desk.url}/request/{number}\?(added|kept)=1"))
    page.goto(f"{desk.url}/request/{number}")
    with page.expect_download() as download:
        page.click("text=pantalla.png")
    assert Path(download.value.path()).read_bytes() == picture.read_bytes()
    assert [one["source"] for one in desk.web.installation.mails() if one["ticket"] == number] == ["smtp", "web"]


def test_what_is_written_after_the_end_begins_another_request_that_this_link_does_not_open(
    desk: RequestDesk, page: Page
) -> None:
    address = "despues@x.test"
    number = desk.awaiting_approval(address)
    page.goto(desk.link(address, number))
    page.click("text=Sí, quedó resuelta")
    expect(page.locator(".next")).to_contain_text("Está cerrada")
    page.fill("#text", "Ahora se dañó la bandeja de papel.")
    page.click("#add button")

    expect(page).to_have_url(re.compile(rf"{desk.url}/request/{number}\?(begun|kept)=1"))
    expect(page.get_by_role("status")).to_be_visible()

    (other,) = wait_until(lambda: [one for one in desk.tickets_of(address) if one != number], seconds=60)
    page.goto(f"{desk.url}/request/{other}")
    expect(page.get_by_role("heading")).to_have_text("Este enlace ya no abre la página")


def test_the_requester_closes_their_own_ticket_where_the_workflow_lets_them(desk: RequestDesk, page: Page) -> None:
    number = desk.ticket("cierra@x.test", PLAIN)
    page.goto(desk.letter_link("cierra@x.test", number, "receipt"))
    page.click("text=Cerrar esta solicitud")
    page.click("#close button")

    done(page, "La solicitud está cerrada")
    assert desk.state(number) == "closed"


def test_a_channel_disputes_the_classification_and_a_customer_cannot(desk: RequestDesk, page: Page) -> None:
    address = "canal@x.test"
    number = desk.ticket(address, VALIDATION)
    desk.does(number, "take")
    desk.does(number, "classify", nature="incident", classification="SW4")
    desk.does(number, "solve", text="Instale la versión 7.4.")
    page.goto(desk.letter_link(address, number, "solved"))
    expect(page.locator("#dispute")).to_have_count(0)
    with desk.web.installation.office.database.write() as connection:
        connection.execute(person.update().where(person.c.id == desk.web.person(address).id).values(kind="channel"))

    page.reload()
    page.click("text=La clasificación no es correcta")
    expect(page.locator("#dispute")).to_contain_text("Está clasificada como «SW4».")
    page.fill("#proposed", "HW1")
    page.click("#dispute button")
    done(page, "Recibimos su objeción")
    assert "dispute" in desk.events(number)
    assert desk.told(SARA, number)[-1] == "alert"


def test_notices_are_stopped_and_wanted_again_and_answers_come_all_the_time(desk: RequestDesk, page: Page) -> None:
    address = "basta@x.test"
    number = desk.ticket(address, APPROVAL)
    page.goto(desk.letter_link(address, number, "receipt"))
    page.click("text=No recibir más avisos de esta solicitud")
    page.click("#notices button")
    done(page, "No le enviaremos más avisos")
    before = desk.told(address, number)
    desk.prepared(number)
    desk.does(number, "reply", text="La revisamos mañana.")
    during = desk.told(address, number)

    page.click("text=Volver a recibir avisos")
    done(page, "Volverá a recibir")
    desk.does(number, "assign", by=SARA, owner=SARA)
    assert during[len(before) :] == ["answer"]
    assert desk.told(address, number)[len(during) :] == ["owner_changed"]
    assert [one for one in desk.events(number) if one.startswith("notices")] == ["notices stopped", "notices wanted"]


def test_two_links_in_two_windows_do_not_get_mixed_up(desk: RequestDesk, context: BrowserContext) -> None:
    first, second = (desk.awaiting_approval("dos@x.test", subject=name) for name in ("Primera", "Segunda"))
    here, there = context.new_page(), context.new_page()
    here.goto(desk.link("dos@x.test", first))
    there.goto(desk.link("dos@x.test", second))
    here.click("text=Sí, quedó resuelta")

    done(here, "Anotamos")
    expect(here.get_by_role("heading", level=1)).to_have_text("Primera")
    assert (desk.state(first), desk.state(second)) == ("closed", "approval")


def test_a_scanner_that_opens_the_link_and_all_that_it_finds_there_changes_no_row(
    desk: RequestDesk, browser: Browser
) -> None:
    number = desk.awaiting_approval("escaner@x.test")
    link = desk.letter_link("escaner@x.test", number, "approval")
    desk.all_sent()
    before = desk.web.rows()
    scanner = browser.new_context(java_script_enabled=True)
    page = scanner.new_page()
    todo, opened = {link}, set[str]()
    while todo:
        one = todo.pop()
        opened.add(one)
        scanner.request.head(one)
        page.goto(one)
        hrefs = page.eval_on_selector_all("[href], [action]", "all => all.map(one => one.href || one.action)")
        todo |= {href.partition("#")[0] for href in hrefs if href.startswith(desk.url)} - opened
    scanner.close()

    assert f"{desk.url}/request/{number}/approve" in opened
    after = desk.web.rows()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def test_the_page_fits_a_phone_asks_nobody_else_and_names_every_field(desk: RequestDesk, page: Page) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    number = desk.finished("largo@x.test", subject=long, text=f"{long} {long}")
    asked, complaints = set[str](), list[str]()
    page.on("request", lambda request: asked.add(re.sub(r"^(\w+://[^/]+).*", r"\1", request.url)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(desk.link("largo@x.test", number))
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for field in page.locator("main input:not([type=hidden]), main textarea").all():
        assert page.locator(f"label[for={field.get_attribute('id')}]").count() == 1
    ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    assert (asked, complaints) == ({desk.url}, [])
