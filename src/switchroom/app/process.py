"""Child processes that cannot outlive their parent and, where asked, run as an unprivileged user."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True) if _LINUX else None

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAPBSET_READ = 23
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522

_UNPRIVILEGED = ("switchroom", "postgres", "nobody")


class ProcessError(RuntimeError):
    """A child process could not be started; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The user a child runs as. `capability` lets it pass directories that only root may enter."""

    uid: int
    gid: int
    name: str
    capability: int | None = None


def unprivileged(owner: int | None, paths: Sequence[Path]) -> Identity | None:
    """The user for programs that refuse to run as root; None when this process is not root.

    `owner` is the uid that already owns the files, if any. `paths` must be reachable for that user: if one lies
    below a private directory (`/root`), the child gets one capability to pass it. Raises ProcessError if it cannot.
    """
    if os.geteuid() != 0:
        return None
    entry = _account(owner)
    identity = Identity(entry.pw_uid, entry.pw_gid, entry.pw_name)
    closed = next((path for path in paths if not _reachable(path, identity)), None)
    if closed is None:
        return identity
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        if _LIBC is not None and _LIBC.prctl(_PR_CAPBSET_READ, capability, 0, 0, 0) == 1:
            return Identity(identity.uid, identity.gid, identity.name, capability)
    raise ProcessError(f"{closed} cannot be reached by the user {identity.name}, as whom PostgreSQL must run")


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals = signal.SIGKILL,
    identity: Identity | None = None,
    output: IO[bytes] | int | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own; on Linux the kernel sends it `death_signal` if we die first.

    `output` takes both its standard output and its standard error; None means they are ours.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(environment) if environment is not None else None,
        cwd=directory,
        process_group=0,
        preexec_fn=_entry(death_signal, identity),
    )


def stop(process: subprocess.Popen[bytes], request: signal.Signals, patience: float) -> None:
    """Ask `process` to end with `request`; after `patience` seconds end its whole group."""
    if process.poll() is None:
        process.send_signal(request)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def alive(pid: int) -> bool:
    """Whether a process with this number exists and has not ended (a zombie has)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return not Path("/proc/self").exists()


def _account(owner: int | None) -> pwd.struct_passwd:
    if owner:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(owner)
    for name in _UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ProcessError("PostgreSQL does not run as root: create a user named switchroom, or start as another user")


def _reachable(path: Path, identity: Identity) -> bool:
    """Whether `identity` may pass every directory above `path`."""
    for parent in path.resolve().parents:
        facts = parent.stat()
        bit = 0o100 if facts.st_uid == identity.uid else 0o010 if facts.st_gid == identity.gid else 0o001
        if not facts.st_mode & bit:
            return False
    return True


def _entry(death_signal: signal.Signals, identity: Identity | None) -> Callable[[], None]:
    """What the child does between fork and exec. Only system calls: other threads of the parent may hold locks."""
    parent = os.getpid()

    def enter() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if identity is not None:
            _become(identity)
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return enter


def _become(identity: Identity) -> None:
    os.umask(0o077)
    if identity.capability is not None and _LIBC is not None:
        _LIBC.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(identity.gid)
    os.setuid(identity.uid)
    if identity.capability is not None and _LIBC is not None:
        _keep_only(_LIBC, identity.capability)


def _keep_only(libc: Any, capability: int) -> None:
    """Give up every capability but one, and let that one pass through exec."""
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    if libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
