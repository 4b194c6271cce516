"""Who shops in the demo, and the secrets of theirs that careless services write into their logs.

All of it is invented and says so to whoever decodes it. Numbers are the payment industry's public test numbers; they
and the tokens are put together here, so that no scanner of source code takes them for real ones.
"""

from __future__ import annotations

import base64
import json
from typing import Final

from tui.values import frozen

CARDS: Final = (
    " ".join(("4111", "1111", "1111", "1111")),
    " ".join(("5555", "5555", "5555", "4444")),
    " ".join(("6011", "1111", "1111", "1117")),
    " ".join(("4000", "0566", "5566", "5556")),
)
PASSWORDS: Final = ("correct-horse-" + "battery-7", "Sommer" + "2026!", "tr0ub4dor" + "&3")
DATABASE: Final = "postgres://payment:" + "Kobold-" + "71-demo" + "@db-payment:5432/ledger"
SMTP_KEY: Final = "SG." + "demo" * 5 + "ab" + "." + "notarealkey" * 3 + "0123456789"


@frozen
class Customer:
    number: int
    name: str
    email: str
    card: str
    password: str

    @property
    def token(self) -> str:
        """A JSON web token that is signed with nothing."""
        parts = ({"alg": "none", "typ": "JWT"}, {"sub": f"cust-{self.number}", "note": "demo"})
        return ".".join((*(_part(part) for part in parts), "bm90LWEtc2lnbmF0dXJl"))


def _part(fields: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()


def _customer(number: int, name: str) -> Customer:
    email = f"{name.lower().replace(' ', '.')}@example.{('com', 'org', 'net')[number % 3]}"
    return Customer(number, name, email, CARDS[number % len(CARDS)], PASSWORDS[number % len(PASSWORDS)])


CUSTOMERS: Final = tuple(
    _customer(2201 + 7 * index, name)
    for index, name in enumerate(
        (
            "Anna Keller",
            "Bram Visser",
            "Chiara Conti",
            "Diego Ramos",
            "Emre Aydin",
            "Freya Lund",
            "Grace Okafor",
            "Hana Sato",
            "Ivo Novak",
            "Jana Horak",
            "Kofi Mensah",
            "Lena Fischer",
        )
    )
)
