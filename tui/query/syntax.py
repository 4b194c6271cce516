"""Text to tree: the query language's one grammar, by recursive descent. What nodes mean is in tree.py and predicate.py.

    word  "a phrase"  /regex/i           text anywhere in the record
    name:value  name=value  @name:value  value may be a word with * and ?, "quoted", /regex/ or a (group of values)
    name:*  name>5  name:>=500ms         exists, order; name:[a TO b] includes its ends, name:{a TO b} does not
    name != v   name ~= part   name =~ "regex"   name in (a, b)   exists(name)
    a b   a and b   a && b   a or b   a || b   not a   !a   -a   ( ... )
    since: after: before: until:         a time, a clock time or an amount back from now

A word begins a field when a name is followed by an operator; `http://x`, `a::b` and `12:30` are words. A backslash
takes the meaning from the punctuation behind it. `/api/v1` is a word: a pattern has no bare slash inside.
"""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from typing import Final

from tui.lazy import Lazy
from tui.query.tokens import SPACE, QueryError, Scanner, checked
from tui.query.tree import (
    And,
    Contains,
    Equal,
    Everything,
    Exists,
    Node,
    Not,
    Operand,
    Or,
    Order,
    Query,
    Regex,
    Text,
    When,
)
from tui.query.values import DAY_NS, operand, period_of
from tui.values import replace

__all__ = ["MAX_CHARS", "MAX_DEPTH", "Query", "QueryError", "clause", "parse"]

MAX_DEPTH: Final = 50
MAX_CHARS: Final = 100_000
_NAME: Final = Lazy(r"[@.]{0,2}(?:[^\W\d]|[$*])(?:[\w.\-@/$*?]|\[\d*\]|\\[^\w\s])*")
_SIGN: Final = Lazy(r"!~~=|~~=|!~=|=~|!~|~=|!=|>=|<=|==|:=|:|=|>|<")
_WORD_SIGN: Final = Lazy(r"\s+(not\s+)?(in(?=\s*\()|(?:contains?|like|match(?:es)?)(?=\s*\"))", re.IGNORECASE)
_EXISTS: Final = Lazy(r"exists?\(\s*([^\s()]+)\s*\)", re.IGNORECASE)
_MINUS: Final = Lazy(r"-[^\s\-)>]")
_TO: Final = Lazy(r"\s+TO(?=\s|$)", re.IGNORECASE)
_CLOCK_BEHIND_DATE: Final = Lazy(r"[ ](\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)(?=[\s)]|$)")
_BOUNDS: Final = {"since": ">=", "after": ">", "before": "<", "until": "<="}
_TIMES: Final = frozenset({"time", "timestamp", "ts", "datetime"})
_ORDERS: Final = (">=", "<=", ">", "<")


def parse(text: str, *, now_ns: int, zone: tzinfo = UTC) -> Query:
    """The tree of a query; times without a zone are in `zone`, amounts of time count from now_ns. Raises QueryError."""
    if len(text) > MAX_CHARS:
        raise QueryError(f"a query has at most {MAX_CHARS} characters", MAX_CHARS, "a shorter query")
    return Query(text, _Parser(text, now_ns, zone).whole())


def clause(field: str, value: str) -> str:
    """The text of a query for records whose field has exactly this value."""
    name = re.sub(r"([^\w.\-@/$])", r"\\\1", field)
    return f'{name}:"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


