"""`python -m tests.fuzz_atheris TARGET SECONDS [FOLDER]`: look for bytes that break a target, led by coverage.

Ends with 0 when nothing was found; else libFuzzer prints the finding and leaves it in FOLDER. Needs the extra `fuzz`.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gateway", "email", "mailparser"]):
    from tests.fuzz_targets import TARGETS, TOKENS, in_time, seeds

LONGEST = 8192


def main(name: str, seconds: str, folder: str = "") -> None:
    with tempfile.TemporaryDirectory() as scratch:
        corpus, found = Path(scratch, "corpus"), Path(folder or scratch)
        corpus.mkdir()
        found.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds(name)):
            (corpus / str(number)).write_bytes(seed[:LONGEST])
        words = Path(scratch, "words")
        words.write_text("\n".join('"{}"'.format("".join(f"\\x{byte:02x}" for byte in token)) for token in TOKENS))
        options = [
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST}",
            f"-dict={words}",
            "-timeout=20",
            "-rss_limit_mb=1500",
        ]
        atheris.Setup(
            [sys.argv[0], *options, f"-artifact_prefix={found}/{name}-", "-print_final_stats=1", str(corpus)],
            lambda data: in_time(TARGETS[name], data),
            enable_python_coverage=True,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
