"""The rules of the house that a reader relies on and that no other tool watches."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"
CODE = sorted(BOT.rglob("*.py"))
ON_TOP = {
    *("bot", "migrations", "tests", "docs", ".ci"),
    *("manifest.yml", "pyproject.toml", "uv.lock", "Dockerfile", "compose.yaml", "README.md", "LICENSE"),
    *("CHANGELOG.md", ".gitignore", ".dockerignore", ".env.example", ".python-version"),
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def offenders(pattern: str, *paths: Path) -> list[str]:
    return [
        f"{named(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_rules_import_the_standard_library_and_one_another_alone() -> None:
    rules = [path for path in CODE if path.name == "rules.py" or path.name.endswith("_rules.py")]
    modules = {named(path).removesuffix(".py").replace("/", ".") for path in rules}
    outside = {
        named(path): [
            name
            for name in imported(path)
            if name.split(".")[0] not in sys.stdlib_module_names and name.rpartition(".")[0] not in modules
        ]
        for path in rules
    }
    assert outside == {named(path): [] for path in rules}
    assert BOT / "core" / "problems" / "rules.py" in rules


def test_only_bot_slack_and_the_wiring_import_slacks_libraries() -> None:
    known = {
        named(path).split("/")[1]
        for path in CODE
        if any(name.split(".")[0] in ("slack_bolt", "slack_sdk") for name in imported(path))
    }
    assert known <= {"slack", "wiring.py"}


def test_the_practice_workspace_imports_nothing_that_it_stands_in_for() -> None:
    forbidden = tuple(f"bot.{each}" for each in ("core", "slack", "jobs", "wiring", "settings"))
    assert [
        (named(path), name)
        for path in (BOT / "sandbox").rglob("*.py")
        for name in imported(path)
        if name.startswith(forbidden)
    ] == []


def test_only_settings_reads_the_environment() -> None:
    readers = {
        named(path)
        for path in CODE
        if {"os.environ", "os.environb", "os.getenv", "os.putenv"} & set(imported(path))
        or re.search(r"\bos\.(environb?|getenv|putenv)\b", path.read_text(encoding="utf-8"))
    }
    assert readers == {"bot/settings.py"}


def test_a_log_line_begins_with_a_fixed_text() -> None:
    free = [
        f"{named(path)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("debug", "info", "warning", "error", "critical", "exception")
        and re.fullmatch(r"_?log(ger)?|.*\.log(ger)?", ast.unparse(node.func.value))
        and not (
            len(node.args) == 1
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        )
    ]
    assert free == []


def test_names_are_nouns_and_verbs_of_the_product() -> None:
    empty = re.compile(r"Manager|Helper|Util|Service|Handler|Processor|(^|_)(utils?|helpers?|managers?)(_|$)")
    names = [(named(path), path.stem) for path in CODE] + [
        (named(path), node.name)
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    ]
    assert [name for name in names if empty.search(name[1])] == []


def test_a_file_holds_one_thing() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_a_listener_reads_like_a_sentence() -> None:
    lengths = {
        f"{named(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in (BOT / "slack").rglob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns) == "Answer"
        and any(each.annotation and ast.unparse(each.annotation) == "Turn" for each in node.args.args)
    }
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > 25} == {}


def test_only_the_core_asks_the_database() -> None:
    slack = [path for path in CODE if BOT / "slack" in path.parents]
    assert offenders(r"\bsession\.(get|get_one|scalars?|execute|add|delete|flush|commit)\(", *slack) == []
    assert offenders(r"^import sqlalchemy", *slack) == []
    assert offenders(r"\.commit\(", *[path for path in CODE if BOT / "core" in path.parents]) == []


def test_nothing_is_left_to_do_later_and_no_mock_stands_in() -> None:
    everything = [*CODE, *(ROOT / "tests").rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
    later = "TO" + "DO"
    assert offenders(rf"\b({later})\b", *everything) == []
    assert offenders(r"^\s*(from|import) unittest", *everything) == []


def test_every_ignored_complaint_has_a_reason_beside_it_or_beside_the_first_of_its_kind_above() -> None:
    ignored = re.compile(r"#\s*(noqa(?::\s*[A-Z0-9, ]+)?|type:\s*ignore(?:\[[a-z-, ]+\])?)(.*)$")
    bare = []
    for path in CODE:
        explained: set[str] = set()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := ignored.search(line):
                kind, reason = found[1].strip(), re.sub(r"[\W_]", "", found[2])
                if reason:
                    explained.add(kind)
                elif kind not in explained:
                    bare.append(f"{named(path)}:{number}")
    assert bare == []


def test_importing_the_bot_does_nothing() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in CODE
        if path.name != "__main__.py" and "_migrations" not in path.parts
    ]
    script = (
        "import sys, threading, importlib\n"
        "seen = []\n"
        "loud = ('open', 'socket.connect', 'socket.bind', 'sqlite3.connect', 'subprocess.Popen', 'os.mkdir')\n"
        "def hear(event, args):\n"
        "    if event in loud and not (event == 'open' and 'r' in str(args[1] or 'r')):\n"
        "        seen.append((event, str(args[0])))\n"
        f"modules = {modules!r}\n"
        "sys.dont_write_bytecode = True\n"
        "sys.addaudithook(hear)\n"
        "for name in modules: importlib.import_module(name)\n"
        "print(seen, threading.active_count())\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "[] 1\n"


def test_nothing_else_lies_on_top() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    assert {name.split("/")[0] for name in listed.stdout.splitlines()} <= ON_TOP


def test_the_licence_is_the_one_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.split()[:3] == ["Apache", "License", "Version"]
    assert text.rstrip().endswith("limitations under the License.")


def test_the_image_runs_as_nobody_special_and_says_how_it_is() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    final = text.split("FROM ")[-1]
    assert re.search(r"^USER groundswell$", final, re.M)
    assert re.search(r"^HEALTHCHECK .*\n.*/healthz", final, re.M)
    assert re.search(r'^ENTRYPOINT \["groundswell"\]$', final, re.M)
    copied = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M) for name in line.split()}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in copied} == {line for line in ignored if line.startswith("!")}


def test_the_bots_own_key_never_lies_on_the_volume_of_the_database() -> None:
    final = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("FROM ")[-1]
    [database] = re.findall(r"DATABASE_URL=sqlite:///(\S+)", final)
    [config] = re.findall(r"XDG_CONFIG_HOME=(\S+)", final)
    [volumes] = re.findall(r"^VOLUME (\[.*\])$", final, re.M)
    told = "from bot.own_key import own_key_file; print(own_key_file())"
    ended = subprocess.run(
        [sys.executable, "-c", told],
        env={"XDG_CONFIG_HOME": config, "HOME": "/data"},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    lies = {
        path: next(each for each in json.loads(volumes) if path.startswith(f"{each}/"))
        for path in (database, ended.stdout.strip())
    }
    assert len(set(lies.values())) == 2
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    mounted = dict(reversed(each.split(":")) for each in composed["services"]["bot"]["volumes"])
    assert set(mounted) == set(lies.values())
    assert len(set(mounted.values())) == 2
    assert set(mounted.values()) <= set(composed["volumes"])
    assert f"`{config}`" in (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_the_composed_postgres_logs_no_statement_and_no_parameter() -> None:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    said = set(composed["services"]["postgres"]["command"])
    assert {
        "-clog_statement=none",
        "-clog_min_duration_statement=-1",
        "-clog_parameter_max_length=0",
        "-clog_parameter_max_length_on_error=0",
        "-clog_min_error_statement=panic",
        "-clog_error_verbosity=terse",
    } <= said


def test_the_ci_script_is_one_that_bash_can_read_and_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
