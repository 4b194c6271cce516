"""Secrets that no separator announces: command lines, SQL, XML, lists of pairs, forms, netrc, plain sentences.

Owns these forms, each as small as it can be told apart from prose about passwords.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui.redaction.gate import BOUNDARY, compile_any
from tui.redaction.keys import Key, classify
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_left_alone, is_plain_word, looks_secret
from tui.redaction.protected import is_escape_end
from tui.redaction.quoting import OPENING, bare_end, quoted_end
from tui.redaction.spans import Span
from tui.redaction.stems import Name
from tui.redaction.values import whole_value_spans

_QUOTE: Final = rb"""(?:\\{0,31}["'`]|&quot;|%22|\\{1,15}u0022)"""
_BLANKS: Final = rb"(?:[ \t]|\\[nrt]){0,20}"

_PAIRED: Final = re.compile(rb"(?P<close>" + _QUOTE + rb")[ ]{0,4},[ \t]{0,8}(?:b(?=[\"']))?(?=" + _QUOTE + rb")")
_NAMED: Final = re.compile(
    _QUOTE
    + rb"?"
    + _BLANKS
    + rb"[,;]?"
    + _BLANKS
    + rb"(?:"
    + _QUOTE
    + rb"?[A-Za-z_]{1,16}"
    + _QUOTE
    + rb"?[ ]?[:=][ ]?"
    + _QUOTE
    + rb"?[\w ./-]{0,40}"
    + _QUOTE
    + rb"?[ ]?,?[ ]?){0,2}?"
    + _QUOTE
    + rb"?(?i:value|val|content|data|string_?value|newvalue|password|secret)"
    + _QUOTE
    + rb"?"
    + _BLANKS
    + rb"[:=]"
    + _BLANKS
    + rb"(?:\{"
    + _BLANKS
    + _QUOTE
    + rb"?(?i:string_?value|value)"
    + _QUOTE
    + rb"?"
    + _BLANKS
    + rb":"
    + _BLANKS
    + rb")?(?="
    + _QUOTE
    + rb")"
)
_NAME_BEFORE: Final = re.compile(
    rb"(?i)(?:name|key|field|header|property|variable|attribute|n|k|param|parameter|id)"
    + _QUOTE
    + rb"?[ ]{0,4}[:=][ ]{0,4}"
    + _QUOTE
    + rb"\Z"
)
_VALUE_BEFORE: Final = re.compile(
    rb"(?i)(?:value|val|v)"
    + _QUOTE
    + rb"?[ ]{0,4}[:=][ ]{0,4}("
    + _QUOTE
    + rb")([^\"'`\\]{1,200})"
    + _QUOTE
    + rb"[ ]{0,4},?[ ]{0,4}"
    + _QUOTE
    + rb"?(?:name|key|field|header|k|n)"
    + _QUOTE
    + rb"?[ ]{0,4}[:=][ ]{0,4}"
    + _QUOTE
    + rb"\Z"
)
_XML: Final = re.compile(
    rb"(?:[ ][^<>]{0,200})?(?:>|&gt;|\\{1,15}u003[eE])(?:\s|\\[nrt]){0,20}(?:<!\[CDATA\[|&lt;!\[CDATA\[)?"
)
_XML_END: Final = re.compile(rb"\]\]|</|&lt;|<\\{0,15}/|\\{1,15}u003[cC]|<")
_XML_BEFORE: Final = re.compile(rb"(?:<|&lt;|\\u003[cC])(?:[A-Za-z0-9_-]{1,40}:)?\Z")
_FORM: Final = re.compile(
    _QUOTE + rb"(?:;[^\\\r\n]{0,80})?(?:(?:\\{1,31}r\\{1,31}n|\\{1,31}n|\r?\n|\r){1}(?:Content-[^\\\r\n]{1,100}))?"
    rb"(?:(?:\\{1,31}r\\{1,31}n){2}|(?:\\{1,31}n){2})"
)
_FORM_END: Final = re.compile(rb"""\\{1,31}[rn]|[\r\n"]""")
_FLAG_GAP: Final = re.compile(rb"(?:" + _QUOTE + rb"?[ \t]{0,4},[ \t]{0,4}(?=" + _QUOTE + rb")|[ \t]{1,8}(?![-|&>]))")
_SAID: Final = re.compile(
    rb"(?i)[ \t]{1,4}(?:(?:is|was|to|set to|changed to|reset to|are|of|value|equals|for [\w@.-]{1,40} (?:is|was|to))[ ]?[:=]?[ ]{1,2}|[:=-]{1,2}[ ])?"
)
_NETRC: Final = re.compile(rb"(?i)\b(?:machine|default|login)[ \t]+\S")

COMMAND_ANCHORS: Final = (
    BOUNDARY
    + r"(?:mysql|mysqldump|mysqladmin|mariadb|mongo|mongosh|mongodump|redis-cli|sshpass|psql|sqlcmd|ldapsearch|ldapadd|bind|docker|podman|helm|htpasswd|zip|unzip|7z|ipmitool|smbclient|xfreerdp|rdesktop|snmpwalk|snmpget|curl|wget|http|https|cifs|isql|sqlplus|kinit|nc|ftp|lftp|openssl)\b[^\n]*\s[\"']?[/\-](?:p|u|a|w|P|U|c|A|X|pass|pw|passin|passout|user|proxy-user)",
    r"(?:otp|pin|passcode|code)(?: code| number)?(?: (?:is|was|for [^ ]+ is))?[ :=#\"'>\-]+[0-9][0-9][0-9][0-9]",
    r"[0-9][0-9][0-9][0-9] is (?:your|the) |[?&]code=|set password|\bssn\b|social security",
    r"identified (?:by|with)|insert into|machine \S+ login|\bpassin\b|\bpassout\b|--user\b|--proxy-user\b",
)

_COMMANDS: Final = (
    rb"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mysqlimport)\b[^\n|;]{0,200}?\s-p(?![ =])(?P<v>[^\s\"'|;&]{2,100})",
    rb"\b(?:sshpass|docker login|podman login|helm registry login|mongo|mongosh|mongodump|unzip|smbclient|rdesktop|xfreerdp)\b[^\n|;]{0,200}?\s-p[ =]?(?P<q>[\"']?)(?P<v>[^\s\"'|;&-][^\s\"'|;&]{1,100})",
    rb"\b(?:redis-cli)\b[^\n|;]{0,200}?\s-a[ =](?P<q>[\"']?)(?P<v>[^\s\"'|;&]{2,100})",
    rb"\b(?:ldapsearch|ldapadd|ldapmodify|ldapwhoami|ldappasswd)\b[^\n|;]{0,300}?\s-w[ ]?(?P<q>[\"']?)(?P<v>[^\s\"'|;&]{2,100})",
    rb"\b(?:sqlcmd|isql|ipmitool|zip|unzip)\b[^\n|;]{0,200}?\s-P[ ]?(?P<q>[\"']?)(?P<v>[^\s\"'|;&]{2,100})",
    rb"\b7z\b[^\n|;]{0,200}?\s-p(?P<v>[^\s\"'|;&]{2,100})",
    rb"\b(?:curl|http|https|wget)\b[^\n|;]{0,400}?\s(?:-u|--user|--proxy-user|-U|-a)[ =]?(?P<q>\\{0,7}[\"']?)[^\s\"':\\]{0,80}:(?P<v>[^\s\"'\\|;&]{1,100})",
    rb"(?:^|\s)(?:--user|--proxy-user)[ =](?P<q>\\{0,7}[\"']?)[^\s\"':\\]{1,80}:(?P<v>[^\s\"'\\|;&]{1,100})",
    rb"\bsmbclient\b[^\n|;]{0,200}?\s-U[ ]?(?P<q>[\"']?)[^\s\"'%]{1,80}%(?P<v>[^\s\"'|;&]{1,100})",
    rb"\b(?:xfreerdp|mstsc|cmdkey|net use|runas)\b[^\n|;]{0,200}?\s/(?:p|pass|password):(?P<v>[^\s\"'|;&]{1,100})",
    rb"\b(?:snmpwalk|snmpget|snmpset|snmptrap)\b[^\n|;]{0,200}?\s-(?:c|A|X)[ ](?P<q>[\"']?)(?P<v>[^\s\"'|;&]{2,100})",
    rb"\b(?:passin|passout|pass)[ =]pass:(?P<v>[^\s\"'|;&]{1,100})",
    rb"\bhtpasswd\b[^\n|;]{0,40}?\s-[a-zA-Z]*b[a-zA-Z]*[ ]\S{1,100}[ ]\S{1,60}[ ](?P<v>[^\s\"'|;&]{1,100})",
    rb"(?i)\bsqlplus\b[^\n|;]{0,60}?[ ][\w$#]{1,40}/(?P<v>[^\s\"'@|;&]{1,100})@",
    rb"(?i)\bidentified[ ](?:with[ ][\w'\"]{1,40}[ ])?by[ ](?:password[ ])?(?P<q>\\{0,7}[\"'`]?)(?P<v>[^\s\"'`;\\]{1,100})",
    rb"(?i)\bset[ ]password[ ](?:for[ ][^=]{1,80})?=[ ]?(?:password\()?(?P<q>\\{0,7}['\"])(?P<v>[^\s\"'`;\\]{1,100})",
    rb"(?i)\bidentified[ ]with[ ][\w'\"]{1,40}[ ]as[ ](?P<q>\\{0,7}[\"'`])(?P<v>[^\s\"'`;\\]{1,100})",
    rb"(?i)\b(?:otp|pin|one[- ]time (?:code|password|passcode|pin)|(?:verification|security|login|access|confirmation|auth(?:entication|enticator)?|sms|2fa|mfa|otp|pin|two-factor) code|passcode)(?: code| number)?(?:\s+(?:is|was|for [\w@.+*\[\]#-]{1,60} is)|:|=|\s*->)?\s*[\"'#]?(?P<pin>[0-9]{4,8})(?![\w:/-]|\.[0-9])",
    rb"(?i)(?<![\w.])(?P<pin>[0-9]{4,8})\s+is\s+(?:your|the)\s+[\w ]{0,30}?(?:code|otp|pin|passcode|password)\b",
    rb"(?i)\bssn(?:[ ]|[ ]?#[ ]?|[ ]is[ ]|[ ]?[:=][ ]?)(?P<ssn>[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4})(?![\w-])",
    rb"(?i)\bsocial security (?:number|no\.?)?[ :#]{1,3}(?:is )?(?P<ssn>[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4})(?![\w-])",
    rb"(?i)(?:^|[?&])code=(?P<code>[\w.~/%+-]{10,512})(?=.{0,400}?(?:[?&]|\\u0026)state=)|callback[^\s\"']{0,60}[?&]code=(?P<code2>[\w.~/%+-]{8,512})",
)
_COMPILED: Final = tuple(re.compile(pattern) for pattern in _COMMANDS)
COMMANDS: Final = compile_any(COMMAND_ANCHORS, ignore_case=True)


def statement_spans(line: bytes) -> Iterator[Span]:
    """Secrets of known commands and phrases."""
    if COMMANDS.search(line) is not None:
        for pattern in _COMPILED:
            for found in pattern.finditer(line):
                yield from _of_statement(line, found)
    if b"alues" in line or b"ALUES" in line:
        yield from insert_spans(line)


def _of_statement(line: bytes, found: re.Match[bytes]) -> Iterator[Span]:
    for group, text in found.groupdict().items():
        if text is None or group == "q" or MARK.match(line, found.start(group)) or text[:1] in (b"$", b"<", b"*"):
            continue
        kind = {"v": "password", "pin": "pin", "ssn": "ssn"}.get(group, "token")
        if not is_left_alone(Key(kind), text):
            yield Span(found.start(group), found.end(group), kind, "statement")


def spans_without_separator(line: bytes, name: Name, key: Key) -> Iterator[Span]:
    """What stands behind a sensitive name that neither `:` nor `=` follows."""
    before = line[max(0, name.start - 260) : name.start]
    for form in (_of_flag, _of_pair, _of_named, _of_xml, _of_form, _of_sentence):
        found = list(form(line, name, key, before))
        if found:
            yield from found
            return


def _quoted(line: bytes, start: int, key: Key, name: bytes) -> Iterator[Span]:
    opening = OPENING.match(line, start)
    if opening is not None:
        end, _ = quoted_end(line, opening.end(), opening[0])
        yield from whole_value_spans(line, opening.end(), end, key, name)


def _of_flag(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`--password x`, also as two strings of a list."""
    if not name.text.startswith(b"-") or key.kind == "phone":
        return
    if before and before[-1:] not in b" \t\"'`=(,[" and not is_escape_end(line, name.start):
        return
    gap = _FLAG_GAP.match(line, name.end)
    if gap is None:
        return
    if OPENING.match(line, gap.end()):
        yield from _quoted(line, gap.end(), key, name.text)
        return
    end = bare_end(line, gap.end())
    value = line[gap.end() : end]
    if not MARK.match(value) and not is_left_alone(key, value) and not value.startswith(b"-"):
        yield Span(gap.end(), end, key.kind, "statement")


def _of_pair(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`["password", "x"]`, `("Authorization", "Bearer x")`, `setProperty("X_TOKEN", "x")`."""
    found = _PAIRED.match(line, name.end)
    if found is None:
        return
    head = re.search(rb"[\[(][ ]{0,4}b?" + re.escape(found["close"]) + rb"(?:[\w.\[-]{0,40})\Z", before)
    opening = OPENING.match(line, found.end())
    if opening is None:
        return
    end, behind = quoted_end(line, opening.end(), opening[0])
    value = line[opening.end() : end]
    closed = line[behind : behind + 4].lstrip()[:1] in (b"]", b")")
    if (head is not None and closed and not is_plain_word(value)) or (
        key.kind == "auth" and not key.weak and b" " in value
    ):
        yield from whole_value_spans(line, opening.end(), end, key, name.text)


def _of_named(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`"name":"DB_PASSWORD","value":"x"` and `<property name="password" value="x"/>`, in either order."""
    if _NAME_BEFORE.search(before[-60:]) is None:
        return
    found = _NAMED.match(line, name.end)
    if found is not None:
        yield from _quoted(line, found.end(), key, name.text)
        return
    earlier = _VALUE_BEFORE.search(before)
    if earlier is not None:
        offset = name.start - len(before)
        yield from whole_value_spans(line, offset + earlier.start(2), offset + earlier.end(2), key, name.text)


def _of_xml(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    if _XML_BEFORE.search(before[-60:]) is None:
        return
    found = _XML.match(line, name.end)
    if found is None:
        return
    stop = _XML_END.search(line, found.end(), found.end() + 8192)
    end = stop.start() if stop else min(len(line), found.end() + 8192)
    if end > found.end() and not re.search(rb"[\"'{}]", line[found.end() : end]):
        yield from whole_value_spans(line, found.end(), end, key, name.text)


def _of_form(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """A field of a multipart form whose line ends are escaped."""
    found = _FORM.match(line, name.end)
    if found is None:
        return
    stop = _FORM_END.search(line, found.end())
    end = stop.start() if stop else len(line)
    yield from whole_value_spans(line, found.end(), end, key, name.text)


def _of_sentence(line: bytes, name: Name, key: Key, before: bytes) -> Iterator[Span]:
    """`PASSWORD 'x'`, "password is hunter2", "token 3Fa8...": only what looks the part."""
    said = _SAID.match(line, name.end)
    if said is None or key.kind in ("phone", "card", "iban", "ssn", "pin", "cookie"):
        return
    spoken = bool(said[0].strip())
    start = said.end()
    opening = OPENING.match(line, start)
    if opening is not None:
        end, _ = quoted_end(line, opening.end(), opening[0])
        value = line[opening.end() : end]
        if (
            key.kind == "password"
            and opening[0][-1:] in b"'\"`;"
            and not re.search(
                rb"(?i)(?:field|column|param\w*|key|property|attribute|unknown|input|name)[ ]['\"]?\Z", before[-24:]
            )
        ) or (looks_secret(value) and not key.weak):
            yield from whole_value_spans(line, opening.end(), end, key, name.text)
        return
    if line[start : start + 1] in b"[({<":
        return
    end = bare_end(line, start)
    value = line[start:end].rstrip(b".,!?;:")
    if MARK.match(value) or is_left_alone(key, value) or key.weak or len(value) < 3:
        return
    netrc = key.kind == "password" and name.text.lower() == b"password" and _NETRC.search(before) is not None
    if (
        netrc
        or (looks_secret(value) and len(value) >= (12 if spoken else 16))
        or (spoken and key.kind == "password" and _is_passwordish(value))
    ):
        yield Span(start, start + len(value), key.kind, "statement")


def _is_passwordish(value: bytes) -> bool:
    return len(value) >= 5 and bool(re.search(rb"[0-9!@#$%^&*]", value)) and bool(re.search(rb"[A-Za-z]", value))


_SPACED: Final = re.compile(rb"(?:[ -]?[A-Z0-9]{1,6}){1,10}")


def spaced_end(line: bytes, start: int, end: int) -> int:
    """Where a number written in groups ends when its key says what it is."""
    found = _SPACED.match(line, start, start + 60)
    return max(end, found.end()) if found else end


_PHONE_VALUE: Final = re.compile(rb"[+(]?[0-9](?:[ ().-]{0,2}[0-9]){6,14}")


def phone_value(line: bytes, start: int, key: Key) -> Iterator[Span]:
    found = _PHONE_VALUE.match(line, start)
    if found is not None and not line[found.end() : found.end() + 1].isalnum():
        yield Span(found.start(), found.end(), key.kind, "key")


_INSERT: Final = re.compile(
    rb"(?i)insert[ ](?:ignore[ ])?into[ ][\w.\"`\\]{1,100}[ ]?\(([^()]{1,2000})\)[ ]?values[ ]?"
)
_UNIT: Final = re.compile(rb"(?:\\{0,31}['\"]|[^,()'\"\\\s][^,()'\"]{0,200}|,|\(|\)|[ \t])")


def insert_spans(line: bytes) -> Iterator[Span]:
    """`INSERT INTO users (name, password) VALUES ('a', 'b')`: the values in the sensitive columns."""
    for found in _INSERT.finditer(line):
        columns = [column.strip(b" \"'`[]\\") for column in found[1].split(b",")]
        keys = [classify(column) for column in columns]
        if any(keys):
            yield from _row_spans(line, found.end(), keys)


_NEXT_ROW: Final = re.compile(rb"[ ]{0,4},[ ]{0,4}\(")


def _row_spans(line: bytes, start: int, keys: list[Key | None]) -> Iterator[Span]:
    position, column = start, 0
    while position < len(line):
        unit = _UNIT.match(line, position)
        if unit is None:
            return
        text, position = unit[0], unit.end()
        key = keys[column] if column < len(keys) else None
        if text == b"(":
            column = 0
        elif text == b")":
            following = _NEXT_ROW.match(line, position)
            if following is None:
                return
            position, column = following.end(), 0
        elif text == b",":
            column += 1
        elif text[-1:] in b"'\"":
            end, position = quoted_end(line, unit.end(), text)
            if key is not None:
                yield from whole_value_spans(line, unit.end(), end, key)
        elif key is not None and text.strip() and not is_left_alone(key, text.strip()):
            yield Span(unit.start(), unit.start() + len(text.rstrip()), key.kind, "statement")
