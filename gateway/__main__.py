"""The command `gateway`, and what its exit codes promise when nothing else can."""

import os
import sys

# Postfix bounces on every exit code of a pipe but this one (sysexits.h), Python's own 1 and 2 included.
TEMPORARY_FAILURE = 75


def main() -> None:
    """Run the command line. A pipe's trouble is temporary, even when it is that the program cannot be imported."""
    # Customers' mail is nobody else's on this machine, whatever the umask was.
    os.umask(os.umask(0o077) | 0o007)
    pipe = "ingest" in sys.argv[1:2] or ("ingest" in sys.argv and "--settings" in sys.argv)
    try:
        from gateway.cli.app import run

        run()
    except SystemExit as end:
        if pipe and end.code not in (0, None, 65, 67):
            raise SystemExit(TEMPORARY_FAILURE) from None
        raise
    except BaseException as error:
        if not pipe:
            raise
        print(f"gateway ingest: {error!r}; the mail was not taken, try again later", file=sys.stderr)  # noqa: T201
        raise SystemExit(TEMPORARY_FAILURE) from None


if __name__ == "__main__":
    main()
