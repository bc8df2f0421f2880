"""Run in a peer's environment: `peer_replies.py NAME` reads cases from standard input, writes what the peer keeps.

A case is [body, "plain" or "html", body as plain text]; a library without HTML gets the plain text.
"""

import importlib
import json
import sys
import time


def talon(body, fmt, plain):
    quotations = importlib.import_module("talon.quotations")
    return quotations.extract_from_html(body) if fmt == "html" else quotations.extract_from_plain(body)


def mail_parser_reply(body, fmt, plain):
    known = importlib.import_module("mailparser_reply.constants").MAIL_LANGUAGES
    reader = importlib.import_module("mailparser_reply").EmailReplyParser(languages=list(known))
    return reader.parse_reply(text=plain)


def email_reply_parser(body, fmt, plain):
    return importlib.import_module("email_reply_parser").EmailReplyParser.parse_reply(plain)


def quotequail(body, fmt, plain):
    """The stretches that it would show, as its documentation advises."""
    library = importlib.import_module("quotequail")
    parts = (library.quote_html if fmt == "html" else library.quote)(body, quote_intro_line=True)
    return "\n".join(text for shown, text in parts if shown)


PEERS = {
    "talon": talon,
    "mail-parser-reply": mail_parser_reply,
    "email-reply-parser": email_reply_parser,
    "quotequail": quotequail,
}


def main(name):
    cases = json.load(sys.stdin)
    PEERS[name]("Hello", "plain", "Hello")  # what it imports, and compiles at its first use, is not counted
    answers = []
    began = time.process_time()
    for body, fmt, plain in cases:
        try:
            answers.append(PEERS[name](body, fmt, plain) or "")
        except Exception:  # a library that cannot read a mail keeps all of it
            answers.append(plain)
    print()
    print(json.dumps({"answers": answers, "seconds": time.process_time() - began}))


if __name__ == "__main__":
    main(sys.argv[1])
