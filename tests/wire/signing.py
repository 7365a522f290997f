"""Requests signed by botocore, for a door that is called without a socket."""

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.wire.serving import ACCESS_KEY, SECRET_KEY

HOST = "127.0.0.1:8080"


def sign(
    method: str,
    path: str,
    *,
    query: str = "",
    body: bytes = b"",
    key: str = ACCESS_KEY,
    secret: str = SECRET_KEY,
    service: str = "connect",
    headers: dict[str, str] | None = None,
) -> dict[str, str]:
    """The headers of a request whose signature is in the Authorization header."""
    request = _request(method, path, query, body, headers)
    SigV4Auth(Credentials(key, secret), service, "us-east-1").add_auth(request)
    return {name: str(value) for name, value in request.headers.items()}


def presign(method: str, path: str, *, expires: int = 60, body: bytes = b"") -> str:
    """The query of a presigned URL."""
    request = _request(method, path, "", body, None)
    SigV4QueryAuth(Credentials(ACCESS_KEY, SECRET_KEY), "connect", "us-east-1", expires).add_auth(request)
    return str(request.url).partition("?")[2]


def _request(method: str, path: str, query: str, body: bytes, headers: dict[str, str] | None) -> AWSRequest:
    url = f"http://{HOST}{path}" + (f"?{query}" if query else "")
    return AWSRequest(method, url, headers={"Host": HOST, **(headers or {})}, data=body)
