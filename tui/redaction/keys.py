"""Which key names hold something sensitive.

Owns splitting an identifier into words and judging them. Reading what stands after the key is for key_values.py.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple


class Key(NamedTuple):
    """What a key name promises of its value."""

    kind: str
    """password, token, secret, auth, cookie, pin, card, iban, ssn or phone."""
    weak: bool = False
    """True when the value must look like a secret itself."""


MAX_KEY_BYTES: Final = 80

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\x80-\xff]+|[0-9]+")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BENIGN_TAIL: Final = _set(
    """
    id ids name names type types count counts at expires expiry expiration expire exp expired expirytime len length size
    sizes url urls uri uris path paths file files filename dir directory folder version versions enabled disabled enable
    disable required require requires policy policies ttl age limit limits usage used uses valid invalid validity
    validated status state hint hints format formats algorithm algo alg strength rotation rotated changed created updated
    index position field fields label labels error errors exception exceptions message messages msg scope scopes endpoint
    endpoints issuer provider providers source store stores manager service services ref refs reference mode kind class
    method methods ms seconds secs sec minutes hours days duration time timestamp date last first generated issued
    validator verifier handler factory filter interceptor middleware parser generator helper util utils config
    configuration settings options rule rules attempts attempt retries retry max min budget total bucket buckets remaining
    consumed rate cost price score prefix suffix regex pattern placeholder input output form page reset resets less
    request requests response responses event events template templates title description action actions operation
    operations mismatch missing failure failures success check checks checker match matches present exists set supported
    support strategy level category group groups owner users encoder encoding schema backend engine plugin module
    component audience aud subject sub realm arn column columns table tables window iterations rounds cache caches pool
    renewal refreshed revoked signer locked lifetime lease leeway minlength maxlength jti fingerprint thumbprint
    context kid parameter parameters param order hits queue domain dn host hostname port lookup stats metrics metric
    changes change history nonce allowed bytes chars characters ratio latency throughput per throttle quota permissions
    role roles priority flags flag samesite secure httponly finder utilities exporter updater writer reader renewed
    acquired accepted rejected loaded
    """
)
"""Last words that turn a sensitive name into one about it."""

_SEE_THROUGH_TAIL: Final = _set(
    "value values val plain plaintext raw b64 base64 encoded hex str string text old new current confirm confirmation "
    "again repeat data clear cleartext v env var header primary secondary backup live prod production test dev staging"
)
"""Last words that say nothing."""

_BENIGN_HEAD: Final = _set("max min total prompt completion num number count has is no use enable require used public")
_COUNTED_WORDS: Final = _set("tokens token secrets keys")

_WHOLE_WORDS: Final = {
    **dict.fromkeys(
        [
            "password",
            "passwd",
            "passwort",
            "kennwort",
            "senha",
            "wachtwoord",
            "motdepasse",
            "contrasena",
            "parola",
            "haslo",
            "pw",
            "pwd",
            "pass",
            "passphrase",
            "passcode",
            "passwords",
            "mnemonic",
            "userpass",
            "dbpass",
            "mysqlpass",
            "sshpass",
            "keypass",
            "storepass",
            "rootpass",
            "adminpass",
            "sshpassphrase",
            "requirepass",
            "masterauth",
            "userpw",
            "dbpw",
            "psw",
            "pswd",
            "passw",
            "smbpass",
            "ftppass",
            "authpass",
            "mypass",
            "bindpw",
            "rootpw",
            "ldappass",
        ],
        Key("password"),
    ),
    **dict.fromkeys(
        ["token", "jwt", "accesstoken", "refreshtoken", "idtoken", "sessiontoken", "assertion", "csrf", "xsrf"],
        Key("token"),
    ),
    **dict.fromkeys(["secret", "credential", "credentials", "creds", "cred"], Key("secret")),
    **dict.fromkeys(["tokens", "secrets"], Key("token", weak=True)),
    "authorization": Key("auth"),
    "authorisation": Key("auth"),
    "cookie": Key("cookie"),
    "cookies": Key("cookie"),
    **dict.fromkeys(["cvv", "cvc", "cvv2", "cvc2", "otp", "totp", "pin", "csc", "mfacode"], Key("pin")),
    "iban": Key("iban"),
    "ssn": Key("ssn"),
    "pan": Key("card"),
    "ccnum": Key("card"),
    "ccnumber": Key("card"),
    "cardnumber": Key("card"),
    "cardno": Key("card"),
    **dict.fromkeys(
        [
            "phone",
            "msisdn",
            "telephone",
            "phonenumber",
            "mobile",
            "mobilenumber",
            "cellphone",
            "tel",
            "fax",
            "cell",
            "whatsapp",
        ],
        Key("phone"),
    ),
    **dict.fromkeys(["auth", "session", "sid", "sessid", "phpsessid", "jsessionid"], Key("auth", weak=True)),
    **dict.fromkeys(["sig", "signature", "hmac", "salt", "seed"], Key("secret", weak=True)),
    **dict.fromkeys(["key", "keys"], Key("secret", weak=True)),
}

_ENDINGS: Final = (
    *((ending, Key("password")) for ending in ("password", "passwd", "passphrase", "passwort", "pwd")),
    *((ending, Key("token")) for ending in ("token",)),
    *(
        (ending, Key("secret"))
        for ending in (
            "secret",
            "apikey",
            "secretkey",
            "accesskey",
            "privatekey",
            "authkey",
            "credentials",
            "accountkey",
        )
    ),
    ("msisdn", Key("phone")),
    ("sessid", Key("auth", weak=True)),
)
_STARTS: Final = (
    ("contrase", Key("password")),
    ("password", Key("password")),
    ("passwd", Key("password")),
    ("secretkey", Key("secret")),
)

_KEY_HEADS: Final = _set(
    "api access private secret encryption encrypt decryption decrypt signing sign account shared master auth "
    "subscription webhook hmac aes license licence storage deploy bearer wrapping data symmetric apikey cipher crypto"
)
_BENIGN_KEY_HEADS: Final = _set(
    """
    public partition primary cache routing sort foreign idempotency dedup deduplication object row hash range group map
    join unique natural composite index search lookup message event shard bucket s3 redis lock config setting property
    feature translation i18n locale label metric tag field column item record entity file path registry known
    pub pk fk storage order business surrogate clustering cluster correlation trace span request tenant user session
    cookie answer resource topic kafka state sorted etcd zk consul dict json meta header param query env variable
    short hot any press keyboard arrow enter escape tab up down left right page grouping aggregation binding series
    """
)


@lru_cache(maxsize=8192)
def classify(name: bytes) -> Key | None:
    """What the name of a key promises, or None for one that is not sensitive."""
    words = [word.lower() for word in _WORDS.findall(name.decode("latin-1"))]
    while len(words) > 1 and (words[-1].isdigit() or words[-1] in _SEE_THROUGH_TAIL):
        words.pop()
    if not words:
        return None
    if len(words) > 1 and _is_about(words):
        return None
    if _joins_records(words):
        return None
    return _of_phrases(words) or _of_words(words)


def _joins_records(words: list[str]) -> bool:
    """True for names such as partition_key and AccountSid: keys of data, not to it."""
    if words[-1] == "sid":
        return len(words) > 1 and words[0] not in ("connect", "php", "session", "express", "cookie")
    if words[-1] not in ("key", "keys") or len(words) == 1:
        return words == ["sessionid"]
    before = "".join(words[-3:-1]) if words[-2].isdigit() else words[-2]
    return before in _BENIGN_KEY_HEADS and not {"secret", "api", "private"} & set(words)


def _is_about(words: list[str]) -> bool:
    """True for names such as token_count and max_tokens: they say something about a secret."""
    if words[-1] in ("number", "no", "code"):
        return not {
            "card",
            "phone",
            "mobile",
            "pin",
            "security",
            "verification",
            "cvv",
            "mfa",
            "otp",
            "totp",
            "sms",
            "fa",
            "auth",
            "account",
            "msisdn",
        } & set(words)
    if words[-1] in ("hash", "digest", "checksum", "sha", "md5"):
        return not {"password", "passwd", "pwd", "pass"} & set(words)
    return words[-1] in _BENIGN_TAIL or (words[-1] in _COUNTED_WORDS and words[0] in _BENIGN_HEAD)


def _of_phrases(words: list[str]) -> Key | None:
    for before, word in zip(words, words[1:], strict=False):
        if word in ("key", "keys"):
            if before in _KEY_HEADS:
                return Key("secret")
        elif (before, word) in (("card", "number"), ("card", "no"), ("cc", "number"), ("cc", "num"), ("card", "num")):
            return Key("card")
        elif (before, word) in (("seed", "phrase"), ("recovery", "phrase"), ("pass", "phrase"), ("de", "passe")):
            return Key("password")
        elif (before, word) in (
            ("security", "code"),
            ("mfa", "code"),
            ("otp", "code"),
            ("sms", "code"),
            ("fa", "code"),
            ("verification", "code"),
            ("pin", "code"),
            ("auth", "code"),
        ):
            return Key("pin") if before != "auth" else Key("auth", weak=True)
        elif (before, word) in (("phone", "number"), ("mobile", "number"), ("mobile", "phone"), ("cell", "phone")):
            return Key("phone")
        elif (before, word) == ("snmp", "community"):
            return Key("secret")
    if words[-1] == "card" and len(words) <= 2:
        return Key("card")
    return None


def _of_words(words: list[str]) -> Key | None:
    weak: Key | None = None
    for word in reversed(words):
        key = _WHOLE_WORDS.get(word) or _compound(word)
        if key is None or (word in ("key", "keys") and len(words) == 1):
            continue
        if word == "pass" and len(words) > 2 and word != words[-1]:
            continue
        if not key.weak:
            return key
        weak = weak or key
    return weak


def _compound(word: str) -> Key | None:
    """Names without any boundary, such as dbpassword and XAPIKEY."""
    for ending, key in _ENDINGS:
        if word.endswith(ending):
            return key
    for start, key in _STARTS:
        if word.startswith(start) and word[len(start) :] not in _BENIGN_TAIL:
            return key
    return None
