"""Made-up secrets of every kind, built while the tests run: none of them ever stood anywhere.

Owns values and the keys they stand under; the text around them is in keyed.py and sayings.py.
"""

from __future__ import annotations

import base64
import string
from random import Random
from typing import Final

PASSWORD_KEYS: Final = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "db_password",
    "dbPassword",
    "DB_PASS",
    "MYSQL_ROOT_PASSWORD",
    "spring.datasource.password",
    "user-password",
    "oldPassword",
    "new_password",
    "password_confirmation",
    "PGPASSWORD",
    "smtpPassword",
    "adminPassword",
    "keystorePassword",
    "ssl.keystore.password",
    "REDIS_PASSWORD",
    "ldap_bind_password",
    "Password",
    "PASSWORD",
    "passwort",
    "mot_de_passe",
]
TOKEN_KEYS: Final = [
    "token",
    "access_token",
    "accessToken",
    "refresh_token",
    "refreshToken",
    "id_token",
    "auth_token",
    "X-Auth-Token",
    "csrf_token",
    "session_token",
    "GITHUB_TOKEN",
    "SLACK_BOT_TOKEN",
    "bearer_token",
    "apiToken",
    "deviceToken",
    "X-Vault-Token",
    "NPM_TOKEN",
    "bot-token",
    "personalAccessToken",
    "jwtToken",
    "oauth_token",
    "registrationToken",
]
SECRET_KEYS: Final = [
    "secret",
    "client_secret",
    "clientSecret",
    "SECRET_KEY",
    "SECRET_KEY_BASE",
    "aws_secret_access_key",
    "secretAccessKey",
    "app_secret",
    "api_key",
    "apiKey",
    "X-Api-Key",
    "APIKEY",
    "x-functions-key",
    "private_key",
    "encryption_key",
    "signingKey",
    "SigningSecret",
    "webhookSecret",
    "JWT_SECRET",
    "shared_secret",
    "accountKey",
    "SharedAccessKey",
    "consumerSecret",
    "subscription-key",
    "hmacKey",
    "api.secret",
    "STRIPE_SECRET_KEY",
    "DJANGO_SECRET_KEY",
    "masterKey",
    "credentials",
    "storage_account_key",
    "datadog_api_key",
]

_ALPHANUMERIC: Final = string.ascii_letters + string.digits
_WORDS: Final = [
    "tiger",
    "river",
    "marble",
    "sunset",
    "falcon",
    "copper",
    "velvet",
    "summer",
    "dragon",
    "monkey",
    "welcome",
    "coffee",
    "orchid",
]


def letters(random: Random, alphabet: str, count: int) -> str:
    return "".join(random.choice(alphabet) for _ in range(count))


def mixed(random: Random, count: int) -> str:
    """Letters and digits, at least one of each kind."""
    return "k" + letters(random, _ALPHANUMERIC, count - 3) + "7Q"


def hexadecimal(random: Random, count: int) -> str:
    return "a" + letters(random, "0123456789abcdef", count - 2) + "9"


def uuid(random: Random) -> str:
    return "-".join(hexadecimal(random, size) for size in (8, 4, 4, 4, 12))


def base64_text(random: Random, count: int) -> str:
    return base64.b64encode(random.randbytes(count)).decode()


def word_password(random: Random) -> str:
    return random.choice(_WORDS) + str(random.randrange(10, 9999))


def simple(random: Random) -> str:
    """A value that needs no quoting anywhere."""
    make = random.choice(
        (
            word_password,
            word_password,
            lambda r: mixed(r, r.randrange(12, 40)),
            lambda r: hexadecimal(r, r.choice((32, 40, 64))),
            uuid,
            lambda r: mixed(r, 8) + "-" + mixed(r, 9),
            lambda r: word_password(r) + r.choice("!*^~"),
        )
    )
    return make(random)


def awkward(random: Random) -> str:
    """A value with what must be escaped somewhere."""
    word, other = word_password(random), random.choice(_WORDS)
    return random.choice(
        (
            f"{word} {other}!9",
            f'{word}"{other}',
            f"{word}\\{other}7",
            f"{word}, {other}=4",
            f"{word}&{other}<5>",
            f"p{word};{other}#1",
            f"{word}/{other}+==",
            f"pä{word}ß{other}",
            f"{word}'{other}",
            f"{{{word}}}{other}",
            f"{word}%{other}$2",
            f"{word}:{other}@3",
        )
    )


def word(random: Random) -> str:
    """A value of small letters, which only quotes tell from prose."""
    return random.choice(_WORDS) + random.choice(_WORDS)


def jwt(random: Random) -> str:
    def part(size: int) -> str:
        return base64.urlsafe_b64encode(random.randbytes(size)).decode().rstrip("=")

    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(b'{"sub":"%d","iat":1700000000}' % random.randrange(10**9)).decode().rstrip("=")
    return f"{head}.{body}.{part(32)}"


def basic(random: Random) -> str:
    return base64.b64encode(f"svc:{simple(random)}".encode()).decode()


