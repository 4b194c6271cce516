"""All cases of the corpus that hold secrets: category, text, and what of it must not survive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from tests.redaction.corpus import secrets
from tests.redaction.corpus.keyed import BARE, LIKE_LISTS, QUOTED
from tests.redaction.corpus.sayings import KINDS, private_keys
from tests.redaction.corpus.wrappings import ANYWHERE, WRAPPINGS

SEED: Final = 5


class Case(NamedTuple):
    """One text, and the secrets in it as they stand there."""

    category: str
    notation: str
    wrapping: str
    text: str
    secrets: tuple[str, ...]


def positives(seed: int = SEED) -> list[Case]:
    """The same cases for the same seed."""
    return [*_keyed(Random(seed)), *_said(Random(seed + 1)), *_issued(Random(seed + 2)), *_private(Random(seed + 3))]


def _case(category: str, notation: str, wrapping: str, text: str) -> Case:
    wrapped = WRAPPINGS[wrapping](text)
    found = tuple(re.findall("«(.*?)»", wrapped, re.DOTALL))
    return Case(category, notation, wrapping, re.sub("[«»]", "", wrapped), found)


def _keyed(random: Random) -> Iterator[Case]:
    keys = {
        "password key": secrets.PASSWORD_KEYS,
        "token key": secrets.TOKEN_KEYS,
        "secret key": secrets.SECRET_KEYS,
    }
    for category, names in keys.items():
        for notation, write in QUOTED.items():
            last = secrets.simple if notation in LIKE_LISTS else secrets.word
            for make in (secrets.simple, secrets.awkward, last):
                text = write(random.choice(names), make(random))
                if text:
                    yield _case(category, f"quoted {notation}", random.choice(("plain", *ANYWHERE)), text)
        for notation, write in BARE.items():
            for _ in range(3):
                text = write(random.choice(names), secrets.simple(random))
                if text:
                    yield _case(category, f"bare {notation}", random.choice(("plain", *ANYWHERE)), text)


def _said(random: Random) -> Iterator[Case]:
    for category, kind in KINDS.items():
        for text in kind.texts:
            for wrapping in ("plain", random.choice(ANYWHERE), random.choice(ANYWHERE)):
                value = kind.value(random)
                yield _case(category, text, wrapping, text.replace("{}", f"«{value}»"))


def _issued(random: Random) -> Iterator[Case]:
    around = (
        "{}",
        "using {} now",
        "key={}",
        '{"value":"{}"}',
        "https://example.com/?q={}&x=1",
        "({})",
        "x: {}",
        "'{}',",
    )
    for index in range(2 * len(secrets.issuer_shapes())):
        text = random.choice(around).replace("{}", f"«{secrets.provider_token(random, index)}»")
        yield _case("issued token", text[:6], random.choice(sorted(WRAPPINGS)), text)


def _private(random: Random) -> Iterator[Case]:
    for name, text, rows in private_keys(random):
        yield Case("private key", name, "plain", text, tuple(rows))
