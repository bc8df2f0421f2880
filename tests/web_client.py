"""A client of the pages that is no kind browser: it keeps cookies, and sees each answer by itself."""

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


class Client:
    """Keeps cookies as a browser does, and sees each answer by itself."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies: dict[str, str] = {}
        self.set: list[str] = []
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> str:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | headers
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in sent.items()})
        answer = connection.getresponse()
        self.status, self.text = answer.status, answer.read().decode("utf-8", "replace")
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.set = answer.headers.get_all("Set-Cookie") or []
        for one in self.set:
            for name, morsel in SimpleCookie(one).items():
                self.cookies[name] = morsel.value
        connection.close()
        return self.text

    def get(self, path: str, **headers: str) -> str:
        return self.ask("GET", path, **headers)

    def post(self, path: str, **fields: str) -> str:
        return self.ask("POST", path, urlencode(fields).encode(), Content_Type="application/x-www-form-urlencoded")

    def fill(self, path: str, **fields: str) -> str:
        """As a person does: look at the form, then send it."""
        self.get(path)
        return self.post(path, form_token=self.form_token, **fields)

    @property
    def form_token(self) -> str:
        (token, *_) = re.findall(r'name="form_token" value="([^"]+)"', self.text)
        return str(token)
