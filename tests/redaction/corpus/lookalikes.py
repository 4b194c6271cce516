"""Texts without any secret that look as if they held one: not one byte of them may change.

Each category is a function that makes one value, and the texts around it, with {} for the value.
"""

from __future__ import annotations

import base64
import string
from collections.abc import Callable, Iterator
from random import Random
from typing import Final, NamedTuple

from tests.redaction.corpus.positives import Case
from tests.redaction.corpus.wrappings import ANYWHERE, WRAPPINGS

Make = Callable[[Random], str]


class Likeness(NamedTuple):
    """One category of look-alikes."""

    make: tuple[Make, ...]
    texts: tuple[str, ...]


def _rows(text: str) -> tuple[str, ...]:
    return tuple(row for row in text.strip("\n").split("\n"))


def _number(least: int, most: int) -> Make:
    return lambda random: str(random.randrange(10 ** (least - 1), 10 ** random.randint(least, most)))


def _hex(count: int) -> Make:
    return lambda random: "".join(random.choice("0123456789abcdef") for _ in range(count))


def _plain_uuid(random: Random) -> str:
    return "-".join(_hex(size)(random) for size in (8, 4, 4, 4, 12))


def _letters(alphabet: str, count: int) -> Make:
    return lambda random: "".join(random.choice(alphabet) for _ in range(count))


