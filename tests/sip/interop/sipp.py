"""Scenarios for sipp (Debian's sip-tester) and the program itself."""

import asyncio
import shutil
from pathlib import Path

from tests.missing import missing

OFFER = """v=0
o=sipp 53655765 {version} IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 0 101
a=rtpmap:101 telephone-event/8000
a={direction}
"""


def found(program: str) -> str:
    """The path of a program the interop tests need. Without it the test is skipped, in CI it fails."""
    path = shutil.which(program)
    if path is None:
        message = f"{program} is missing: run scripts/install-test-tools"
        missing(message)
    return path


def send(
    method: str,
    cseq: int,
    *lines: str,
    inside: bool = True,
    body: str = "",
    kind: str = "application/sdp",
    branch: str = "",
) -> str:
    """A request of sipp."""
    tag = "[peer_tag_param]" if inside else ""
    via = branch or "[branch]"
    text = [
        f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0",
        f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={via}",
        "From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag[call_number]",
        f"To: <sip:[service]@[remote_ip]:[remote_port]>{tag}",
        "Call-ID: [call_id]",
        f"CSeq: {cseq} {method}",
        "Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>",
        "Max-Forwards: 70",
        *lines,
        *([f"Content-Type: {kind}"] if body else []),
        "Content-Length: [len]",
        "",
        body,
    ]
    return '<send retrans="500"><![CDATA[\n' + "\n".join(text) + "\n]]></send>"


def acknowledge(cseq: int, body: str = "") -> str:
    """The ACK of sipp; it is sent once."""
    return send("ACK", cseq, body=body).replace(' retrans="500"', "")


def expect(code: int, *, optional: bool = False, **attributes: str) -> str:
    """A response sipp waits for."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<recv response="{code}"{" optional=" + chr(34) + "true" + chr(34) if optional else ""}{more}/>'


def offer(direction: str = "sendrecv", version: int = 1) -> str:
    """A session description of sipp."""
    return OFFER.format(direction=direction, version=version)


RINGING = [expect(100, optional=True), expect(180, optional=True)]
ANSWERED = [send("INVITE", 1, inside=False, body=offer()), *RINGING, expect(200), acknowledge(1)]
GOODBYE = [send("BYE", 9), expect(200)]
RINGS_THEN_CANCELLED = [
    send("INVITE", 1, inside=False, body=offer(), branch="z9hG4bK-[pid]-[call_number]-c"),
    expect(100, optional=True),
    expect(180),
    '<pause milliseconds="50"/>',
    send("CANCEL", 1, inside=False, branch="z9hG4bK-[pid]-[call_number]-c"),
    expect(200),
    expect(487),
    send("ACK", 1, branch="z9hG4bK-[pid]-[call_number]-c").replace(' retrans="500"', ""),
]
HOLDS = [
    *ANSWERED,
    send("INVITE", 2, body=offer("sendonly", 2)),
    expect(200),
    acknowledge(2),
    send("INVITE", 3, body=offer("sendrecv", 3)),
    expect(200),
    acknowledge(3),
    send("UPDATE", 4, body=offer("inactive", 4)),
    expect(200),
    *GOODBYE,
]
OFFERS_LATE = [send("INVITE", 1, inside=False), *RINGING, expect(200), acknowledge(1, offer()), *GOODBYE]
PRACKS = [
    send("INVITE", 1, "Require: 100rel", inside=False, body=offer()),
    expect(100, optional=True),
    expect(183),
    send("PRACK", 2, "RAck: 1 1 INVITE"),
    expect(200),
    expect(200),
    acknowledge(1),
    *GOODBYE,
]
PRESSES_KEYS = [
    *ANSWERED,
    send("INFO", 2, body="Signal=4\nDuration=120\n", kind="application/dtmf-relay"),
    expect(200),
    send("INFO", 3, body="#", kind="application/dtmf"),
    expect(200),
    *GOODBYE,
]
IS_BUSY = [send("INVITE", 1, inside=False, body=offer()), expect(100, optional=True), expect(486), acknowledge(1)]
_COPIED = "\n".join(f"[last_{name}:]" for name in ("Via", "From", "To", "Call-ID", "CSeq"))
IS_LEFT = [
    *ANSWERED,
    '<recv request="BYE"/>',
    f"<send><![CDATA[\nSIP/2.0 200 OK\n{_COPIED}\nContent-Length: 0\n\n]]></send>",
]
PROVES_ITSELF = [
    send("INVITE", 1, inside=False, body=offer()),
    expect(401, auth="true"),
    send("ACK", 1).replace(' retrans="500"', ""),
    send("INVITE", 2, "[authentication username=alice password=secret]", inside=False, body=offer()),
    *RINGING,
    expect(200),
    acknowledge(2),
    *GOODBYE,
]
REGISTERS = [
    send("REGISTER", 1, "Expires: 600", inside=False).replace("[service]", "alice"),
    expect(401, auth="true"),
    send("REGISTER", 2, "Expires: 600", "[authentication username=alice password=secret]", inside=False).replace(
        "[service]", "alice"
    ),
    expect(200),
]


async def sipp(
    folder: Path, port: int, service: str, steps: list[str] | None, *, calls: int = 1, rate: int = 10, tcp: bool = False
) -> None:
    """Run sipp against 127.0.0.1:port until all calls are made; fails with what it complains about."""
    options = ["-sn", "uac"]
    if steps is not None:
        file = folder / "scenario.xml"
        text = "\n".join(steps)
        file.write_text(f'<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="test">\n{text}\n</scenario>\n')
        options = ["-sf", str(file)]
    errors = folder / "errors.log"
    process = await asyncio.create_subprocess_exec(
        found("sipp"), f"127.0.0.1:{port}", *options, "-s", service, "-i", "127.0.0.1", "-m", str(calls),
        "-r", str(rate), "-d", "0", "-t", "t1" if tcp else "u1", "-nostdin", "-trace_err",
        "-error_file", str(errors), "-timeout", "30s", "-recv_timeout", "10000",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, stdin=asyncio.subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    output, _ = await process.communicate()
    said = errors.read_text(errors="replace")[:3000] if errors.exists() else output.decode(errors="replace")[-2000:]
    assert process.returncode == 0, said
