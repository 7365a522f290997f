"""Digest authentication in both roles (RFC 7616, RFC 8760): MD5, SHA-256, SHA-512-256, qop auth."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from switchroom.sip.headers import quote, split_outside, unquote
from switchroom.sip.uri import BadUri, parse_uri

_ALGORITHMS = {"SHA-512-256": "sha512_256", "SHA-256": "sha256", "MD5": "md5"}
_HEX = re.compile(r"[0-9a-fA-F]{1,8}")
# Phones in wide use (baresip 1.0, sipp) give up at a challenge that is not MD5, so others have to be asked for.
ALGORITHMS = ("MD5",)
NONCE_LIFE = 300.0
NONCES = 4096


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client proves itself with. `realm` of None answers any realm."""

    username: str
    password: str
    realm: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Who may register or call in with a digest: `password` in clear, or `ha1` by algorithm name (hex of
    `H(username:realm:password)`)."""

    username: str
    password: str | None = None
    ha1: dict[str, str] = field(default_factory=dict)


Accounts = Callable[[str], Account | None]


def digest_hash(algorithm: str, text: str) -> str:
    """The hex digest of text. Raises KeyError for an algorithm that is not spoken."""
    data = text.encode("utf-8", "surrogateescape")
    return hashlib.new(_ALGORITHMS[algorithm], data, usedforsecurity=False).hexdigest()


def digest_response(
    algorithm: str, ha1: str, method: str, uri: str, nonce: str, *, qop: str = "", nc: str = "", cnonce: str = ""
) -> str:
    """The `response` parameter of RFC 7616 section 3.4.1; without `qop` the older form of RFC 2069."""
    ha2 = digest_hash(algorithm, f"{method}:{uri}")
    middle = f"{nonce}:{nc}:{cnonce}:{qop}" if qop else nonce
    return digest_hash(algorithm, f"{ha1}:{middle}:{ha2}")


def parse_digest(value: str) -> dict[str, str] | None:
    """The parameters of a Digest challenge or authorization, names in lower case; None for another scheme."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    parameters: dict[str, str] = {}
    for piece in split_outside(rest, ","):
        name, equals, text = piece.partition("=")
        if equals:
            parameters[name.strip().lower()] = unquote(text.strip())
    return parameters


@dataclass(slots=True)
class _Challenge:
    realm: str
    nonce: str
    algorithm: str
    opaque: str | None
    qop: bool
    header: str
    stale: bool
    count: int = 0


class DigestClient:
    """Answers challenges with one set of credentials and keeps answering for the requests that follow."""

    def __init__(self, credentials: Credentials, ids: Callable[[], str]) -> None:
        self._credentials = credentials
        self._ids = ids
        self._challenges: dict[tuple[str, str], _Challenge] = {}

    def challenged(self, header: str, values: Iterable[str]) -> tuple[str, bool] | None:
        """Take in the challenges of a 401 or 407; `header` is the one to answer with. The realm that can be answered
        and whether only an old nonce was the matter; None when there is nothing we can answer."""
        best: _Challenge | None = None
        for value in values:
            found = self._read(header, value)
            if found is not None and (best is None or _rank(found.algorithm) < _rank(best.algorithm)):
                best = found
        if best is None:
            return None
        self._challenges[header, best.realm] = best
        return best.realm, best.stale

    def _read(self, header: str, value: str) -> _Challenge | None:
        found = parse_digest(value)
        if found is None or "nonce" not in found or "realm" not in found:
            return None
        algorithm = found.get("algorithm", "MD5").upper()
        qops = {one.strip().lower() for one in found.get("qop", "").split(",")} - {""}
        wanted = self._credentials.realm
        if algorithm not in _ALGORITHMS or (qops and "auth" not in qops) or wanted not in (None, found["realm"]):
            return None
        stale = found.get("stale", "").lower() == "true"
        return _Challenge(found["realm"], found["nonce"], algorithm, found.get("opaque"), bool(qops), header, stale)

    def authorize(self, method: str, uri: str) -> list[tuple[str, str]]:
        """The headers that answer every challenge known so far."""
        return [(one.header, self._answer(one, method, uri)) for one in self._challenges.values()]

    def _answer(self, challenge: _Challenge, method: str, uri: str) -> str:
        challenge.count += 1
        who, algorithm = self._credentials, challenge.algorithm
        ha1 = digest_hash(algorithm, f"{who.username}:{challenge.realm}:{who.password}")
        nc, cnonce = f"{challenge.count:08x}", self._ids()[:32]
        qop = "auth" if challenge.qop else ""
        response = digest_response(algorithm, ha1, method, uri, challenge.nonce, qop=qop, nc=nc, cnonce=cnonce)
        text = (
            f"Digest username={quote(who.username)}, realm={quote(challenge.realm)}, nonce={quote(challenge.nonce)}, "
            f'uri={quote(uri)}, response="{response}", algorithm={algorithm}'
        )
        if challenge.qop:
            text += f', qop=auth, nc={nc}, cnonce="{cnonce}"'
        if challenge.opaque is not None:
            text += f", opaque={quote(challenge.opaque)}"
        return text


