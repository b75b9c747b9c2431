"""How much memory an engine takes: run in a fresh process, which opens its index and answers.

python -m app.bench.memory NAME FOLDER   questions as JSON on standard input, bytes on standard output
"""

import json
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from app.bench.corpus import Questions
from app.bench.peers import PEERS, Unable

ASKED = 20
STATUS = Path("/proc/self/status")


def memory(name: str, folder: Path, questions: Questions) -> int:
    """By how many bytes the resident memory of a fresh process grows while it opens an index and answers."""
    asked = json.dumps([questions.needs[:ASKED], questions.words[:ASKED]])
    command = [sys.executable, "-m", "app.bench.memory", name, str(folder)]
    told = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)  # noqa: S603
    return int(told.stdout)


def main() -> None:
    """Print how this process has grown when all is answered; libraries are loaded before."""
    name, folder = sys.argv[1:]
    needs, words = json.load(sys.stdin)
    peer = PEERS[name](Path(folder))
    before = _resident()
    peer.open()
    for text in needs:
        peer.need(text)
    with suppress(Unable):
        for each in words:
            peer.words(each)
    sys.stdout.write(f"{_resident() - before}\n")


def _resident() -> int:
    """Bytes in memory, mapped files included; where the system does not tell, the most that there ever were."""
    if not STATUS.exists():
        return 1_024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return 1_024 * int(line.split()[1])


if __name__ == "__main__":
    main()