_ISSUERS: Final = (
    "A|KIA{U16}|A|SIA{U16}|gh|p_{A36}|gh|s_{A36}|github|_pat_{A22}_{A59}|gl|pat-{A20}|gl|dt-{A20}|xo|xb-{D12}-{D12}-{A24}|xo|"
    "xp-{D12}-{D12}-{D12}-{H32}|xa|pp-1-A{U10}-{D13}-{H64}|sk|_live_{A24}|rk|_live_{A24}|wh|sec_{A32}|AI|za{A35}|ya|29.{A80}|"
    "GO|CSPX-{A28}|SG|.{A22}.{A43}|{H32}-u|s12|np|m_{A36}|py|pi-AgEIcHlwaS5vcmc{A60}|s|k-proj-{A48}|s|k-ant-api03-{A93}|s|k-{A48}|"
    "h|f_{a34}|hv|s.{A24}|hv|b.{A120}|d|p.pt.{A43}|d|op_v1_{H64}|da|pi{H32}|gl|sa_{A32}_{H8}|gl|c_{A60}|NR|AK-{U27}|sh|pat_{H32}|"
    "lin|_api_{A40}|PM|AK-{H24}-{H34}|AT|ATT3xFfGF0{A60}|AGE-SECRET|-KEY-1{U58}|pu|l-{H40}|ruby|gems_{H48}|ps|cale_tkn_{A43}|"
    "sn|trys_{A60}|S|K{H32}|dc|kr_pat_{A27}|ts|key-auth-{A12}-{A32}|fig|d_{A40}|sq|0atp-{A22}|EA|ACEdEose0cBA{A100}|"
    "CC|IPAT_{A20}_{H40}|nt|n_{A46}|gsk|_{A52}|r|8_{A37}|FLW|SECK_TEST-{h32}-X|key|-{H32}|shp|ss_{H32}|sgp|_{H40}|"
    "xke|ysib-{H64}-{A16}|tf|p_{A40}|rdm|e_{h70}|glr|t-{A20}|GR1348|941{A20}|CFP|AT-{A43}|AP|I-{U26}|LT|AI{A20}|HRKU|-{A36}|p8e|-{a32}"
)


def issuer_shapes() -> list[tuple[str, str]]:
    """What tokens of known issuers begin with, in two halves, and what follows them."""
    parts = _ISSUERS.split("|")
    return list(zip(parts[::2], parts[1::2], strict=True))


def provider_token(random: Random, index: int) -> str:
    """The token of one of the known issuers."""
    made, rest = "", "".join(issuer_shapes()[index % len(issuer_shapes())])
    while "{" in rest:
        head, _, tail = rest.partition("{")
        what, _, rest = tail.partition("}")
        alphabet = {
            "A": _ALPHANUMERIC,
            "U": string.ascii_uppercase + string.digits,
            "D": string.digits,
            "H": "0123456789abcdef",
            "h": "0123456789abcdef",
            "a": string.ascii_lowercase + string.ascii_uppercase,
        }[what[0]]
        made += head + letters(random, alphabet, int(what[1:]))
    return made + rest


def card(random: Random) -> str:
    """A payment card number with the right check digit; of an issuer's range, of nobody."""
    start, length = random.choice(
        (("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("34", 15), ("37", 15), ("6011", 16))
    )
    body = start + letters(random, string.digits, length - len(start) - 1)
    total = sum(
        (2 * int(digit) - 9 * (int(digit) > 4)) if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def grouped(number: str, separator: str) -> str:
    groups = (4, 6, 5) if len(number) == 15 else (4, 4, 4, 4)
    pieces, position = [], 0
    for size in groups:
        pieces.append(number[position : position + size])
        position += size
    return separator.join(pieces)


_IBAN_BODIES: Final = {
    "DE": "N18",
    "GB": "WEST|N14",
    "FR": "N10|AB|N11",
    "NL": "ABNA|N10",
    "CH": "N17",
    "ES": "N20",
    "BE": "N12",
    "PL": "N24",
}


def iban(random: Random) -> str:
    country = random.choice(sorted(_IBAN_BODIES))
    body = "".join(
        letters(random, string.digits, int(part[1:])) if part[1:].isdigit() else part
        for part in _IBAN_BODIES[country].split("|")
    )
    digits = "".join(str(int(character, 36)) for character in body + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{body}"


def email(random: Random) -> str:
    user = random.choice(("jane", "john.doe", "o_brien", "mary-ann", "x.y.z", "support+42", "A.Long.Name"))
    host = random.choice(("example.com", "mail.example.org", "example.co.uk", "sub.example.io", "exämple.de"))
    return f"{user}{random.randrange(100)}@{host}"


def phone(random: Random) -> str:
    number = f"{random.randrange(200, 999)}{random.randrange(200, 999)}{random.randrange(1000, 9999)}"
    return random.choice(
        (
            f"+1{number}",
            f"+1 {number[:3]} {number[3:6]} {number[6:]}",
            f"+1-{number[:3]}-{number[3:6]}-{number[6:]}",
            f"+44 20 {number[2:6]} {number[6:]}",
            f"+49 (30) {number[:8]}",
            f"+33 6 {number[:2]} {number[2:4]} {number[4:6]} {number[6:8]}",
            f"({number[:3]}) {number[3:6]}-{number[6:]}",
            f"+9198{number[:8]}",
        )
    )


def ssn(random: Random) -> str:
    return f"{random.randrange(100, 600)}-{random.randrange(10, 99)}-{random.randrange(1000, 9999)}"


def private_key_rows(random: Random) -> tuple[str, list[str], str]:
    """The first line of a key in PEM, its rows, and its last line."""
    label = random.choice(("RSA ", "", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA ")) + "PRIVATE KEY"
    rows = [base64_text(random, 48) for _ in range(random.randrange(3, 9))] + [base64_text(random, 20)]
    return "-----BEGIN " + label + "-----", rows, f"-----END {label}-----"
