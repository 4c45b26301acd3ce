"""A person at a browser: keeps cookies, sends forms, signs in."""

import re
from urllib.parse import urlencode

from tests.integration.web.service import Client

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.service import add_person
from bixie.identity.signin.password_links import keep_password
from bixie.identity.signin.passwords import hash_password

FORM = "application/x-www-form-urlencoded"
PASSWORD = "correct horse battery staple"


class Browser:
    """Keeps cookies, and sends forms as a browser would."""

    def __init__(self, port):
        self.client, self.cookies = Client(port), {}

    def get(self, path, **headers):
        return self._answered(self.client.get(path, Cookie=self._cookie(), **headers))

    def send(self, path, origin=None, **fields):
        headers = {"Origin": f"http://127.0.0.1:{self.client.port}" if origin is None else origin}
        body = urlencode(fields, doseq=True).encode()
        answer = self.client.call("POST", path, body, Content_Type=FORM, Cookie=self._cookie(), **headers)
        return self._answered(answer)

    def sign_in(self, **changed):
        return self.send("/login", **{"login": "admin", "password": PASSWORD} | changed)

    def csrf(self):
        return re.search(r'name="csrf" value="([^"]+)"', self.get("/").body.decode())[1]

    def _cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _answered(self, answer):
        for line in answer.cookies:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer


def person(store, tenant, login, role, party=None):
    program = Principal(tenant, "program_test", Role.PROGRAM)
    made = hash_password(PASSWORD)
    with writing(store, program) as session:
        somebody = add_person(session, login, role, party=party)
        keep_password(session, somebody, made, by="setup", clock=lambda: somebody.made_at)
    return somebody
