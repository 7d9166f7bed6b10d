"""The ``waymark`` command (interfaces §1)."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, Optional, Sequence

from waymark.config import SettingsError, ensure_keys, load_settings
from waymark.domain.errors import DomainError, StorageUnavailable

REFUSED = 2
BROKEN = 1


def build_parser() -> argparse.ArgumentParser:
    """Every sub-command; the README's table is tested against it."""
    parser = argparse.ArgumentParser(prog="waymark", description="Run and look after a Waymark installation.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start all processes under one supervisor")
    run.add_argument("--only", default="", help="comma-separated: front,rasa,actions,console,worker")
    train = commands.add_parser("train", help="train the model; progress is shown")
    train.add_argument("--if-stale", action="store_true", help="only if the data changed since")
    commands.add_parser("migrate", help="bring the database to the newest shape")
    chat = commands.add_parser("chat", help="talk to the running web channel from a terminal")
    chat.add_argument("--script", type=Path, help="send the lines of a file and print the replies")
    staff = commands.add_parser("staff", help="staff logins").add_subparsers(dest="staff_command", required=True)
    add = staff.add_parser("add", help="create a login; prints a one-time enrolment link")
    add.add_argument("name")
    add.add_argument("--role", required=True, help="counsellor, lead, on_call, admin or auditor")
    understand = commands.add_parser("understand", help="what the product makes of a text")
    understand.add_argument("text", nargs="?")
    understand.add_argument("--jsonl", action="store_true", help="read JSON lines from standard input")
    for name, text in (("record", "everything stored about a person, as JSON"), ("erase", "delete as the person's own request would")):
        command = commands.add_parser(name, help=text)
        command.add_argument("person")
        if name == "record":
            command.add_argument("--messages", action="store_true", help="with the conversation")
    commands.add_parser("doctor", help="check the installation and say what to do")
    return parser


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Run a command; refusals are told in plain words and end with code 2."""
    options = build_parser().parse_args(arguments)
    try:
        sys.exit(COMMANDS[options.command](options))
    except (SettingsError, DomainError) as error:
        print(f"waymark: {error}", file=sys.stderr)
        sys.exit(REFUSED)
    except StorageUnavailable as error:
        print(f"waymark: the database cannot be used: {error}", file=sys.stderr)
        sys.exit(BROKEN)


def run(options: argparse.Namespace) -> int:
    from waymark.supervisor import PROCESSES, CannotStart, Supervisor

    names = [name.strip() for name in options.only.split(",") if name.strip()] or list(PROCESSES)
    unknown = sorted(set(names) - set(PROCESSES))
    if unknown:
        print(f"waymark: there is no process called {', '.join(unknown)}; choose from {', '.join(PROCESSES)}", file=sys.stderr)
        return REFUSED
    settings = ensure_keys(load_settings())
    try:
        return Supervisor(settings, names, lambda line: print(line, flush=True)).run()
    except CannotStart as error:
        print(f"waymark: {error}", file=sys.stderr)
        return REFUSED


def train(options: argparse.Namespace) -> int:
    from waymark import training

    settings = ensure_keys(load_settings())
    if options.if_stale and not training.is_stale(settings):
        print("The model is up to date.")
        return 0
    print("Training the model:", flush=True)
    try:
        seconds = training.train(settings, lambda line: print(line, flush=True))
    except training.TrainingFailed as error:
        print(f"waymark: training failed.\n{error}", file=sys.stderr)
        return BROKEN
    print(f"Trained in {seconds:.0f} s.")
    return 0


def migrate(options: argparse.Namespace) -> int:
    from waymark.migrating import migrate as upgrade

    backup = upgrade(load_settings(), datetime.now(timezone.utc))
    print("The database is up to date." + (f" The old file was kept as {backup.name}." if backup else ""))
    return 0


def chat(options: argparse.Namespace) -> int:
    from waymark.chatting import ChatUnreachable
    from waymark.chatting import chat as talk

    settings = load_settings()
    try:
        talk(f"http://{settings.host}:{settings.port}", options.script, print)
    except ChatUnreachable as error:
        print(f"waymark: {error}", file=sys.stderr)
        return BROKEN
    return 0


def staff(options: argparse.Namespace) -> int:
    from waymark.bootstrap import build_core
    from waymark.domain.actors import COMMAND_LINE

    core = build_core()
    token = core.staff_access.add(COMMAND_LINE, options.name, options.role)
    print(f"Open this link once, within 24 hours, to set a password and an authenticator app for {options.name}:")
    print(f"{core.settings.console_url}/enrol/{token}")
    return 0


def understand(options: argparse.Namespace) -> int:
    from waymark.understand_command import understand_lines

    source = sys.stdin if options.jsonl else [json.dumps({"text": options.text or sys.stdin.read()})]
    for line in understand_lines(source):
        print(line, flush=True)
    return 0


def record(options: argparse.Namespace) -> int:
    from waymark.bootstrap import build_core
    from waymark.domain.actors import COMMAND_LINE

    stored = build_core().records.of(COMMAND_LINE, options.person, messages=options.messages)
    print(json.dumps(stored, ensure_ascii=False, indent=2))
    return 0


def erase(options: argparse.Namespace) -> int:
    from waymark.bootstrap import build_core
    from waymark.domain.actors import COMMAND_LINE

    build_core().privacy.erase(COMMAND_LINE, options.person)
    print("Erased.")
    return 0


def doctor(options: argparse.Namespace) -> int:
    from waymark.bootstrap import build_core
    from waymark.doctor import Health, examine

    findings = examine(build_core())
    for finding in findings:
        print(f"{finding.health.value:7} {finding.name:12} {finding.words}")
    return BROKEN if any(finding.health is Health.BROKEN for finding in findings) else 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": run,
    "train": train,
    "migrate": migrate,
    "chat": chat,
    "staff": staff,
    "understand": understand,
    "record": record,
    "erase": erase,
    "doctor": doctor,
}


if __name__ == "__main__":
    main()
