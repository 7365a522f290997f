// Runs a Python script with the interpreter of the checkout's virtual environment, or the system's.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const own = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));
const result = spawnSync(existsSync(own) ? own : "python3", process.argv.slice(2), { stdio: "inherit" });
process.exit(result.status ?? 1);