class _Parser(Scanner):
    """Conditions and how they are joined. `field` is the name whose group of values is being read, if any."""

    def __init__(self, text: str, now_ns: int, zone: tzinfo) -> None:
        super().__init__(text)
        self.now_ns = now_ns
        self.zone = zone
        self.depth = 0
        self.value_groups = 0
        """How many of the open brackets hold values of one field, where a comma means `or`."""

    def whole(self) -> Node:
        self.space()
        if self.ended:
            return Everything()
        node = self.any_of(None)
        if not self.ended:
            raise self.error("unexpected `)`: quote text that holds brackets", "a condition")
        return node

    def any_of(self, field: str | None, behind: str = "") -> Node:
        parts = [self.all_of(field, behind)]
        while sign := self.take("or", field is not None):
            parts.append(self.all_of(field, sign))
        return joined(Or, parts)

    def all_of(self, field: str | None, behind: str) -> Node:
        parts = [self.inverted(field, behind)]
        while True:
            sign = self.take("and")
            found = self.joiner(field is not None)
            if not sign and (self.ended or self.peek == ")" or (found is not None and found[0] == "or")):
                return joined(And, [one for one in parts if one != Everything()] or parts[:1])
            parts.append(self.inverted(field, sign))

    def inverted(self, field: str | None, behind: str) -> Node:
        turned = False
        while sign := self.take("not") or self.minus(field):
            turned, behind = not turned, sign
        self.require("a condition", behind)
        node = self.single(field)
        self.space()
        return Not(node) if turned else node

    def minus(self, field: str | None) -> str:
        """Step over a `!` or `-` that negates what follows; in a group of values -5 is a number."""
        sign = self.peek
        negates = sign == "!" or (sign == "-" and _MINUS.match(self.text, self.at) is not None)
        if not negates or (field is not None and sign == "-" and self.text[self.at + 1].isdigit()):
            return ""
        self.at += 1
        self.space()
        return sign

    def require(self, what: str, behind: str, position: int | None = None) -> None:
        """Raise unless something stands here."""
        found = self.joiner()
        if not self.ended and self.peek != ")" and found is None:
            return
        at = self.at if position is None else position
        if behind:
            raise self.error(f"expected {what} after `{behind}`", what, at)
        raise self.error(f"expected {what} before `{self.peek if found is None else found[1]}`", what, at)

    def group(self, field: str | None) -> Node:
        if self.depth == MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} brackets inside each other", "fewer brackets")
        self.at += 1
        self.depth += 1
        self.value_groups += field is not None
        self.space()
        node = self.any_of(field, "(")
        if self.ended:
            raise self.error("expected `)`", "`)`")
        self.at += 1
        self.depth -= 1
        self.value_groups -= field is not None
        return node

    def single(self, field: str | None) -> Node:
        if self.peek == "(":
            return self.group(field)
        if field is not None:
            return self.value(field, "", self.at)
        if match := _EXISTS.match(self.text, self.at):
            self.at = match.end()
            return Exists(match[1].lstrip("@."))
        return self.condition() or self.word()

    def word(self) -> Node:
        start = self.at
        if quoted := self.quoted():
            self.at = quoted[1]
            return Text(self.operand(quoted[0], start, quoted=True)) if quoted[0] else Everything()
        if self.peek == "/" and (pattern := self.regex()) is not None:
            return Regex(pattern)
        text, wild = self.bare("")
        if len(wild) == text.count("*") == len(text):
            return Everything()
        return Text(self.operand(text, start, wild))

    # -- fields ----------------------------------------------------------------------------------------------------

    def condition(self) -> Node | None:
        """A field with an operator and a value; None, and nothing read, when a plain word stands here."""
        start = self.at
        name, end = self.name()
        if name is None:
            return None
        if word_sign := _WORD_SIGN.match(self.text, end):
            self.at = word_sign.end()
            node = self.spelled_out(name, word_sign[2].lower())
            return Not(node) if word_sign[1] else node
        sign = self.sign(end)
        if sign is None:
            return None
        behind, after = " ".join(self.text[start : self.at].split()), self.at
        self.space()
        self.require("a value", behind, after)
        if name.lower() in _BOUNDS and sign in (":", "=", ":=", "==") and self.text[start] != "@":
            return self.bound(_BOUNDS[name.lower()], behind)
        node = self.signed(name, sign.removeprefix("!"), behind, after)
        return Not(node) if sign.startswith("!") else node

    def name(self) -> tuple[str | None, int]:
        """The field name that may stand here, and where it ends."""
        if self.peek == '"':
            quoted = self.quoted()
            if quoted and quoted[0] and self.text[quoted[1] : quoted[1] + 1] in (":", "="):
                return quoted
            return None, self.at
        match = _NAME.match(self.text, self.at)
        if match is None:
            return None, self.at
        return re.sub(r"\\(.)", r"\1", match[0]).lstrip("@."), match.end()

    def sign(self, name_end: int) -> str | None:
        """Step over the operator behind a name; None when what stands there only looks like one."""
        space = SPACE.match(self.text, name_end)
        at = space.end() if space else name_end
        match = _SIGN.match(self.text, at)
        if match is None:
            return None
        rest = self.text[match.end() : match.end() + 2]
        if match[0] == ":" and (rest in ("//", ":") or rest.startswith(":")):
            return None
        if match[0] == ":" and name_end - self.at == 1 and rest.startswith("\\"):
            return None  # C:\folder
        if self.text[name_end - 1] == "-" and match[0].startswith(">"):
            return None  # a->b
        if at > name_end and match[0] in "<>" and not (rest[:1].isspace() or rest[:1].isdigit()):
            return None  # call <init>
        self.at = match.end()
        return match[0]

    def signed(self, name: str, sign: str, behind: str, after: int) -> Node:
        if sign in _ORDERS:
            return Order(name, sign, self.scalar(name))
        if sign == "~=":
            return Contains(name, self.scalar(name))
        if sign in ("~~=", "=~", "~"):
            return Regex(self.pattern(), name)
        return self.value(name, behind, after)

    def spelled_out(self, name: str, sign: str) -> Node:
        self.space()
        if sign == "in":
            return self.group(name)
        if sign.startswith("match"):
            return Regex(self.pattern(), name)
        value = self.scalar(name)
        if sign == "like":
            wild = tuple(at for at, char in enumerate(value.text) if char in "*?")
            return Equal(name, replace(value, wild=wild))
        return Contains(name, value)

    def pattern(self) -> str:
        start = self.at
        if self.peek == "/" and (slashed := self.regex()) is not None:
            return slashed
        if quoted := self.quoted():
            self.at = quoted[1]
            return checked("(?m)" + quoted[0], start)
        self.bare("")
        return checked("(?m)" + self.text[start : self.at], start)

    def value(self, name: str, behind: str, after: int) -> Node:
        """What stands behind `name:` or inside its group."""
        self.require("a value", behind, after)
        if name == "_exists_" or name == "_missing_":
            exists = Exists(self.scalar(name).text)
            return exists if name == "_exists_" else Not(exists)
        if self.peek == "(":
            return self.group(name)
        if sign := next((one for one in _ORDERS if self.text.startswith(one, self.at)), ""):
            self.at += len(sign)
            after = self.at
            self.space()
            self.require("a value", behind + sign, after)
            return Order(name, sign, self.scalar(name))
        if self.peek in "[{" and (between := self.between(name)) is not None:
            return between
        if self.peek == "/" and (pattern := self.regex()) is not None:
            return Regex(pattern, name)
        return self.equal(name, self.scalar(name))

    def equal(self, name: str, value: Operand) -> Node:
        only_stars = bool(value.wild) and len(value.wild) == value.text.count("*") == len(value.text)
        if name == "*":
            return Everything() if only_stars else Text(value)
        return Exists(name) if only_stars else Equal(name, value)

    def scalar(self, name: str, stops: str = "") -> Operand:
        start = self.at
        if quoted := self.quoted():
            self.at = quoted[1]
            return self.operand(quoted[0], start, quoted=True, name=name)
        text, wild = self.bare(stops or ("," if self.value_groups else ""))
        return self.operand(text, start, wild, name=name)

    def between(self, name: str) -> Node | None:
        """`[a TO b]`; None, and nothing read, for a plain value in brackets."""
        start, opening = self.at, self.peek
        self.at += 1
        self.space()
        if self.ended:
            raise self.error(f"expected a value after `{opening}`", "a value")
        low = self.scalar(name, "]}")
        if self.peek in ("]", "}") and self.peek:
            self.at = start
            return None
        to = _TO.match(self.text, self.at)
        if to is None:
            self.space()
            raise self.error(f"expected `TO` after `{self.text[start : self.at].strip()}`", "`TO`")
        self.at = to.end()
        self.space()
        if self.ended or self.peek in "]}":
            raise self.error("expected a value after `TO`", "a value")
        high = self.scalar(name, "]}")
        self.space()
        closing = self.peek
        if closing not in ("]", "}"):
            raise self.error(f"expected `{']' if opening == '[' else '}'}`", "`]` or `}`")
        self.at += 1
        parts: list[Node] = []
        if low.text != "*":
            parts.append(Order(name, ">=" if opening == "[" else ">", low))
        if high.text != "*":
            parts.append(Order(name, "<=" if closing == "]" else "<", high))
        return joined(And, parts) if parts else Exists(name)

    def bound(self, sign: str, behind: str) -> Node:
        start = self.at
        if quoted := self.quoted():
            text, self.at = quoted
        else:
            text = self.bare("")[0]
            if (clock := _CLOCK_BEHIND_DATE.match(self.text, self.at)) and period_of(text + clock[0], 0, self.zone):
                text, self.at = text + clock[0], clock.end()
        period = period_of(text, self.now_ns, self.zone)
        if period is None:
            raise self.error(
                f"expected a time after `{behind}`, such as -5m, 12:30 or 2026-11-23T12:00Z", "a time", start
            )
        if sign == "<=" and period[1] - period[0] > DAY_NS // 2:
            return When("<", period[1])  # until a day includes that day
        return When(sign, period[0])

    def operand(
        self, text: str, position: int, wild: tuple[int, ...] = (), *, quoted: bool = False, name: str = ""
    ) -> Operand:
        made = operand(text, wild, quoted=quoted, position=position, now_ns=self.now_ns, zone=self.zone)
        if made.period is None and not wild and name.lower() in _TIMES:
            return replace(made, period=period_of(text, self.now_ns, self.zone))
        return made


def joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
