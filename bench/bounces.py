"""Delivery reports: how many real ones are known as such, and a recipient found; none of it in ordinary mail.

Reads a folder of mails with `index.tsv` (which of them are bounces, found by a program) and `bounces.tsv` (what
Sisimai's project says of their recipients). `python -m bench.bounces [FOLDER] [--missed]`.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from gateway.inbound.classify import MailKind, Ours, classify
from gateway.inbound.mail import ParsedMail
from gateway.inbound.parse import parse
from gateway.outbound.causes import DEAD_ADDRESS
from gateway.settings import Limits

FOLDER = Path(__file__).parents[2] / "shared" / "mime"
COLUMNS = ("mails", "a report", "recipient", "failed", "false failure")


def main(arguments: list[str]) -> int:
    folder = Path(next((one for one in arguments if not one.startswith("-")), FOLDER))
    if not (folder / "index.tsv").is_file():
        print(f"{folder}/index.tsv is missing: name the folder of the mails", file=sys.stderr)
        return 1
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    slowest, missed = 0.0, []
    for row in rows(folder / "index.tsv"):
        began = time.process_time()
        mail = parse((folder / row["file"]).read_bytes(), Limits())
        kind = classify(mail, envelope_from=None, ours=Ours()).kind
        slowest = max(slowest, time.process_time() - began)
        bounce = "dsn-bounce" in row["kind"]
        said = _said(mail, kind, bounce=bounce)
        if bounce and not {"a report", "recipient"} <= said:
            missed.append(f"{row['file']}: {kind}, {mail.subject[:60]}")
        for source in (row["source"], "all"):
            counted[f"{source}, {'bounces' if bounce else 'other mail'}"].update({"mails", *said})
    print(f"| source | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}")
    for name in sorted(counted, key=lambda one: (one.startswith("all"), "other" in one, one)):
        print(f"| {name} | {' | '.join(_share(counted[name], column) for column in COLUMNS)} |")
    print(f"\n{_agreement(folder)}\nslowest mail: {slowest * 1000:.0f} ms")
    if "--missed" in arguments:
        print("\n" + "\n".join(missed))
    return 0


def rows(path: Path) -> Iterator[dict[str, str]]:
    head, *lines = path.read_text("utf-8").splitlines()
    return (dict(zip(head.split("\t"), line.split("\t"), strict=False)) for line in lines)


def _said(mail: ParsedMail, kind: MailKind, *, bounce: bool) -> set[str]:
    recipients = mail.report.recipients if mail.report and kind is MailKind.DELIVERY_REPORT else ()
    failed = any(one.action == "failed" for one in recipients)
    said = {
        "a report": kind is MailKind.DELIVERY_REPORT,
        "recipient": any("@" in one.address for one in recipients),
        "failed": failed,
        "false failure": failed and not bounce,
    }
    return {name for name, there in said.items() if there}


def _share(counter: Counter[str], column: str) -> str:
    number, all_ = counter[column], counter["mails"]
    if column == "mails":
        return str(number)
    return f"{number} ({100 * number / all_:.1f} %)"


def _agreement(folder: Path) -> str:
    """Beside what Sisimai says: the same status, and whether the address is dead for sure."""
    wanted: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(folder / "bounces.tsv"):
        if (folder / row["file"]).exists():
            wanted[row["file"]].append(row)
    same, asked = 0, 0
    hard: Counter[tuple[bool, bool]] = Counter()
    for file, told in wanted.items():
        report = parse((folder / file).read_bytes(), Limits()).report
        recipients = report.recipients if report else ()
        statuses = {row["status"] for row in told if row["status"]}
        asked += len(statuses)
        same += len(statuses & {one.status for one in recipients})
        dead = any(one.action == "failed" and one.status in DEAD_ADDRESS for one in recipients)
        hard[any(row["hard"] == "true" for row in told), dead] += 1
    agree = hard[True, True] + hard[False, False]
    return (
        f"of {sum(hard.values())} mails that Sisimai reads: the same status in {same} of {asked}; hard or not the same "
        f"in {agree} ({100 * agree / sum(hard.values()):.0f} %): {hard[True, True]} both hard, "
        f"{hard[True, False]} hard for Sisimai only, {hard[False, True]} for us only"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