def _rank(algorithm: str) -> int:
    return list(_ALGORITHMS).index(algorithm)


def _same_target(given: str, uri: str) -> bool:
    """Whether an answer was made for this user: proxies rewrite hosts, and some programs leave the user out."""
    if given == uri:
        return True
    try:
        return parse_uri(given).user in ("", parse_uri(uri).user)
    except BadUri:
        return False


class DigestServer:
    """Challenges without memory: a nonce carries its own time and seal. Only nonces that were answered correctly are
    remembered, with the highest count seen, so that an answer cannot be used twice."""

    def __init__(self, realm: str, accounts: Accounts, secret: str, algorithms: Iterable[str] = ALGORITHMS) -> None:
        self.realm = realm
        self._accounts = accounts
        self._secret = secret.encode()
        self._algorithms = tuple(algorithms)
        self._counts: dict[str, int] = {}
        self._made = 0

    @property
    def remembered(self) -> int:
        """How many nonces are remembered."""
        return len(self._counts)

    def challenge(self, now: float, *, stale: bool = False) -> list[str]:
        """The values of WWW-Authenticate, one an algorithm."""
        nonce, again = self._nonce(now), ", stale=true" if stale else ""
        return [
            f'Digest realm={quote(self.realm)}, nonce="{nonce}", algorithm={algorithm}, qop="auth"{again}'
            for algorithm in self._algorithms
        ]

    def verify(self, values: Iterable[str], method: str, uri: str, now: float) -> tuple[str, bool]:
        """Who the request proves to be (or nothing), and whether only its nonce was too old.

        `uri` is the Request-URI: an answer made for another user is refused.
        """
        for value in values:
            found = parse_digest(value)
            if found is None or found.get("realm") != self.realm:
                continue
            if not self._proves(found, method, uri):
                return "", False
            if not self._fresh(found.get("nonce", ""), found.get("nc", ""), now):
                return "", True
            return found["username"], False
        return "", False

    def _proves(self, found: dict[str, str], method: str, uri: str) -> bool:
        algorithm = found.get("algorithm", "MD5").upper()
        nc, cnonce = found.get("nc", ""), found.get("cnonce", "")
        if (
            algorithm not in self._algorithms
            or found.get("qop", "").lower() != "auth"
            or _HEX.fullmatch(nc) is None
            or not _same_target(found.get("uri", ""), uri)
            or not self._sealed(found.get("nonce", ""))
        ):
            return False
        account = self._accounts(found.get("username", ""))
        ha1 = self._ha1(account, algorithm)
        nonce, qop = found["nonce"], found["qop"]
        expected = digest_response(algorithm, ha1, method, found["uri"], nonce, qop=qop, nc=nc, cnonce=cnonce)
        given = found.get("response", "").lower().encode("utf-8", "surrogateescape")
        return hmac.compare_digest(expected.encode(), given) and account is not None and bool(ha1)

    def _ha1(self, account: Account | None, algorithm: str) -> str:
        if account is None:
            return ""
        if account.password is None:
            return account.ha1.get(algorithm, "")
        return digest_hash(algorithm, f"{account.username}:{self.realm}:{account.password}")

    def _nonce(self, now: float) -> str:
        self._made += 1
        moment = f"{int(now * 1000):x}-{self._made:x}"
        return f"{moment}.{self._seal(moment)}"

    def _seal(self, moment: str) -> str:
        return hmac.new(self._secret, moment.encode("utf-8", "surrogateescape"), "sha256").hexdigest()[:32]

    def _sealed(self, nonce: str) -> bool:
        moment, _, seal = nonce.partition(".")
        return hmac.compare_digest(self._seal(moment).encode(), seal.encode("utf-8", "surrogateescape"))

    def _fresh(self, nonce: str, nc: str, now: float) -> bool:
        made = int(nonce.partition("-")[0], 16) / 1000
        count = int(nc, 16)
        if now - made > NONCE_LIFE or count <= self._counts.get(nonce, 0):
            return False
        self._counts.pop(nonce, None)
        self._counts[nonce] = count
        if len(self._counts) > NONCES:
            del self._counts[next(iter(self._counts))]
        return True
