"""The pages as a client sees them that is no kind browser: headers, forged forms, others' tickets, limits."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from gateway.work import sessions
from tests.daemon_process import Installation
from tests.waiting import wait_until
from tests.web_client import Client
from tests.web_desk import PASSWORD, WebDesk, now, web_desk

pytestmark = pytest.mark.xdist_group("web_http")


@pytest.fixture(scope="module")
def desk() -> Iterator[WebDesk]:
    with web_desk() as found:
        found.writes("ana@x.test")
        yield found


@pytest.fixture
def client(desk: WebDesk) -> Client:
    return Client(desk.url)


@pytest.fixture
def ana(desk: WebDesk, client: Client) -> Client:
    """A browser in which Ana is signed in."""
    wanted = desk.person("ana@x.test")
    client.cookies["desk_session"] = _session(desk.installation, wanted.id)
    return client


def _session(installation: Installation, person_id: int) -> str:
    office = installation.office
    with office.database.write() as connection:
        from gateway.store.tables import person

        connection.execute(person.update().where(person.c.id == person_id).values(state="active"))
    return sessions.sign_in(office, person_id, now=now())


@pytest.mark.parametrize("path", ["/sign-in", "/new-link", "/confirm/x", "/confirm", "/nothing", "/tickets", "/health"])
def test_no_answer_is_kept_framed_or_lets_anything_run(client: Client, path: str) -> None:
    client.get(path)

    policy = client.headers["content-security-policy"]
    assert client.headers["cache-control"] == "no-store"
    assert client.headers["referrer-policy"] == "no-referrer"
    assert client.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "server" not in client.headers


def test_cookies_are_for_this_site_and_for_no_script(client: Client, desk: WebDesk) -> None:
    client.get(urlsplit(desk.link("ana@x.test", "cookiekeys", disown=True)).path)
    client.get("/not-me")

    assert len(client.set) == 1
    for cookie in client.set:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie, "these pages are reached by http"


def test_with_https_in_front_cookies_go_over_nothing_else() -> None:
    with web_desk() as desk:
        desk.daemon.stop()
        text = desk.installation.settings.read_text()
        desk.installation.settings.write_text(text.replace(f'"{desk.url}"', '"https://desk.example/help"'))
        desk.installation.start()
        client = Client(desk.url)
        client.get("/sign-in")

        (cookie,) = client.set
        assert "Secure" in cookie
        assert "Path=/help/" in cookie
        assert 'action="/help/sign-in"' in client.text


def test_the_address_with_a_token_is_left_at_once(client: Client, desk: WebDesk) -> None:
    link = desk.link("ana@x.test", "leaveleave", disown=True)
    client.get(urlsplit(link).path)

    assert client.status == 303
    assert client.headers["location"] == "/not-me"
    assert link.rsplit("/", 1)[1] not in client.text + str(client.headers)
    assert link.rsplit("/", 1)[1] not in desk.daemon.log_file.read_text()


def test_a_token_that_is_none_leads_to_the_same_place_and_says_that_it_ended(client: Client) -> None:
    client.get("/confirm/forged.token.here")

    assert (client.status, client.headers["location"]) == (303, "/confirm")
    assert "no longer works" in client.get("/confirm", Accept_Language="en")
    assert client.status == 410


def test_a_form_from_elsewhere_does_nothing(ana: Client, desk: WebDesk) -> None:
    ana.get("/tickets/new")
    token = ana.form_token
    before = desk.rows()
    ana.ask("POST", "/sign-out", b"", Content_Type="application/x-www-form-urlencoded")
    without = ana.status
    ana.post("/sign-out", form_token=token[:-1] + ("A" if token[-1] != "A" else "B"))
    forged = ana.status
    body = urlencode({"form_token": token}).encode()
    kind = "application/x-www-form-urlencoded"
    ana.ask("POST", "/sign-out", body, Content_Type=kind, Sec_Fetch_Site="cross-site")
    cross = ana.status
    other = Client(desk.url)
    other.get("/sign-in")
    other.post("/sign-in", form_token=token, address="ana@x.test", password=PASSWORD)

    assert (without, forged, cross, other.status) == (403, 403, 403, 403)
    assert desk.rows() == before


def test_the_token_of_a_form_ends_with_its_session(ana: Client) -> None:
    ana.get("/tickets/new")
    token = ana.form_token
    ana.post("/sign-out", form_token=token)

    ana.post("/sign-in", form_token=token, address="ana@x.test", password=PASSWORD)
    assert ana.status == 403


def test_known_and_unknown_get_the_same_answers(desk: WebDesk) -> None:
    answers = []
    for address in ("ana@x.test", "nobody@x.test", "no address at all"):
        client = Client(desk.url)
        asked = client.fill("/new-link", address=address), client.status
        tried = client.fill("/sign-in", address=address, password=PASSWORD), client.status
        shown = re.sub(r'(form_token" value=")[^"]*', r"\1", tried[0]).replace(address, "")
        answers.append((re.sub(r'(form_token" value=")[^"]*', r"\1", asked[0]), asked[1], shown, tried[1]))

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][1] == 200
    assert answers[0][3] == 403


def test_too_many_tries_are_told_apart_from_wrong_ones(client: Client) -> None:
    for _ in range(sessions.TRIES_PER_ADDRESS):
        client.fill("/sign-in", address="often@x.test", password="not this one")
    tried = client.status
    client.fill("/sign-in", address="often@x.test", password="not this one")

    assert (tried, client.status) == (403, 429)


def test_nobody_sees_anothers_ticket_and_cannot_tell_it_from_one_that_is_not(ana: Client, desk: WebDesk) -> None:
    others = desk.writes("zoe@x.test", subject="Secreto de Zoe", text="Solo para mí.")
    theirs = ana.get(f"/tickets/{others}"), ana.status
    none = ana.get("/tickets/99999"), ana.status
    ana.post(f"/tickets/{others}", form_token=Client.form_token.fget(ana) if "form_token" in ana.text else "")  # type: ignore[attr-defined]

    assert theirs[1] == none[1] == ana.status == 404
    assert "Secreto" not in theirs[0]
    assert "Secreto" not in ana.get("/tickets")


@pytest.mark.parametrize("path", ["/tickets", "/tickets/1", "/tickets/new", "/tickets/1/files/1"])
def test_without_a_session_there_is_only_the_way_in(client: Client, path: str) -> None:
    client.cookies["desk_session"] = "guessed"
    client.get(path)

    assert (client.status, client.headers["location"]) == (303, "/sign-in")


def test_a_button_that_is_pressed_twice_sends_one_mail(ana: Client, desk: WebDesk) -> None:
    ana.get("/tickets/new")
    (once,) = re.findall(r'name="once" value="([^"]+)"', ana.text)
    fields = {"form_token": ana.form_token, "once": once, "subject": "Dos veces", "text": "La misma solicitud."}
    ana.post("/tickets/new", **fields)
    first = ana.headers["location"]
    ana.post("/tickets/new", **fields)

    assert re.fullmatch(r"/tickets/\d+\?sent=1", first)
    assert ana.headers["location"] == first
    assert len([one for one in desk.installation.tickets() if one["subject"] == "Dos veces"]) == 1


def test_what_is_written_in_a_form_writes_no_header(ana: Client, desk: WebDesk) -> None:
    subject = "Hola\r\nBcc: todos@x.test\r\nAuto-Submitted: auto-replied\r\n\r\nOtro texto"
    ana.get("/tickets/new")
    ana.post("/tickets/new", form_token=ana.form_token, subject=subject, text="Texto.\n.\nFrom: otra@x.test")
    number = int(re.findall(r"/tickets/(\d+)", ana.headers["location"])[0])
    ticket = desk.installation.ticket(number)

    assert ticket["subject"] == "Hola Bcc: todos@x.test Auto-Submitted: auto-replied Otro texto"
    assert ticket["requester"] == "ana@x.test"
    assert ticket["messages"][0]["text"] == "Texto.\n.\nFrom: otra@x.test"


def test_a_form_that_is_too_large_is_answered_and_keeps_nothing(ana: Client, desk: WebDesk) -> None:
    ana.get("/tickets/new")
    before = desk.rows()
    body = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * (3 * 2**20) + b"\r\n--b--\r\n"
    ana.ask("POST", "/tickets/new", body, Content_Type="multipart/form-data; boundary=b", Accept_Language="en")

    assert ana.status == 422
    assert "too large" in ana.text
    assert desk.rows() == before


def test_a_form_that_cannot_be_read_is_answered(ana: Client) -> None:
    ana.ask("POST", "/tickets/new", b"--b\r\nnonsense", Content_Type="multipart/form-data; boundary=other")

    assert ana.status in (400, 403)


def test_an_attached_page_is_given_as_a_file_that_nothing_runs(ana: Client, desk: WebDesk) -> None:
    page = (
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n',
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="../../p\xc3\xa1gina.html"\r\n'
        b"Content-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n",
    )
    ana.get("/tickets/new")
    fields = {b"form_token": ana.form_token.encode(), b"subject": b"Con archivo", b"text": b"<script>alert(2)</script>"}
    body = b"".join(page[0] % pair for pair in fields.items()) + page[1]
    ana.ask("POST", "/tickets/new", body, Content_Type="multipart/form-data; boundary=b")
    shown = ana.get(ana.headers["location"])
    (file,) = re.findall(r'href="(/tickets/\d+/files/\d+)"', shown)
    content = ana.get(file)

    assert "&lt;script&gt;alert(2)" in shown
    assert "<script" not in shown
    assert content == "<script>alert(1)</script>"
    assert ana.headers["content-type"] == "application/octet-stream"
    assert ana.headers["content-disposition"] == "attachment; filename*=UTF-8''p%C3%A1gina.html"
    assert "sandbox" in ana.headers["content-security-policy"]


def test_health_is_for_everybody_and_metrics_for_this_machine_only(client: Client) -> None:
    assert client.get("/health") == '{"status":"ok"}'
    assert "gateway_deliveries_pending 0.0" in client.get("/metrics")
    for header in ("X_Forwarded_For", "Forwarded", "X_Real_Ip", "Via"):
        client.get("/metrics", **{header: "198.51.100.7"})

        assert client.status == 404, header


def test_behind_a_server_in_front_tries_are_counted_by_who_asks(desk: WebDesk) -> None:
    client = Client(desk.url)
    client.get("/sign-in")
    body = urlencode({"form_token": client.form_token, "address": "fwd@x.test", "password": "wrong one"}).encode()
    kind = "application/x-www-form-urlencoded"
    client.ask("POST", "/sign-in", body, Content_Type=kind, X_Forwarded_For="198.51.100.7")

    subjects = {row[1] for row in desk.rows()["sent_count"]}
    assert repr("198.51.100.7") in subjects


def test_sigterm_ends_the_pages_too_and_lets_the_address_go() -> None:
    with web_desk() as desk:
        assert Client(desk.url).get("/health")
        assert desk.daemon.stop() == 0
        with pytest.raises(ConnectionRefusedError):
            Client(desk.url).get("/health")
        desk.installation.start()

        assert wait_until(lambda: Client(desk.url).get("/health"))


def test_an_address_that_is_taken_ends_the_daemon_before_anything_begins(desk: WebDesk) -> None:
    listen = urlsplit(desk.url).netloc
    with Installation(web={"listen": listen, "public_url": desk.url}) as other:
        done = other.command("run")

        assert done.returncode != 0
        assert "[web] listen: cannot listen" in done.stdout + done.stderr


def test_a_daemon_without_pages_imports_nothing_of_them() -> None:
    with Installation() as installation:
        daemon = installation.start()
        maps = "".join(Path(f"/proc/{process}/maps").read_text() for process in daemon.processes())

        assert "argon2" not in maps
