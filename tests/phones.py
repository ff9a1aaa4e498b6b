"""What the phone's own modules say, asked from Python: for laws that hold on both sides."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def on_a_phone(module: str, values: Iterable) -> list:
    """What the default export of a module makes of each value. It is written as if it lay in the root."""
    node = shutil.which("node") or shutil.which("nodejs")
    assert node, "Please install node (Debian: apt-get install nodejs)."
    script = module.replace('"./', f'"{ROOT.as_uri()}/').replace("export default", "const answer =")
    told = """
        import { readFileSync } from "node:fs";
        const values = JSON.parse(readFileSync(0, "utf-8"));
        process.stdout.write(JSON.stringify(values.map((value) => answer(value))));
    """
    run = subprocess.run(
        [node, "--input-type=module", "--eval", script + told],
        input=json.dumps(list(values)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
