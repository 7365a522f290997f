"""Name the source files that have grown past 600 lines; a reminder, not a failure."""

from pathlib import Path

LIMIT = 600
ROOT = Path(__file__).resolve().parents[1]

for folder in ("src", "tests", "bench", "web/src"):
    for file in sorted((ROOT / folder).rglob("*")):
        generated = "web/src/api/" in str(file) or "/web/" in str(
            file.relative_to(ROOT / "src" if folder == "src" else ROOT)
        )
        if file.suffix in {".py", ".ts", ".tsx"} and "node_modules" not in file.parts and not generated:
            lines = len(file.read_text(encoding="utf-8").splitlines())
            if lines > LIMIT:
                print(f"long file: {file.relative_to(ROOT)} has {lines} lines; consider splitting it")
