"""Anchors: the cheap patterns that say where in a block or line a rule has to look.

Owns the alternations over key stems and the gate over a whole block. An anchor may promise too much, never too little:
what the rules would find on a line, some anchor must hit. Repeats are bare stars over classes, never counted far, so
that the state machines stay small.
"""

from __future__ import annotations

from typing import Final

from tui.redaction.addresses import ADDRESS_ANCHORS
from tui.redaction.commands import COMMAND_ANCHORS
from tui.redaction.gate import compile_any
from tui.redaction.headers import SCHEME_ANCHORS
from tui.redaction.numbers import NUMBER_ANCHORS
from tui.redaction.statements import STATEMENT_ANCHORS
from tui.redaction.stems import STEM_ANCHORS
from tui.redaction.tokens import JWT_ANCHORS, PREFIX_ANCHORS, SHAPE_ANCHORS

_BOUNDARY: Final = r"(?:\b|_|\\[nrtbf]|%[0-9A-Fa-f][0-9A-Fa-f]|u00[0-9a-fA-F][0-9a-fA-F]|bot)"

PEM_ANCHORS: Final = (r"-----BEGIN|LS0tLS1CRUdJTi|PuTTY-User-Key",)

SCHEMES: Final = compile_any(SCHEME_ANCHORS, ignore_case=True)
"""Names of authentication schemes."""

ADDRESSES: Final = compile_any(ADDRESS_ANCHORS, ignore_case=True)
"""E-mail addresses and users in URLs."""

SHAPES: Final = compile_any((*SHAPE_ANCHORS, *JWT_ANCHORS))
"""Tokens with their tell-tale elsewhere than in front."""

NUMBERS: Final = compile_any(NUMBER_ANCHORS)
"""Digits that could be a card, an account, a phone or social security number."""

_CASELESS: Final = (*STEM_ANCHORS, *SCHEME_ANCHORS, *ADDRESS_ANCHORS, *COMMAND_ANCHORS, *STATEMENT_ANCHORS)

GATE: Final = compile_any(
    (
        "(?i:" + "|".join(f"(?:{part})" for part in _CASELESS) + ")",
        _BOUNDARY + "(?:" + "|".join(PREFIX_ANCHORS) + ")",
        *SHAPE_ANCHORS,
        *JWT_ANCHORS,
        *NUMBER_ANCHORS,
        *PEM_ANCHORS,
    )
)
"""Hits every line on which a rule could find something."""
