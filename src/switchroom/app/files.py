"""Files of the data directory: private ones, secrets made once, and the lock that makes a directory ours."""

import fcntl
import os
import secrets
from pathlib import Path


class DataDirectoryInUse(RuntimeError):
    """Another Switchroom runs on this data directory; the message names its process."""


def make_data_directory(directory: Path) -> None:
    """Create the directory that holds everything; of root's, others may pass through but not look."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)


def write_private(path: Path, text: str) -> None:
    """Replace a file at once; only its owner may read it."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        os.fsync(file.fileno())
    fresh.rename(path)


def secret(path: Path) -> str:
    """A random text made once and kept in a private file."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text().strip()


class DataLock:
    """A data directory belongs to one running Switchroom. The kernel lets go when the holder ends, however it ends."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "lock"
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 20, 0).decode(errors="replace").strip()
            os.close(self._file)
            raise DataDirectoryInUse(
                f"the data directory {directory} is in use by another switchroom (pid {holder or 'unknown'}); "
                "stop that one first or choose another --data"
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let others have the directory."""
        os.close(self._file)
