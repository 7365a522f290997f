"""Functions that run elsewhere: behind an HTTP address, or in AWS Lambda."""

import asyncio
import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from switchroom.channels.functions.failure import CallLog, FunctionFailed, Retriable

MOST_AWS_CALLS = 100
"""Calls of one Lambda function at a time."""
_THROTTLED = ("TooManyRequestsException", "ThrottlingException", "ServiceException", "EC2ThrottledException")


class HttpFunction:
    """The event is posted as JSON; the body of a 2xx answer is the result. 429 and 5xx are tried again."""

    def __init__(self, name: str, arn: str, url: str, headers: dict[str, str] | None = None) -> None:
        self.name = name
        self.arn = arn
        self.url = url
        self._headers = {"Content-Type": "application/json", "X-Switchroom-Function": arn} | (headers or {})
        self._client = httpx.AsyncClient(follow_redirects=False)

    async def call(self, event: str, timeout_ms: int, call_log: CallLog) -> bytes:
        """The answer as JSON text. The request id goes along as `X-Amzn-RequestId`."""
        headers = self._headers | {"X-Amzn-RequestId": call_log.request}
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                answer = await self._client.post(
                    self.url, content=event.encode(), headers=headers, timeout=timeout_ms / 1000
                )
        except (TimeoutError, httpx.TimeoutException):
            raise FunctionFailed(f"The function {self.name} did not answer in time") from None
        except httpx.HTTPError as error:
            raise Retriable(f"The function {self.name} cannot be reached: {error}") from None
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Retriable(f"The function {self.name} answered with status {answer.status_code}")
        if not answer.is_success:
            raise FunctionFailed(f"The function {self.name} answered with status {answer.status_code}")
        return answer.content

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class AwsFunction:
    """A function of AWS Lambda, called with the credentials of the environment."""

    def __init__(self, arn: str) -> None:
        self.name = arn.split(":")[6]
        self.arn = arn
        self._client: Any = None
        self._threads = ThreadPoolExecutor(MOST_AWS_CALLS, thread_name_prefix=f"aws-{self.name}")

    async def call(self, event: str, timeout_ms: int, call_log: CallLog) -> bytes:
        """The answer as JSON text."""
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._invoke, event, call_log)
        except TimeoutError:
            raise FunctionFailed(f"The function {self.name} did not answer in time") from None

    async def close(self) -> None:
        """Wait for nothing that is under way."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _invoke(self, event: str, call_log: CallLog) -> bytes:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        if self._client is None:
            retries = {"total_max_attempts": 1}
            config = Config(connect_timeout=3, read_timeout=8, retries=retries, max_pool_connections=MOST_AWS_CALLS)
            self._client = boto3.client("lambda", region_name=self.arn.split(":")[3], config=config)
        try:
            answer = self._client.invoke(FunctionName=self.arn, Payload=event.encode(), LogType="Tail")
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            text = f"The function {self.name} was refused: {error}"
            throttled = error.response.get("Error", {}).get("Code") in _THROTTLED
            raise (Retriable if throttled or status >= 500 else FunctionFailed)(text) from None
        except BotoCoreError as error:
            raise Retriable(f"The function {self.name} cannot be reached: {error}") from None
        payload: bytes = answer["Payload"].read()
        call_log.request = answer.get("ResponseMetadata", {}).get("RequestId", call_log.request)
        printed = base64.b64decode(answer.get("LogResult") or "").decode(errors="replace")
        call_log.lines.extend(printed.splitlines())
        if answer.get("FunctionError"):
            raise FunctionFailed(f"The function {self.name} failed: {payload[:500].decode(errors='replace')}")
        return payload
