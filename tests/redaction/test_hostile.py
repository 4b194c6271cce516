"""Lines made to hurt come through, and soon: the tests only have to finish."""

from __future__ import annotations

import pytest

from tui.redaction.redactor import Redactor

REDACTOR = Redactor(bytes(32))
SEEDS = [
    "a",
    "@",
    "a@b.",
    "password=",
    'password="',
    "password: [",
    '"password":{',
    '"password":["',
    '\\"',
    "\\",
    "token ",
    "Bearer a1",
    "eyJabc.",
    "://a:",
    "http://a:b@",
    "+1",
    "4111 ",
    "41111111 ",
    "DE89 3704 ",
    "mysql -p",
    "curl -u a:",
    "curl -u a:b ",
    "insert into x (password) values (",
    "Cookie: a=",
    "authorization: [",
    "Authorization: Digest response=",
    "password is ",
    "<password ",
    'name="password"',
    "--password ",
    "%2540",
    "&quot;",
    "\x1b[31m",
    "[token#12345678]",
    "SG.a",
    "xoxb-",
    "$argon2",
    "M.abcdef.",
    "password_",
    "key=",
    "callback?code=",
    "otp is ",
    "x" * 79 + "password",
    '["password","',
    '"value":"' + "x" * 190 + '","name":"password"',
    "login machine x password ",
    '"kind":"Secret","data":{',
    '"kind":"Secret" "data":{"a":"b"},',
    '{"name":"otp","value":{',
    '"value":{"a":"b"},"key":"otp"',
    '{password,<<"',
    ':password "',
    "| password | x ",
    '<entry key="password">',
    'form-data; name="password"\\r\\n\\r\\n',
    "password from a1b2c to ",
    "echo a:b | chpasswd ",
    "net use /user:x y ",
    "net user a ",
    "%5Bpassword%5D=",
    "\\x22password\\x22:\\x22",
    '""password"":""',
    "123456789012345|aaaaaa",
    "AUTH default a ",
    "pragma key = 'a ",
    "crypt(a, ",
    "a1 LOGIN b ",
    "credentials a/",
    'Environment="A_PASSWORD=',
    '["A_PASSWORD=',
]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_long_line_of_one_repeated_fragment_is_finished(seed: str) -> None:
    line = (seed * (100_000 // len(seed) + 1))[:100_000].encode()
    redacted, _ = REDACTOR.line(line)
    assert b"\n" not in redacted


def test_a_line_of_many_megabytes_keeps_its_ordinary_bytes() -> None:
    line = b'{"rows":[' + b'{"id":"4bf92f3577b34da6a3ce929d0e0e4736","n":17},' * 200_000 + b'{"password":"hunter2"}]}'
    redacted, counts = REDACTOR.line(line)
    assert counts == {"key": 1}
    assert redacted.startswith(line[:-20]) and b"hunter2" not in redacted