_WORDS: Final = string.ascii_lowercase + string.digits
_IDS: Final = (
    _number(16, 19),
    _plain_uuid,
    _hex(32),
    _hex(16),
    _hex(24),
    lambda random: "0" + _letters("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 25)(random),
    lambda random: "ORD-" + _number(6, 10)(random),
    lambda random: _letters(string.ascii_letters + string.digits, 27)(random),
    lambda random: base64.b64encode(random.randbytes(18)).decode(),
    _letters(_WORDS, 12),
)

LIKENESSES: Final[dict[str, Likeness]] = {
    "uuid": Likeness(
        (_plain_uuid, lambda random: _plain_uuid(random).upper()),
        _rows("""
{"id":"{}","level":"info"}
request_id={} msg=started
[{}] INFO handling request
GET /v1/orders/{} 200 12ms
session {} opened
user {} created order {}
X-Request-Id: {}
{"correlationId":"{}"}
idempotency_key={}
{"tokenId":"{}"}
{"secret_id":"{}"}
auth: request {} accepted
device {} registered
urn:uuid:{}
("{}", 17)
uuid={}, name=x
{"key":"request.id","value":{"stringValue":"{}"}}
<id>{}</id>
token_id={}
{"user":{"uuid":"{}"}}
"""),
    ),
    "trace id": Likeness(
        (_hex(32), _hex(16), _number(16, 19), _number(18, 19)),
        _rows("""
{"trace_id":"{}","span_id":"{}"}
dd.trace_id={} dd.span_id={}
{"dd":{"trace_id":"{}"}}
{"traceId":"{}","parentSpanId":"{}"}
trace={} span={}
[trace_id={}, span_id={}]
x-datadog-trace-id: {}
x-b3-traceid: {}
{"otelTraceID":"{}"}
{"logging.googleapis.com/trace":"projects/p/traces/{}"}
{"key":"trace.id","value":{"stringValue":"{}"}}
TraceID: {}
INFO [shop,{},{}] c.e.Shop : done
'trace_id': '{}'
trace_id=>{}
{"traceId":{},"n":1}
"""),
    ),
    "traceparent": Likeness(
        (lambda random: f"00-{_hex(32)(random)}-{_hex(16)(random)}-01",),
        _rows("""
traceparent: {}
{"traceparent":"{}"}
traceparent={}
{"headers":{"traceparent":["{}"]}}
"""),
    ),
    "opaque id": Likeness(
        _IDS,
        _rows("""
order_id={} status=paid
{"orderNumber":"{}"}
{"transactionId":"{}","amount":12}
message_id={} queued
{"eventId":"{}"}
{"jobId":"{}","state":"done"}
event {} published
{"cursor":"{}"}
next_page={}
{"nextPageToken":"{}"}
{"next_token":"{}"}
partition_key={}
cache_key={} hit
{"cacheKey":"{}"}
{"primaryKey":"{}"}
routing_key={}
{"object_key":"{}"}
s3_key={}
tracking number {} shipped
invoice {} not found
{"invoiceId":"{}"}
{"account_id":"{}"}
{"client_id":"{}"}
{"accessKeyId":"k{}"}
etag="{}"
{"requestId":"{}"}
batch {} finished
{"deviceId":"{}"}
{"jti":"{}"}
{"kid":"{}"}
X-Correlation-ID: {}
GET /items/{} 200
tenant_id={}
{"key":"order.id","value":{"stringValue":"{}"}}
{"externalRef":"{}"}
run {} started
build #{} passed
"""),
    ),
    "hash": Likeness(
        (_hex(40), _hex(64), _hex(32), _hex(128)),
        _rows("""
commit {}
sha256:{}
image nginx@sha256:{} pulled
{"sha":"{}"}
{"digest":"sha256:{}"}
checksum={}
md5={} ok
HEAD is now at {}
{"gitCommit":"{}"}
{"content_hash":"{}"}
fingerprint {} matches
etag: W/"{}"
revision={}
{} file.tar.gz
layer {} already exists
ref refs/heads/main {}
"""),
    ),
    "time": Likeness(
        (
            lambda random: str(random.randrange(1_600_000_000, 1_900_000_000)),
            lambda random: str(random.randrange(1_600_000_000_000, 1_900_000_000_000)),
            lambda random: str(random.randrange(1_600_000_000_000_000, 1_900_000_000_000_000)),
            lambda random: str(random.randrange(1_600_000_000_000_000_000, 1_900_000_000_000_000_000)),
            lambda random: (
                f"2024-0{random.randrange(1, 9)}-1{random.randrange(9)}T12:{random.randrange(10, 59)}:00.{random.randrange(1000)}+02:00"
            ),
            lambda random: f"1{random.randrange(9)}/May/2024:12:00:{random.randrange(10, 59)} +0000",
            lambda random: f"{random.randrange(1_600_000_000, 1_900_000_000)}.{random.randrange(10**6)}",
        ),
        _rows("""
{"ts":{}}
{"time":"{}"}
timestamp={}
start={} end={}
{"startTimeUnixNano":"{}"}
[{}] ready
at {} the job ran
token_expires_at={}
{"expires_at":{},"n":1}
{"password_changed_at":"{}"}
session_expiry={}
{"iat":{},"exp":{}}
{"secretRotatedAt":"{}"}
"""),
    ),
    "number": Likeness(
        (
            _number(3, 10),
            _number(13, 19),
            lambda random: f"{random.random() * 1e6:.6f}",
            lambda random: f"-{random.randrange(10**9)}",
        ),
        _rows("""
{"amount":{}}
bytes={} rows={}
{"balance":{},"currency":"EUR"}
price {} EUR
{"tokens":{}}
max_tokens={} prompt_tokens={}
{"completion_tokens":{},"total_tokens":{}}
offset={} lag={}
{"token_count":{}}
latency_ns={}
pid={} tid={}
{"password_length":{}}
{"size":{},"free":{}}
took {} ns
lsn={}
{"key_size":{}}
{"passwordAttempts":{}}
seq {} acknowledged
{"sku":"{}"}
{"ean":"{}"}
{"isbn":"{}"}
{"imei":"{}"}
sku={}
meter reading {}
{"points":[{},{}]}
"""),
    ),
    "version": Likeness(
        (
            lambda random: f"{random.randrange(30)}.{random.randrange(99)}.{random.randrange(9999)}",
            lambda random: (
                f"v{random.randrange(30)}.{random.randrange(99)}.{random.randrange(99)}-rc.{random.randrange(9)}+build.{random.randrange(10**6)}"
            ),
            lambda random: (
                f"{random.randrange(2000, 2030)}.{random.randrange(12)}.{random.randrange(28)}.{random.randrange(10**4)}"
            ),
        ),
        _rows("""
version={}
{"version":"{}"}
started shop {}
pkg@{}
npm WARN deprecated left-pad@{}
kernel {}-generic
{"tokenVersion":"{}"}
api/{} ready
User-Agent: curl/{}
image shop:{} pulled
"""),
    ),
    "ip": Likeness(
        (
            lambda random: ".".join(str(random.randrange(1, 255)) for _ in range(4)),
            lambda random: ":".join(f"{random.randrange(65536):x}" for _ in range(8)),
            lambda random: ":".join(f"{random.randrange(256):02x}" for _ in range(6)),
            lambda random: (
                ".".join(str(random.randrange(1, 255)) for _ in range(4)) + f":{random.randrange(1024, 65535)}"
            ),
        ),
        _rows("""
client={}
{"remote_addr":"{}"}
dial tcp {}: connect: connection refused
{} - - [01/May/2024:12:00:00 +0000] "GET / HTTP/1.1" 200 17
auth failure from {}
token refresh from {}
X-Forwarded-For: {}
listening on {}
"""),
    ),
    "pod": Likeness(
        (
            lambda random: f"shop-{_hex(10)(random)}-{_letters('bcdfghjklmnpqrstvwxz2456789', 5)(random)}",
            lambda random: f"token-service-{_hex(9)(random)}-{_letters('bcdfghjklmnpqrstvwxz2456789', 5)(random)}",
            lambda random: f"auth-{_letters('bcdfghjklmnpqrstvwxz2456789', 5)(random)}",
        ),
        _rows("""
pod/{}: Started container
{"pod":"{}"}
[pod/{}/api] ready
kubernetes.pod_name={}
secret "{}" not found in namespace shop
{"secretName":"{}"}
volume kube-api-access-{} mounted
unmounted volumes=[{}]
"""),
    ),
    "arn": Likeness(
        (lambda random: f"{_number(12, 12)(random)}",),
        _rows("""
arn:aws:secretsmanager:eu-west-1:{}:secret:prod/db-AbCdEf
arn:aws:iam::{}:role/token-issuer
{"secretArn":"arn:aws:secretsmanager:eu-west-1:{}:secret:prod/db-AbCdEf"}
arn:aws:kms:eu-west-1:{}:key/1234abcd-12ab-34cd-56ef-1234567890ab
projects/p/secrets/db-password/versions/{}
{"topic":"arn:aws:sns:eu-west-1:{}:password-resets"}
"""),
    ),
    "benign tail": Likeness(
        (_letters(_WORDS, 14), _plain_uuid, lambda random: f"x{_number(3, 9)(random)}"),
        _rows("""
{"password_id":"{}"}
{"token_type":"{}"}
{"secret_name":"{}"}
{"apiKeyName":"{}"}
api_key_id={}
{"passwordPolicy":"{}"}
{"tokenIssuer":"{}"}
{"public_key":"{}"}
token_url=https://idp.example.com/{}
{"credentialsFile":"/etc/{}.json"}
secret_path=kv/data/{}
{"cookie_name":"{}"}
{"sessionTokenName":"{}"}
password_reset_url=/reset/{}
key_vault_name={}
{"authMethod":"{}"}
{"authProvider":"{}"}
"""),
    ),
    "prose": Likeness(
        (
            lambda random: random.choice(
                ["login", "orders", "billing", "users", "admin", "search", "catalog", "checkout", "export", "upload"]
            ),
        ),
        _rows("""
token: invalid while calling {}
token expired for {}
password: must be at least 12 characters
invalid password for user {}
the {} service rejected the token
Bearer token required for {}
WWW-Authenticate: Bearer realm="{}", error="invalid_token"
WWW-Authenticate: Basic realm="{}"
basic authentication failed for {}
secret {} rotated
authorization failed: missing scope {}
Authorization: header missing for {}
cookie {} rejected because it has no SameSite attribute
password reset requested by {}
reset password flow started for {}
api key not found for {}
private key loaded from /etc/tls/{}.key
using password authentication for {}
session {} created
error: passphrase required for {}
access denied for user 'bob'@'10.0.0.1' (using password: YES) in {}
Failed password for invalid user {} from 10.0.0.1 port 22 ssh2
Accepted publickey for {} from 10.0.0.1 port 22 ssh2: RSA SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDzqQdpAwsPKt3dyMk
pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh user={}
csrf token missing on {}
{"message":"password is required","field":"{}"}
{"error":"invalid_grant","error_description":"token has expired in {}"}
unexpected token } in JSON at position 17 in {}
SyntaxError: Unexpected token < in {}
password="" user={}
{"password":"***","user":"{}"}
{"password":"[FILTERED]","user":"{}"}
{"password":null,"user":"{}"}
{"password":"<redacted>","token":"${TOKEN}","user":"{}"}
password=${DB_PASSWORD} user={}
password={{ .Values.password }} for {}
token=%s user={}
PWD=/srv/{} OLDPWD=/root
primary key {} violated
Key (id)=(17) already exists in {}
sort key {} missing
auth/{}.go:118
loaded secret from vault:secret/data/{}
secret provider {} initialised
pin: true for {}
otp required for {}
code: 404 for {}
card declined for {}
phone number missing for {}
certificate for {} expires
email not verified for {}
credentials not found for {}
refreshing credentials for {}
tokenizer {} loaded with 50257 tokens
passed {} tests
compass {} ready
bypass={} enabled
passenger {} boarded
keyboard layout {}
"""),
    ),
    "not an address": Likeness(
        (lambda random: random.choice(["shop", "api", "web", "worker", "node", "cache"]) + str(random.randrange(99)),),
        _rows("""
git@github.com:acme/{}.git
user@{}.service started
root@{}:~# ls
pkg@{}/x
akka.tcp://system@{}:2552
Started getty@tty1.service on {}
@{}/components resolved
kafka@{}.local
foo@{}.internal
{}@1.2.3 installed
<CAO1P-kAbc@mail.{}>
ssh bob@{} connected
postgres@{}:5432
"""),
    ),
    "phone-like": Likeness(
        (
            _number(10, 11),
            lambda random: f"{random.randrange(100, 999)}-{random.randrange(1000, 9999)}",
            lambda random: f"555-{random.randrange(1000, 9999)}-{random.randrange(100)}",
        ),
        _rows("""
order {} shipped
{"orderId":"{}"}
ticket={}
part number {} in stock
{"serial":"{}"}
zip {} unknown
range {} bytes
case {} closed
ref: {}
{"memory":{}}
"""),
    ),
    "public material": Likeness(
        (lambda random: base64.b64encode(random.randbytes(48)).decode(),),
        _rows("""
{"public_key":"{}"}
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA{} bob
-----BEGIN CERTIFICATE----- {} -----END CERTIFICATE-----
integrity sha512-{}
{"payload":"{}"}
data:image/png;base64,{}
{"cursor":"{}"}
h1:{}
pubkey={}
"""),
    ),
}

UNTOUCHED: Final = ("uuid", "trace id", "traceparent", "opaque id", "hash", "time", "number", "version", "ip")
"""Categories of which not one may change."""


def lookalikes(seed: int = 11) -> list[Case]:
    """The same cases for the same seed."""
    return list(_cases(Random(seed)))


def _cases(random: Random) -> Iterator[Case]:
    for category, (makes, texts) in LIKENESSES.items():
        for text in texts:
            for number in range(max(4, len(makes))):
                make = makes[number % len(makes)]
                filled = "".join(part + make(random) for part in text.split("{}")[:-1]) + text.split("{}")[-1]
                wrapping = random.choice(("plain", "plain", *ANYWHERE))
                yield Case(category, text, wrapping, WRAPPINGS[wrapping](filled), ())
