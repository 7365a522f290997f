"""AWS Signature Version 4: checks signed headers and presigned URLs."""

import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, unquote

from switchroom.base.errors import ServiceError

ALGORITHM = "AWS4-HMAC-SHA256"
SKEW_SECONDS = 300
LONGEST_EXPIRY_SECONDS = 7 * 24 * 3600
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

_EMPTY_HASH = sha256(b"").hexdigest()
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_.~/-]*").fullmatch
_PLAIN_QUERY = re.compile(r"(?:[A-Za-z0-9_.~-]+=[A-Za-z0-9_.~-]*)?").fullmatch
_ENCODED_PAIR = re.compile(r"(?:[A-Za-z0-9_.~-]|%[0-9A-Fa-f]{2})+=?(?:[A-Za-z0-9_.~-]|%[0-9A-Fa-f]{2})*").fullmatch
_NEEDS_NORMALIZING = re.compile(r"//|/\.")
_SIGNATURE = re.compile(r"[0-9a-f]{64}").fullmatch
_BASIC_DATE = re.compile(r"\d{8}T\d{6}Z").fullmatch

_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


class Credential(NamedTuple):
    """The scope of a signature: `key/date/region/service/aws4_request`."""

    access_key: str
    date: str
    region: str
    service: str

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


class Authorization(NamedTuple):
    """An `Authorization` header without its signature."""

    credential: Credential
    scope: str
    signed_headers: tuple[str, ...]
    signed_text: str


