"""Provider tokens: secrets that say by their first letters what they are.

Owns the table of issuers. Prefix, alphabet and least length decide; a vendor's checksum is never asked for, because a
truncated token leaks too. What has its tell-tale elsewhere than in front is in SHAPES.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.gate import BOUNDARY, compile_any
from tui.redaction.marks import MARK
from tui.redaction.protected import stands_alone
from tui.redaction.spans import Span
from tui.typed import Final

_PREFIXED: Final = r"""
1password     ops_eyJ                             [A-Za-z0-9+/=]{40,2000}
1password     A3-[A-Z0-9]     [A-Z0-9]{5}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}
adobe         p8e-[A-Za-z0-9]                     [A-Za-z0-9]{31}(?![A-Za-z0-9])
age           (?:AGE-SECRET-KEY|age-secret-key)-1 [A-Za-z0-9]{20,60}
ai            sk-(?:proj|ant|svcacct|admin|or|lf|None)- [\w-]{16,250}
ai            sk-[A-Za-z0-9]                      [A-Za-z0-9]{19,100}(?:-[\w-]{10,200})?(?![\w-])
ai            sk_[0-9a-f]                         [0-9a-f]{31,63}(?![A-Za-z0-9])
ai            hf_[A-Za-z]                         [A-Za-z0-9]{27,40}(?![A-Za-z0-9])
ai            api_org_[A-Za-z]                    [A-Za-z]{30,40}
ai            (?:pplx|xai)-[A-Za-z0-9]            [A-Za-z0-9]{31,100}
ai            (?:gsk|r8)_[A-Za-z0-9]              [A-Za-z0-9]{30,80}
airtable      pat[A-Za-z0-9]                      [A-Za-z0-9]{13}\.[a-f0-9]{32,64}
alibaba       LTAI[A-Za-z0-9]                     [A-Za-z0-9]{11,26}(?![A-Za-z0-9])
artifactory   AKC[a-z][A-Za-z0-9]                 [A-Za-z0-9]{56,75}
artifactory   cmVmd[A-Za-z0-9]                    [A-Za-z0-9]{48,64}
artifactory   eyJ2ZXIi                            [\w-]{20,400}\.[\w-]{20,2000}(?:\.[\w-]{10,800})?
atlassian     AT[AC]TT3                           [\w=-]{40,400}
atlassian     ATBB[A-Za-z0-9]                     [A-Za-z0-9]{27,40}
atlassian     BBDC-                               [A-Za-z0-9+/]{40,50}
authress      (?:sc|ext|scauth|authress)_[A-Za-z0-9] \w{4,30}\.\w{4,6}\.acc[_-][\w-]{10,32}\.[\w+/=-]{30,120}
aws           (?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9] [A-Z0-9]{11,17}(?![A-Za-z0-9])
aws           ABSK[A-Za-z0-9]                     [A-Za-z0-9+/]{60,300}={0,2}
aws           bedrock-api-key-                    [A-Za-z0-9+/=]{16,2000}
buildkite     bk(?:ua|at|ct|pt|aj)_               [A-Za-z0-9_]{30,80}
circleci      CCIP(?:AT|RJ)_                      [A-Za-z0-9]{16,30}_[a-f0-9]{32,64}
clickhouse    4b1d[A-Za-z0-9]                     [A-Za-z0-9]{37}(?![A-Za-z0-9])
clojars       (?:CLOJARS|clojars)_                [A-Za-z0-9]{40,64}
cloudflare    v1\.0-[a-f0-9]                      [a-f0-9]{23}-[a-f0-9]{146}
confluent     cflt[A-Za-z0-9]                     [A-Za-z0-9+/]{55,64}
contentful    CFPAT-                              [\w-]{40,50}
databricks    (?:dapi|dose)[0-9a-f]               [0-9a-f]{29,31}(?:-[0-9])?(?![A-Za-z0-9])
digitalocean  do[oprt]_v1_                        [0-9a-f]{32,64}
docker        dckr_[a-z]                          [a-z]{1,5}_[\w-]{20,60}
doppler       dp\.[a-z]                           [a-z]{1,5}\.[\w.-]{30,80}
duffel        duffel_(?:test|live)_               [\w=-]{30,50}
dynatrace     dt0[a-z][0-9][0-9]\.                [A-Za-z0-9]{24}\.[A-Za-z0-9]{30,64}
easypost      EZ[AT]K[A-Za-z0-9]                  [A-Za-z0-9]{40,60}
facebook      EAA[A-Za-z0-9]                      [A-Za-z0-9]{60,300}
figma         fig[dour]_                          [\w-]{36,60}
flutterwave   FLW(?:PUB|SEC)K                     (?:_TEST)?-?[a-hA-H0-9]{12,40}(?:-X)?
fly           (?:fo1|fm[12][ar]?)_                [\w+/=-]{40,500}
frameio       fio-u-                              [\w=-]{40,70}
github        gh[oprsu]_[A-Za-z0-9]               [A-Za-z0-9]{19,255}
github        github_pat_                         [A-Za-z0-9_]{20,255}
gitlab        gl(?:pat|ptt|dt|rt|cbt|imt|ft|soat|agent|oas|ffct|rtr|wt)- [\w.=-]{16,300}
gitlab        GR1348941                           [\w-]{16,40}
google        AIza[A-Za-z0-9_\-]                  [\w-]{29,45}
google        ya29\.                              [\w.-]{16,2048}
google        GOCSPX-                             [\w-]{20,40}
google        1//0                                [\w-]{30,250}
grafana       glsa_                               [A-Za-z0-9]{20,40}_[0-9a-fA-F]{6,10}
grafana       glc_                                [A-Za-z0-9+/=]{24,400}
grafana       eyJrIjoi                            [A-Za-z0-9+/=]{40,400}
harness       [ps]at\.[A-Za-z0-9]                 [\w-]{21}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}
heroku        HRKU-                               [\w-]{20,80}
infracost     ico-[A-Za-z0-9]                     [A-Za-z0-9]{31}(?![A-Za-z0-9])
intra42       s-s4t2                              (?:ud|af)-[a-f0-9]{32,64}
linear        lin_(?:api|oauth)_                  [A-Za-z0-9]{30,64}
mailgun       (?:pub)?key-[0-9a-f]                [0-9a-f]{31}(?![A-Za-z0-9])
mapbox        [ps]k\.eyJ                          [\w-]{40,200}\.[\w-]{16,40}
netlify       nf[pcou]_[A-Za-z0-9]                [A-Za-z0-9]{31,60}
newrelic      NR(?:AK|II|JS|AA|RA)-               [A-Za-z0-9-]{16,64}
notion        ntn_[A-Za-z0-9]                     [A-Za-z0-9]{39,60}
notion        secret_[A-Za-z0-9]                  [A-Za-z0-9]{42}(?![A-Za-z0-9])
npm           npm_[A-Za-z0-9]                     [A-Za-z0-9]{29,60}
nuget         oy2[a-z0-9]                         [a-z0-9]{42}(?![A-Za-z0-9])
octopus       API-[A-Z0-9]                        [A-Z0-9]{25}(?![A-Za-z0-9])
onfido        api_(?:live|sandbox)                (?:_[a-z]{2})?\.[\w-]{11}\.[\w-]{32}
openshift     sha256~                             [\w-]{40,50}
paypal        access_token\$(?:production|sandbox)\$ [0-9a-z]{16}\$[0-9a-f]{32}
plaid         access-(?:sandbox|development|production)- [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
planetscale   pscale_[a-z]                        [a-z_]{1,12}_[\w=.-]{16,64}
postman       PMA[KT]-                            [A-Za-z0-9-]{24,80}
prefect       pn[ub]_[A-Za-z0-9]                  [A-Za-z0-9]{35}(?![A-Za-z0-9])
pulumi        pul-[0-9a-f]                        [0-9a-f]{31,40}
pypi          pypi-A                              [\w-]{16,1000}
readme        rdme_                               [a-z0-9]{60,80}
rubygems      rubygems_                           [0-9a-f]{32,48}
scalingo      tk-us-                              [\w-]{40,60}
sendgrid      SG\.[\w\-]                          [\w-]{15,32}\.[\w-]{16,64}
sendgrid      SG\.[\w\-]                          [\w=.-]{59,70}
sendinblue    x(?:key|smtp)sib-                   [a-f0-9]{40,64}-[A-Za-z0-9]{12,20}
sentry        sntry[suia]_                        [\w+/=-]{32,500}
settlemint    sm_[aps]at_                         [A-Za-z0-9]{14,40}
shippo        shippo_(?:live|test)_               [A-Fa-f0-9]{32,40}
shopify       shp(?:at|ca|pa|ss|tka)_             [0-9a-fA-F]{30,40}
slack         xox[abcdepr]-                       [A-Za-z0-9-]{10,250}
slack         xox[os]-[0-9]                       [A-Za-z0-9-]{10,250}
slack         xoxe\.xox[abp]-                     [A-Za-z0-9-]{10,250}
slack         xapp-                               [0-9]-[A-Za-z0-9-]{10,250}
sourcegraph   sgp_                                (?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}
sourcegraph   slk_[a-f0-9]                        [a-f0-9]{63}
square        sq0(?:atp|csp|idp)-                 [\w-]{20,60}
square        EAAA[\w\-]                          [\w-]{55,64}
stripe        [sr]k_(?:live|test|prod)_           [A-Za-z0-9]{10,250}
stripe        whsec_                              [A-Za-z0-9+/=]{16,120}
supabase      sb[pa]_[0-9a-f]                     [0-9a-f]{39}
supabase      sb_secret_                          [\w-]{20,60}
tailscale     tskey-                              [a-z]{2,12}-[\w-]{10,80}
twilio        SK[0-9a-fA-F][0-9a-fA-F]            [0-9a-fA-F]{30}(?![A-Za-z0-9])
typeform      tfp_[A-Za-z0-9]                     [\w.=-]{35,70}
vault         hv[sbr]\.[\w\-]                     [\w-]{19,500}
jwt           ZXlK[A-Za-z0-9]                     [A-Za-z0-9+/_-]{40,4000}={0,2}
tavily        tvly-[A-Za-z0-9]                    [\w-]{20,80}
hubspot       pat-(?:na|eu)[0-9]-                 [0-9a-fA-F-]{36}
dtrack        odt_[A-Za-z0-9]                     [A-Za-z0-9]{31,50}
adafruit      aio_[A-Za-z0-9]                     [A-Za-z0-9]{27,29}(?![A-Za-z0-9])
mongodb       mdb_sa_sk_                          [\w-]{30,60}
flexport      shltm_                              [\w-]{30,60}
dropbox       sl\.[A-Za-z0-9]                     [\w-]{100,200}
newrelic      (?:eu01xx|us01xx)[0-9a-f]           [0-9a-f]{20,40}NRAL
slack         xoxe-[0-9]-                         [A-Za-z0-9-]{50,250}
fireworks     fw_[A-Za-z0-9]                      [A-Za-z0-9]{23}(?![A-Za-z0-9])
langfuse      [sp]k-lf-                           [0-9a-f-]{36}
langsmith     lsv2_(?:pt|sk)_                     [0-9a-f]{32}_[0-9a-f]{10}
groq          xai-[A-Za-z0-9]                     [\w]{70,90}
posthog       ph[cx]_[A-Za-z0-9]                  [\w]{40,60}
resend        re_[A-Za-z0-9]                      [A-Za-z0-9]{7}_[A-Za-z0-9]{20,40}
cloudflare    cfut_[A-Za-z0-9]                    [\w-]{30,80}
terraform     tfe_[A-Za-z0-9]                     [\w-]{30,80}
vercel        vc[pikr]_[A-Za-z0-9]                [A-Za-z0-9]{40,70}
jfrog         reftkn:                             [0-9]{2}:[0-9]{10}:[A-Za-z0-9]{20,80}
wakatime      waka_                               [0-9a-f-]{36}
doppler       dp\.scim\.                          [A-Za-z0-9]{30,60}
yandex        AQVN[\w\-]                          [\w-]{34,40}
yandex        t1\.[A-Za-z0-9_\-]                  [\w-]{9,400}={0,2}\.[\w-]{80,90}={0,2}
yandex        YCA[\w\-]                           [\w-]{36}(?![\w-])
"""
"""Rule, how the token begins (both engines), what follows (bounded, standard library)."""

_SHAPES: Final = (
    ("azure", b"Q~", rb"(?<![\w~.-])([A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})(?![\w~])"),
    ("mailchimp", b"-us", rb"(?<![A-Za-z0-9])([0-9a-f]{32}-us[0-9]{1,2})(?![A-Za-z0-9])"),
    ("discord", b".", rb"(?<![A-Za-z0-9_-])([MNO][A-Za-z0-9_-]{23,28}\.[\w-]{6}\.[\w-]{27,45})(?![\w-])"),
    ("telegram", b":A", rb"(?:(?<![0-9A-Za-z:.])|(?<=bot))([0-9]{6,12}:A[\w-]{30,40})(?![\w-])"),
    ("webhook", b"hooks.slack.com", rb"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/+-]{12,120})"),
    ("webhook", b"/api/webhooks/", rb"discord(?:app)?\.com/api/webhooks/[0-9]{5,22}/([\w-]{20,120})"),
    ("webhook", b"office.com/webhook", rb"office\.com/webhook(?:b2)?/([\w@/-]{36,300})"),
    ("webhook", b"hooks.zapier.com", rb"hooks\.zapier\.com/hooks/catch/([\w/]{6,60})"),
    ("terraform", b".atlasv1.", rb"([A-Za-z0-9]{10,20}\.atlasv1\.[\w=-]{40,80})"),
    ("maxmind", b"_mmk", rb"([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)"),
    ("password-hash", b"$", rb"(\$2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{22,53})"),
    ("password-hash", b"$argon2", rb"(\$argon2(?:id|i|d)\$[\w=,$+/.-]{16,400})"),
    ("azure", b"JQQJ99", rb"([A-Za-z0-9]{52}JQQJ99[A-Z0-9]{6}[A-Za-z0-9]{20})"),
    ("azure", b"AZDO", rb"([A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})"),
    ("facebook", b"|", rb"(?<![0-9])([0-9]{15,16}\|[\w-]{27})(?![\w-])"),
    ("salesforce", b"!", rb"(?<![A-Za-z0-9])(00D[A-Za-z0-9]{12,15}![\w.]{80,110})"),
    ("password-hash", b"$krb5", rb"(\$krb5(?:tgs|asrep|pa)\$[\w$*.@/:-]{40,8000})"),
    ("password-hash", b"$", rb"(\$(?:1|5|6|7|8|9|y|apr1|gy|sha1|md5)\$[\w=.$/-]{16,160})"),
    ("password-hash", b"pbkdf2", rb"(\$?pbkdf2[_:-][a-z0-9]{3,8}[$:][0-9]{1,9}[$:][\w+/=.$:-]{16,300})"),
    ("password-hash", b"crypt$", rb"((?:b?crypt|scrypt)\$[\w+/=.$:-]{24,300})"),
    ("password-hash", b"{S", rb"(\{S?SHA(?:256|512)?\}[A-Za-z0-9+/=]{24,128})"),
    ("docker-auth", b"eyJhdXRocyI6", rb"(eyJhdXRocyI6[A-Za-z0-9+/=_-]{8,8000})"),
)
"""Rule, a literal without which the line is not searched, the shape; the group is the secret."""

SHAPE_ANCHORS: Final = (
    r"[0-9]Q~|[0-9a-f]-us[0-9]|[0-9]:A[\w\-][\w\-][\w\-][\w\-]|hooks\.slack\.com/|/api/webhooks/|office\.com/webhook",
    r"hooks\.zapier\.com/|\.atlasv1\.|_mmk|\$2[abxy]?\$|\$argon2|\$(?:[156789y]|apr1|gy)\$|\$krb5|JQQJ99|AZDO|[0-9]\|[\w\-][\w\-][\w\-][\w\-][\w\-][\w\-]|00D[A-Za-z0-9]+!|pbkdf2[_:\-]|crypt\$|\{S?SHA",
    r"eyJhdXRocyI6",
    BOUNDARY
    + r"[MNO][A-Za-z0-9_\-]+\.[\w\-][\w\-][\w\-][\w\-][\w\-][\w\-]\.[\w\-][\w\-][\w\-][\w\-][\w\-][\w\-][\w\-][\w\-]",
)


def _rows() -> Iterator[tuple[str, str, str]]:
    for row in _PREFIXED.strip().splitlines():
        rule, head, tail = row.split(None, 2)
        yield rule, head, tail.strip()


def _first_letters(head: str) -> str:
    """The letters with which a head of the table can begin."""
    if head.startswith("["):
        return head[1 : head.index("]")]
    if not head.startswith("(?:"):
        return head[0]
    group, _, rest = head.removeprefix("(?:").partition(")")
    letters = "".join(part[0] for part in group.split("|"))
    return letters + rest[1] if rest.startswith("?") else letters


def _by_first_byte() -> dict[int, tuple[Lazy[bytes], list[str]]]:
    """For each byte with which a token can begin the tokens that do, a group for each, and the groups' rules."""
    first: dict[int, list[tuple[str, str]]] = {}
    for rule, head, tail in _rows():
        for letter in set(_first_letters(head)):
            first.setdefault(ord(letter), []).append((f"((?:{head}){tail})", rule))
    return {
        byte: (Lazy("|".join(shape for shape, _ in entries).encode()), [rule for _, rule in entries])
        for byte, entries in first.items()
    }


_HEADS: Final = tuple(dict.fromkeys(head for _, head, _ in _rows()))
_STARTS: Final = compile_any(_HEADS)
TOKEN_ANCHORS: Final = (
    r"(?:\b|_|\\[nrtbf]|%[0-9A-Fa-f][0-9A-Fa-f]|(?:u00|x)[0-9a-fA-F][0-9a-fA-F]|bot)" + "(?:" + "|".join(_HEADS) + ")",
)
_PLACES: Final = compile_any(TOKEN_ANCHORS)
"""Where a head stands behind what may precede a token: heads alone stand inside many words."""
_BEGINNING_WITH: Final = _by_first_byte()
_COMPILED_SHAPES: Final = tuple((rule, literal, Lazy(shape)) for rule, literal, shape in _SHAPES)


def token_spans(line: bytes) -> Iterator[Span]:
    """Provider tokens, whole."""
    search, head, position = _PLACES.search, _STARTS.search, 0
    while (place := search(line, position)) is not None:
        start, position = head(line, place[0]) or place
        if not _begins_here(line, start):
            continue
        tokens, rules = _BEGINNING_WITH[line[start]]
        found = tokens.match(line, start)
        if found is not None and not _is_placeholder(found[0]):
            position = found.end()
            yield Span(start, position, "token", rules[found.lastindex - 1])  # type: ignore[operator]


_PREFIX_BYTES: Final = 12


def _is_placeholder(token: bytes) -> bool:
    """True for a prefix and then one letter over and over, as documentation and masks of other tools have it."""
    return len(token) >= _PREFIX_BYTES + 8 and len(set(token[_PREFIX_BYTES:].lower()) - {0x2D, 0x5F}) == 1


def shape_spans(line: bytes) -> Iterator[Span]:
    """Tokens that are told by their shape; of webhook addresses the secret part of the path."""
    for rule, literal, shape in _COMPILED_SHAPES:
        if line.find(literal) >= 0:
            for found in shape.finditer(line):
                if not MARK.match(found[1]):
                    yield Span(found.start(1), found.end(1), "token", rule)


def _begins_here(line: bytes, start: int) -> bool:
    if line[start - 1 : start] == b"+" and line[start - 2 : start - 1].isalnum():
        return False  # in the middle of base64
    return stands_alone(line, start) or line[max(0, start - 3) : start] == b"bot"


_JWT: Final = Lazy(
    rb"eyJ[\w-]{8,8192}(?:\.|%2[eE])(?:eyJ[\w-]{4,16384}(?:(?:\.|%2[eE])[\w-]{0,8192})?|[\w-]{0,1024}(?:\.|%2[eE])[\w-]{8,16384}(?:\.[\w-]{8,16384}){0,2})"
)
JWT_ANCHORS: Final = (r"eyJ[\w\-]+(?:\.|%2[eE])",)


def jwt_spans(line: bytes) -> Iterator[Span]:
    """JSON web tokens, signed or not, and encrypted ones."""
    for found in _JWT.finditer(line):
        if stands_alone(line, found.start()):
            yield Span(found.start(), found.end(), "jwt", "jwt")
