"""Which key names hold something sensitive.

Owns splitting an identifier into words and judging them. Reading what stands after the key is for key_values.py.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from tui.lazy import Lazy
from tui.typed import Final, NamedTuple


class Key(NamedTuple):
    """What a key name promises of its value."""

    kind: str
    """password, token, secret, auth, cookie, pin, card, iban, ssn or phone."""
    weak: bool = False
    """True when the value must look like a secret itself."""


MAX_KEY_BYTES: Final = 80

_WORDS: Final = Lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\x80-\xff]+|[0-9]+")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BENIGN_TAIL: Final = _set(
    """
    accepted acquired action actions age alg algo algorithm allowed arn at attempt attempts aud audience backend
    bucket buckets budget bytes cache caches category cfg change changed changes characters chars check checker
    checks class column columns component conf config configuration consumed context cost count counts created date
    days description dir directory disable disabled dn domain duration enable enabled encoder encoding endpoint
    endpoints engine error errors event events exception exceptions exists exp expiration expire expired expires
    expiry expirytime exporter factory failure failures field fields file filename files filter finder fingerprint
    first flag flags folder form format formats generated generator go group groups handler helper hint hints
    history hits host hostname hours html httponly id ids index input interceptor invalid issued issuer iterations
    java js json jti kid kind label labels last latency lease leeway len length less level lifetime limit limits
    loaded locked lookup manager match matches max maxlength md message messages method methods metric metrics
    middleware min minlength minutes mismatch missing mode module ms msg name names nonce operation operations
    options order output owner page param parameter parameters parser path paths pattern per permissions placeholder
    plugin policies policy pool port position prefix present price priority properties provider providers py queue
    quota rate ratio rb reader realm ref reference refreshed refs regex rejected remaining renewal renewed request
    requests require required requires reset resets response responses retries retry revoked role roles rotated
    rotation rounds rs rule rules samesite schema scope scopes score sec seconds secs secure service services set
    settings sh signer size sizes source state stats status store stores strategy strength sub subject success
    suffix support supported table tables template templates throttle throughput thumbprint time timestamp title
    total ts ttl txt type types updated updater uri uris url urls usage used users uses util utilities utils valid
    validated validator validity verifier version versions window writer yaml yml
    """
)
"""Last words that turn a sensitive name into one about it."""

_SEE_THROUGH_TAIL: Final = _set(
    "value values val plain plaintext raw b64 base64 encoded hex str string text old new current confirm confirmation "
    "again repeat data clear cleartext v env var header primary secondary backup live prod production test dev staging"
)
"""Last words that say nothing."""

_BENIGN_HEAD: Final = _set("max min total prompt completion num number count has is no use enable require used public")
_NUMBERED: Final = _set(
    "cc iban ssn factor card phone mobile pin security verification cvv account msisdn mfa otp totp sms fa auth login"
)
"""Words whose "number" and "code" is the sensitive thing itself."""

_MARKER_HEADS: Final = _set(
    "next page continuation continue sync resume pagination cancellation cancel fencing cursor scroll delta start stop eos bos "
    "pad unk cls sep mask window"
)
"""Before "token": a place in a list, a signal, a piece of text, but no credential."""

_COUNTED_WORDS: Final = _set("tokens token secrets keys")


def _table(rows: str) -> dict[str, Key]:
    """Rows of a kind, with ~ behind it for a weak one, a colon and the words that promise it."""
    table: dict[str, Key] = {}
    for row in rows.strip().splitlines():
        kind, _, words = row.partition(":")
        table.update(dict.fromkeys(words.split(), Key(kind.strip().rstrip("~"), kind.rstrip().endswith("~"))))
    return table


_WHOLE_WORDS: Final = _table(
    """
    password: password passwords passwd passwort kennwort senha wachtwoord motdepasse contrasena parola haslo pw pwd pass
    password: passphrase passcode mnemonic userpass dbpass mysqlpass sshpass keypass storepass rootpass adminpass mypass
    password: requirepass masterauth userpw dbpw psw pswd passw smbpass ftppass authpass bindpw rootpw ldappass psk
    token:    token jwt accesstoken refreshtoken idtoken sessiontoken assertion csrf xsrf
    secret:   secret credential credentials creds cred
    token~:   tokens secrets
    auth:     authorization authorisation
    cookie:   cookie cookies
    pin:      cvv cvc cvv2 cvc2 otp totp pin csc mfacode
    card:     pan ccnum ccnumber cardnumber cardno
    iban:     iban
    ssn:      ssn
    phone:    phone msisdn telephone phonenumber mobile mobilenumber cellphone tel fax cell whatsapp
    auth~:    auth session sid sessid phpsessid jsessionid
    secret~:  sig signature hmac salt seed key keys
    """
)
_ENDINGS: Final = _table(
    """
    password: password passwd passphrase passwort pwd
    token:    token
    secret:   secret apikey secretkey accesskey privatekey authkey credentials accountkey appkey signingkey hmackey
    secret:   encryptionkey masterkey sharedkey jwtkey securitykey sharedaccesskey
    phone:    msisdn
    auth~:    sessid
    """
)
_STARTS: Final = _table(
    """
    password: contrase password passwd
    secret:   secretkey
    """
)
_PHRASES: Final = {
    **dict.fromkeys(("sonar login", "contribsys com", "jenkins crumb", "unseal key"), Key("secret")),
    **dict.fromkeys(
        (f"{issuer} pat" for issuer in ("asana", "github", "gitlab", "ado", "devops", "azure")), Key("token")
    ),
    **dict.fromkeys(("card number", "card no", "cc number", "cc num", "card num"), Key("card")),
    **dict.fromkeys(("seed phrase", "recovery phrase", "pass phrase", "de passe"), Key("password")),
    **dict.fromkeys(("security code", "verification code", "pin code", "mfa code", "otp code"), Key("pin")),
    **dict.fromkeys(("sms code", "fa code", "totp code", "login code", "factor code"), Key("pin")),
    **dict.fromkeys(("phone number", "mobile number", "mobile phone", "cell phone"), Key("phone")),
    "auth code": Key("auth", weak=True),
    "snmp community": Key("secret"),
    **dict.fromkeys(("security answer", "wpa psk"), Key("password")),
    **dict.fromkeys(("saml response", "saml request", "saml assertion"), Key("token", weak=True)),
}

_KEY_HEADS: Final = _set(
    "api access private secret encryption encrypt decryption decrypt signing sign account shared master auth "
    "subscription webhook hmac aes license licence storage deploy bearer wrapping data symmetric apikey cipher crypto "
    "functions function ssh gpg jwt rsa admin service integration restricted heroku hubspot snyk openai stripe sendgrid "
    "mailgun twilio datadog algolia anthropic cohere mistral deepgram pinecone mapbox newrelic bugsnag rollbar segment "
    "mixpanel sentry grafana elastic alchemy infura etherscan binance coinbase kraken plaid adyen braintree paypal razorpay"
)
_BENIGN_KEY_HEADS: Final = _set(
    """
    get public partition primary cache schema idx routing sort foreign idempotency dedup deduplication object row hash range group map
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
    if words[-1] in ("token", "tokens") and words[-2] in _MARKER_HEADS:
        return True
    if words[-1] in ("number", "no", "code"):
        return not _NUMBERED & set(words)
    if words[-1] in ("hash", "digest", "checksum", "sha", "md5"):
        return not {"password", "passwd", "pwd", "pass"} & set(words)
    return (words[-1] in _BENIGN_TAIL and "saml" not in words) or (
        words[-1] in _COUNTED_WORDS and words[0] in _BENIGN_HEAD
    )


def _of_phrases(words: list[str]) -> Key | None:
    for before, word in pairwise(words):
        if word in ("key", "keys") and before in _KEY_HEADS:
            return Key("secret")
        key = _PHRASES.get(f"{before} {word}")
        if key is not None:
            return key
    return Key("card") if words[-1] == "card" and len(words) <= 2 else None


def _of_words(words: list[str]) -> Key | None:
    weak: Key | None = None
    for word in reversed(words):
        if word == "jsonwebtoken":
            continue
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
    for ending, key in _ENDINGS.items():
        if word.endswith(ending):
            return key
    for start, key in _STARTS.items():
        if word.startswith(start) and word[len(start) :] not in _BENIGN_TAIL:
            return key
    return None
