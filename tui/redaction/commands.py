"""Secrets of known commands and phrases: arguments of command lines, SQL, one-time codes, OAuth codes.

Owns the table of programs with the options after which a secret stands, and the few sentences that announce one.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.gate import BOUNDARY, Occurring, Places
from tui.redaction.keys import Key
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_left_alone
from tui.redaction.spans import Span
from tui.typed import Final

_VALUE: Final = r"(?P<q>\\{0,7}[\"'`]?)(?P<password>[^\s\"'`\\|;&]{2,100})"
_AFTER_COLON: Final = r"(?P<q>\\{0,7}[\"']?)[^\s\"':\\]{0,80}:(?P<password>[^\s\"'\\|;&]{1,100})"

_PROGRAMS: Final = (
    ("mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mysqlimport", "-p", r"(?![ =])" + _VALUE),
    (
        "sshpass|docker login|podman login|helm registry login|mongo|mongosh|mongodump|unzip|smbclient|rdesktop|xfreerdp|"
        "(?:psexec|PsExec|PSEXEC)(?:64)?(?:\\.exe|\\.EXE)?|az login|az acr login|useradd|usermod|oc login|doctl|influx|ncftp",
        "-p",
        r"[ =]?(?!-)" + _VALUE,
    ),
    ("redis-cli", "-a[ =]", _VALUE),
    ("ldapsearch|ldapadd|ldapmodify|ldapwhoami|ldappasswd", "-w", "[ ]?" + _VALUE),
    ("sqlcmd|isql|ipmitool|zip|unzip", "-P", "[ ]?" + _VALUE),
    ("7z", "-p", _VALUE),
    ("curl|http|https|wget", "(?:-u|--user|--proxy-user|-U|-a)", "[ =]{0,3}" + _AFTER_COLON),
    ("curl", "(?:-u|--user)", r"[ =]{0,3}\\{0,7}[\"']?(?P<password>[^\s\"':\\]{10,100}):(?=[\s\"'\\])"),
    ("smbclient", "-U", r"[ ]?(?P<q>[\"']?)[^\s\"'%]{1,80}%(?P<password>[^\s\"'|;&\\]{1,100})"),
    ("xfreerdp|mstsc|cmdkey|net use|runas", "/(?:p|pass|password):", _VALUE),
    ("snmpwalk|snmpget|snmpset|snmptrap", "-[cAX][ ]", _VALUE),
    ("openssl", "-(?:k|K|pass|password)[ ]", r"(?!(?:pass|env|file|fd|stdin):)" + _VALUE),
    ("net use", r"\\*/user:[^ ]+ ", r"(?!/|\*)" + _VALUE),
    ("net user", r"[\w.\-]+ ", r"(?!/|\*)" + _VALUE),
    ("rabbitmqctl", "(?:add_user|change_password) ", r"\S{1,60}[ ]" + _VALUE),
    ("vault", "login ", r"(?![-\w]+=)(?=[^\s]*[0-9])" + _VALUE),
    (
        "curl|http|https",
        "(?:-b|--cookie)[ =]?",
        r"(?P<q>\\{0,7}[\"'`]?)[\w.-]{1,40}=(?P<password>[^\s\"'`\\|;&]{8,300})",
    ),
    ("htpasswd", "-[a-zA-Z]*b", r"[a-zA-Z]{0,6}[ ]\S{1,100}[ ]\S{1,60}[ ]" + _VALUE),
)
"""Programs, the option with the secret as both engines read it, and how the secret stands behind it."""

_CALL_OF_TWO: Final = (
    r"(?i)\b(?:db|database|client|conn|session)\.(?:auth|login|authenticate)\([ ]?\\{0,7}[\"'][^\"'\\]{1,80}\\{0,7}[\"'],[ ]?"
    r"\\{0,7}[\"'](?P<password>[^\"'\\]{1,200})"
)
_CODE: Final = (
    r"(?:one[- ]time (?:code|password|passcode|pin)|(?:verification|security|login|access|confirmation|authentication|"
    r"authenticator|auth|sms|2fa|mfa|otp|pin|two-factor) code|otp|pin|passcode)"
)
_SSN: Final = r"(?P<ssn>[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4})(?![\w-])"

_PHRASES: Final = (
    (r"--(?:proxy-)?user[ =]", r"(?:^|\s)(?:--user|--proxy-user)[ =]" + _AFTER_COLON),
    (r"[ \t]-u ", r"^[ \t]{1,16}-u[ ]{1,3}" + _AFTER_COLON),
    (r"pass(?:in|out)?[ =]pass:", r"\b(?:passin|passout|pass)[ =]pass:" + _VALUE),
    (
        r"[\"']AUTH\\*[\"']",
        r"[\"']AUTH\\{0,7}[\"'](?: \\{0,7}[\"'][^\"'\\]{1,64}\\{0,7}[\"'])? \\{0,7}[\"'](?P<password>[^\"'\\]{1,200})",
    ),
    (
        r"AUTH (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5) ",
        r"\bAUTH (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5) (?P<token>[A-Za-z0-9+/=]{8,2000})",
    ),
    (
        r"(?:PASS|AUTH) [^\s/\"'\\]",
        r"\b(?:PASS|AUTH) (?P<password>(?=[^\s\"'\\]{0,60}[0-9])(?=[^\s\"'\\]{0,60}[!@#$%^&*])[^\s/\"'\\]{3,100})",
    ),
    (r" PASS ", r"\bUSER \S{1,60} PASS (?P<password>[^\s/\"'\\]{3,100})"),
    (r"(?i:sqlplus)", r"(?i)\bsqlplus\b[^\n|;]{0,60}?[ ][\w$#]{1,40}\\{0,7}/(?P<password>[^\s\"'@|;&]{1,100})@"),
    (
        r"(?i:identified (?:with|by))",
        r"\b(?:(?i:identified[ ](?:with[ ][\w'\"]{1,40}[ ])?by[ ](?:password[ ])?)(?=\\{0,7}[\"'])|IDENTIFIED[ ]BY[ ])"
        + _VALUE,
    ),
    (r"(?i:identified with)", r"(?i)\bidentified[ ]with[ ][\w'\"]{1,40}[ ]as[ ]" + _VALUE),
    (
        r"(?i:set password)",
        r"(?i)\bset[ ]password[ ](?:for[ ][^=]{1,80})?=[ ]?(?:password\()?(?=\\{0,7}['\"])" + _VALUE,
    ),
    (
        r"(?i:(?:otp|pin|passcode|code|password)(?: code| number)?"
        r"(?:[\s\v]+(?:is|was|for [\w@.+*\[\]#\-]+ is)|:|=|[\s\v]*->)?[\s\v]*[\"'#]?[0-9][0-9][0-9][0-9])",
        r"(?i)\b" + _CODE + r"(?: code| number)?(?:\s+(?:is|was|for [\w@.+*\[\]#-]{1,60} is)|:|=|\s*->)?\s*[\"'#]?"
        r"(?P<pin>[0-9]{4,8})(?![\w:/-]|\.[0-9])",
    ),
    (
        r"(?i:[0-9][0-9][0-9][0-9][\s\v]+is[\s\v]+(?:your|the)[\s\v])",
        r"(?i)(?<![\w.])(?P<pin>[0-9]{4,8})\s+is\s+(?:your|the)\s+[\w ]{0,30}?(?:code|otp|pin|passcode|password)\b",
    ),
    (
        r"chpasswd",
        r"\becho[ ]\\{0,7}[\"']?[\w.-]{1,60}:(?P<password>[^\s\"'\\|]{1,100})\\{0,7}[\"']?[ ]?\|[ ]?(?:sudo[ ])?chpasswd",
    ),
    (
        r"--password-stdin",
        r"\b(?:echo|printf)[ ](?:-n[ ])?\\{0,7}[\"']?(?P<password>[^\s\"'\\|$]{1,300})\\{0,7}[\"']?[ ]?\|[^|\n]{1,200}--password-stdin",
    ),
    (
        r"(?i:requirepass|masterauth|masteruser|aws_[a-z_]*key)[ ]",
        r"(?i)\b(?:requirepass|masterauth|aws_secret_access_key|aws_session_token)[ ]" + _VALUE,
    ),
    (
        r"(?i:AUTH default )",
        r"\b(?i:AUTH)[ ]default[ ]" + _VALUE,
    ),
    (
        r"(?i:ACL SETUSER)",
        r"(?i)\bACL[ ]SETUSER[ ]\S{1,60}[ ][^\n]{0,100}?(?:>|\\u003e)(?P<password>[^\s\"'\\]{1,200})",
    ),
    (r"(?i:(?:db|database|client|conn|session)\.(?:auth|login|authenticate)\()", _CALL_OF_TWO),
    (
        r"(?i:[^a-z]key[ ]*=?[ ]*[\\]*')",
        r"(?i)\b(?:pragma[ ](?:re)?key[ ]?=[ ]?|attach[ ]database[ ][^\n;]{1,120}[ ]key[ ])" + _VALUE,
    ),
    (
        r"(?i:(?:encrypt|decrypt|crypt)\w*\()",
        r"(?i)\b(?:pgp_sym_(?:en|de)crypt|aes_(?:en|de)crypt|(?:en|de)crypt_iv|crypt)\([^()\n]{1,200}?,[ ]?" + _VALUE,
    ),
    (
        r"(?i:[a-z][0-9]+ LOGIN )",
        r"\b[A-Za-z]{1,4}[0-9]{1,6} (?i:LOGIN) (?:\\{0,7}\"[^\"\\]{1,80}\\{0,7}\"|[^\s\"\\]{1,80}) " + _VALUE,
    ),
    (
        r"(?i:credentials? [^\s]*[/:])",
        r"(?i)\bcredentials?[ ](?:for[ ])?\\{0,7}[\"']?[\w.@-]{1,60}(?:\\{0,7}/|:)(?P<password>(?=[^\s\"'\\]{0,60}[0-9])[^\s/\"'\\,]{5,100})",
    ),
    (
        r"(?i:community(?: string)?)",
        r"(?i)\bcommunity(?:[ ]string)?[ ]?(?:is[ ]|[:=][ ]?)[\"']?(?P<password>(?=[^\s\"']{0,60}[0-9])[^\s\"'\\,]{5,100})",
    ),
    (
        r"(?i:code=[^\n]*client_id=)",
        r"(?i)(?:[?&]|\\u0026)code=(?P<token>[\w.~/%+-]{10,512})(?=.{0,400}?(?:[?&]|\\u0026)client_id=)",
    ),
    (r"(?i:ssn[ #:=])", r"(?i)\bssn(?:[ ]|[ ]?#[ ]?|[ ]is[ ]|[ ]?[:=][ ]?)" + _SSN),
    (r"(?i:social security)", r"(?i)\bsocial security (?:number|no\.?)?[ :#]{1,3}(?:is )?" + _SSN),
    (
        r"(?i:code=[^\n]*state=)",
        r"(?i)(?:^|[?&])code=(?P<token>[\w.~/%+-]{10,512})(?=.{0,400}?(?:[?&]|\\u0026)state=)",
    ),
    (r"(?i:callback[^\s\"']*[?&]code=)", r"(?i)callback[^\s\"']{0,60}[?&]code=(?P<token>[\w.~/%+-]{8,512})"),
)
"""Words without which a phrase is not there, for the linear engine, and the phrase."""


def _named(phrase: str) -> str:
    """The first name of a group that is more than a letter."""
    names = (part.partition(">")[0] for part in phrase.split("(?P<")[1:])
    return next(name for name in names if len(name) > 1)


def _programs() -> Iterator[tuple[str, Places]]:
    """What of each program a line must hold, and its commands."""
    for names, option, rest in _PROGRAMS:
        words = rf"\b(?:{names})\b"
        # to the first of such options: a search to the last one would follow every command to the end of the line
        anchor = rf"{words}[^\n|;]*?[\s\v]{option}"
        yield anchor, Places((anchor,), Lazy((words + r"[^\n|;]{0,300}?\s" + option + rest).encode()))


_Shape = Places | Lazy[bytes]
_FORMS: Final[tuple[tuple[str, str, _Shape], ...]] = (
    *((anchor, "password", places) for anchor, places in _programs()),
    *((anchor, _named(phrase), Lazy(phrase.encode())) for anchor, phrase in _PHRASES),
)
"""What a line must hold, what is found in it, which is also the name of the group around it, and the pattern."""

_OCCURRING: Final = Occurring(tuple(anchor for anchor, _, _ in _FORMS))

COMMAND_ANCHORS: Final = (
    # the option alone: a pattern from the program's name to it would run to the end of every line with "http" in it
    r"[ \t](?:[\\\"']*-(?:[puawcxbkK]|pass|-cookie|-user|-proxy-user|[a-z]*b[a-z]* )|/p(?:ass|assword)?:)|\\[nrt]-[puawcx]",
    r"(?:otp|pin|passcode|code)(?: code| number)?(?: (?:is|was|for [^ ]+ is))?[ :=#\"'>\-]+[0-9][0-9][0-9][0-9]",
    r"[0-9][0-9][0-9][0-9] is (?:your|the) |(?:[?&]|u0026)code=|set password|\bssn\b|social security",
    BOUNDARY + r"(?:auth|pass)[\\\"']* +[\\\"']*[^ ]",
    r"identified (?:by|with)|\bpass(?:in|out)?[ =]pass:|--user\b|--proxy-user\b|sqlplus|chpasswd|password-stdin",
    r"requirepass|masterauth|acl setuser|\.(?:auth|login|authenticate)\(|[a-z][0-9]+ login |credentials? [^ ]+[/:]",
    r"pragma |attach database|crypt[a-z_]*\(|community|net user? |rabbitmqctl|vault login|psexec|aws_[a-z_]+ ",
)
"""For the gate, in any case."""


def command_spans(line: bytes) -> Iterator[Span]:
    """Secrets of known commands and phrases."""
    for index in _OCCURRING.match(line):
        _, kind, pattern = _FORMS[index]
        for found in pattern.finditer(line):
            value = found[kind]
            if value[:1] in (b"$", b"<", b"*") or MARK.match(line, found.start(kind)):
                continue
            if not is_left_alone(Key(kind), value):
                yield Span(found.start(kind), found.end(kind), kind, "statement")