class Signed(NamedTuple):
    """The parts of an HTTP request that a signature covers. Header names in lower case, path still encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def credential_service(headers: Mapping[str, str], query: str) -> str | None:
    """The service a request is signed for, not yet checked; None if it is not signed."""
    header = headers.get("authorization")
    if header is not None and header.startswith(ALGORITHM):
        parsed = _parse_authorization(header.rpartition("Signature=")[0])
        return parsed.credential.service if parsed else None
    if "X-Amz-Credential=" in query:
        parts = unquote(_pairs(query).get("X-Amz-Credential", "")).split("/")
        return parts[3] if len(parts) > 4 else None
    return None


class SignatureChecker:
    """Checks signatures against secrets. `secret` gives the secret of an access key or None, `clock` epoch seconds."""

    def __init__(self, secret: Callable[[str], str | None], clock: Callable[[], float]) -> None:
        self._secret = secret
        self._clock = clock
        self._keys: dict[tuple[str, Credential], bytes] = {}

    def check(self, request: Signed, unsigned_payload: bool = False) -> str:
        """The access key id of a rightly signed request. Raises ServiceError (status 403) otherwise.

        `unsigned_payload`: the operation is modelled with an unsigned body, so UNSIGNED-PAYLOAD may stand for its hash.
        """
        header = request.headers.get("authorization")
        if header is not None:
            return self._check_header(request, header, unsigned_payload)
        if "X-Amz-Signature=" in request.query or "X-Amz-Algorithm=" in request.query:
            return self._check_presigned(request, unsigned_payload)
        raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")

    def _check_header(self, request: Signed, header: str, unsigned_payload: bool) -> str:
        before, separator, signature = header.rpartition("Signature=")
        parsed = _parse_authorization(before) if separator else None
        if parsed is None:
            raise _incomplete(f"Authorization header is not of the form {ALGORITHM} Credential=..., "
                              "SignedHeaders=..., Signature=...")  # fmt: skip
        credential, scope, signed_headers, signed_text = parsed
        headers = request.headers
        stamp = headers.get("x-amz-date")
        if stamp is None:
            stamp = _stamp_of_date(headers.get("date"))
        moment = _moment(stamp)
        now = self._clock()
        if moment < now - SKEW_SECONDS:
            raise _invalid(f"Signature expired: {stamp} is now earlier than {_basic(now - SKEW_SECONDS)} "
                           f"({_basic(now)} - 5 min.)")  # fmt: skip
        if moment > now + SKEW_SECONDS:
            raise _invalid(f"Signature not yet current: {stamp} is still later than {_basic(now + SKEW_SECONDS)} "
                           f"({_basic(now)} + 5 min.)")  # fmt: skip
        if "host" not in signed_headers:
            raise _invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.")
        payload = _payload_hash(request, signed_headers, unsigned_payload)
        query = _canonical_query(request.query)
        self._compare(request, credential, scope, signed_headers, signed_text, stamp, query, payload, signature)
        return credential.access_key

    def _check_presigned(self, request: Signed, unsigned_payload: bool) -> str:
        pairs = {name: unquote(value) for name, value in _pairs(request.query).items()}
        try:
            algorithm, stamp = pairs["X-Amz-Algorithm"], pairs["X-Amz-Date"]
            signed_text, signature = pairs["X-Amz-SignedHeaders"], pairs["X-Amz-Signature"]
            credential = _parse_credential(pairs["X-Amz-Credential"])
            expires = int(pairs["X-Amz-Expires"])
        except KeyError as missing:
            raise _incomplete(f"The URL lacks {missing.args[0]}") from None
        except ValueError:
            raise _incomplete("X-Amz-Expires must be a number of seconds") from None
        if credential is None or algorithm != ALGORITHM or not 0 < expires <= LONGEST_EXPIRY_SECONDS:
            raise _incomplete("X-Amz-Credential, X-Amz-Algorithm or X-Amz-Expires of the URL is not acceptable")
        moment, now = _moment(stamp), self._clock()
        if now > moment + expires:
            raise ServiceError("RequestExpired", f"Request has expired: it was good until {_basic(moment + expires)}")
        if moment > now + SKEW_SECONDS:
            raise _invalid(f"Signature not yet current: {stamp} is still later than {_basic(now + SKEW_SECONDS)}")
        signed_headers = tuple(signed_text.split(";"))
        if "host" not in signed_headers:
            raise _invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.")
        rest = "&".join(part for part in request.query.split("&") if not part.startswith("X-Amz-Signature="))
        payload = _payload_hash(request, signed_headers, unsigned_payload)
        query = _canonical_query(rest)
        self._compare(
            request, credential, credential.scope, signed_headers, signed_text, stamp, query, payload, signature
        )
        return credential.access_key

    def _compare(
        self,
        request: Signed,
        credential: Credential,
        scope: str,
        signed_headers: tuple[str, ...],
        signed_text: str,
        stamp: str,
        query: str,
        payload: str,
        signature: str,
    ) -> None:
        if stamp[:8] != credential.date:
            raise _invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                           f"'{credential.date}' != '{stamp[:8]}', from '{stamp}'.")  # fmt: skip
        headers = request.headers
        try:
            lines = "".join([f"{name}:{_header_value(headers[name])}\n" for name in signed_headers])
        except KeyError as missing:
            raise _invalid(f"The signed header {missing.args[0]} is not in the request") from None
        path = request.path
        if not _PLAIN_PATH(path) or _NEEDS_NORMALIZING.search(path):
            path = _canonical_path(path)
        canonical = f"{request.method}\n{path or '/'}\n{query}\n{lines}\n{signed_text}\n{payload}"
        digest = sha256(canonical.encode("latin-1", "replace")).hexdigest()
        text = f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}"
        expected = hmac.digest(self._signing_key(credential), text.encode(), "sha256").hex()
        if not _SIGNATURE(signature) or not hmac.compare_digest(expected, signature):
            raise _invalid(_MISMATCH)

    def _signing_key(self, credential: Credential) -> bytes:
        secret = self._secret(credential.access_key)
        if secret is None:
            raise ServiceError("UnrecognizedClientException", "The security token included in the request is invalid.")
        key = self._keys.get((secret, credential))
        if key is None:
            key = signing_key(secret, credential)
            if len(self._keys) >= 4096:
                self._keys.clear()
            self._keys[secret, credential] = key
        return key


def signing_key(secret: str, credential: Credential) -> bytes:
    """The key derived for one day, region and service."""
    key = b"AWS4" + secret.encode()
    for part in (credential.date, credential.region, credential.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


@lru_cache(maxsize=1024)
def _parse_authorization(text: str) -> Authorization | None:
    algorithm, _, rest = text.partition(" ")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(",") if part.strip())
    credential = _parse_credential(parts.get("Credential", ""))
    signed = parts.get("SignedHeaders", "")
    if algorithm != ALGORITHM or credential is None or not signed:
        return None
    return Authorization(credential, credential.scope, tuple(signed.split(";")), signed)


def _parse_credential(text: str) -> Credential | None:
    parts = text.split("/")
    if len(parts) != 5 or parts[4] != "aws4_request" or not all(parts):
        return None
    return Credential(*parts[:4])


def _payload_hash(request: Signed, signed_headers: tuple[str, ...], unsigned_payload: bool) -> str:
    given = request.headers.get("x-amz-content-sha256")
    if given == UNSIGNED_PAYLOAD and unsigned_payload and "x-amz-content-sha256" in signed_headers:
        return given
    actual = sha256(request.body).hexdigest() if request.body else _EMPTY_HASH
    if given is not None and given != actual:
        raise _invalid("The provided 'x-amz-content-sha256' header does not match what was computed.")
    return actual


def _header_value(value: str) -> str:
    return " ".join(value.split()) if "  " in value or value[:1] == " " or value[-1:] == " " else value


def _canonical_path(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    trailing = "/" if path.endswith("/") and kept else ""
    return quote("/" + "/".join(kept) + trailing, safe="/~")


def _canonical_query(query: str) -> str:
    if _PLAIN_QUERY(query):
        return query
    pairs = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((name, value) if _ENCODED_PAIR(part) else (_encoded(name), _encoded(value)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(text: str) -> str:
    return quote(unquote(text, errors="surrogateescape"), safe="~", errors="surrogateescape")


def _pairs(query: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in query.split("&"))


def _stamp_of_date(text: str | None) -> str:
    if text is None:
        raise _incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if _BASIC_DATE(text):
        return text
    try:
        return f"{parsedate_to_datetime(text).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except (ValueError, OverflowError):
        raise _incomplete("The 'Date' header is not a date") from None


@lru_cache(maxsize=64)
def _moment(stamp: str) -> float:
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise _incomplete("Date must be in ISO-8601 'basic format'") from None


def _basic(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y%m%dT%H%M%SZ}"


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidSignatureException", message)


def _incomplete(message: str) -> ServiceError:
    return ServiceError("IncompleteSignatureException", message)
