"""Where LibreOffice is on this computer, and how it is asked for PDF files: one process, a profile of its own.

Word is not driven: its own "Save as PDF" does the same by hand, and a script that moves somebody's open Word can lose
what she has not saved.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from builder.problems import InputError, Problem

_FLATPAK_ID = "org.libreoffice.LibreOffice"
_LINUX = (
    "/usr/bin/soffice",
    "/usr/local/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
)
_SNAP = Path("/snap/bin/libreoffice")
_APPLICATION = "LibreOffice.app/Contents/MacOS/soffice"
_FLATPAKS = ("/var/lib/flatpak/exports/bin", "~/.local/share/flatpak/exports/bin")

# Nothing in a paper may run, and nothing may be fetched: whoever edited it may have put in anything.
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
)
_WITH_BLANKS = 'pdf:writer_pdf_Export:{"IsSkipEmptyPages":{"type":"boolean","value":"false"}}'
_WITHOUT_BLANKS = "pdf:writer_pdf_Export"
_OPTIONS = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard")

SECONDS_TO_START, SECONDS_A_FILE = 60, 30
_GLANCE = 0.1
_LONGEST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Office:
    """A LibreOffice: the command that starts it, and the folder that it may write to where not everywhere is open.

    `sandboxed` ones are given the folder that they work in.
    """

    command: tuple[str, ...]
    works_in: Path | None = None
    sandboxed: bool = False


def find(
    platform: str = sys.platform,
    environ: Mapping[str, str] = os.environ,
    root: Path = Path("/"),
    registered: Callable[[], Iterator[str]] | None = None,
) -> Office:
    """The first LibreOffice of this computer; InputError with what to do where there is none.

    `root` is where the computer's folders begin, and `registered` gives what Windows knows of: both for tests.
    """
    for office in _candidates(platform, environ, root, registered or _registered):
        if os.access(office.command[0], os.X_OK) and not Path(office.command[0]).is_dir():
            return office
    message = "LibreOffice is not installed here, or not where this program looks."
    hint = (
        "Install it from www.libreoffice.org (“Download”) and run again. "
        "Or open each paper in Word and choose “Save as”, then “PDF”: print-and-pack.docx says how to print it."
    )
    raise InputError([Problem("no-libreoffice", message, hint=hint)])


def _candidates(
    platform: str, environ: Mapping[str, str], root: Path, registered: Callable[[], Iterator[str]]
) -> Iterator[Office]:
    home = Path(environ.get("HOME") or Path.home())
    if platform == "win32":
        yield from (Office((path,)) for path in _on_windows(environ, registered))
        return
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found and Path(found).is_absolute() and not _is_snap(Path(found), root):
            yield Office((found,))
    if platform == "darwin":
        yield Office((str(_under(root, "/Applications") / _APPLICATION),))
        yield Office((str(home / "Applications" / _APPLICATION),))
        return
    yield from (Office((str(_under(root, path)),)) for path in _LINUX)
    yield from (Office((str(path),)) for path in sorted(root.glob("opt/libreoffice*/program/soffice"), reverse=True))
    for folder in _FLATPAKS:
        start = (home / folder.removeprefix("~/")) if folder.startswith("~") else _under(root, folder)
        yield Office((str(start / _FLATPAK_ID),), sandboxed=True)
    yield Office((str(_under(root, str(_SNAP))),), home / "snap" / "libreoffice" / "common")


def _under(root: Path, path: str) -> Path:
    return root / path.lstrip("/")


def _is_snap(path: Path, root: Path) -> bool:
    """Whether a command is a snap's: it can work in its own folder only, so it comes last, with that folder."""
    return path.parent == _under(root, str(_SNAP.parent)) or path.resolve().name == "snap"


def _on_windows(environ: Mapping[str, str], registered: Callable[[], Iterator[str]]) -> Iterator[str]:
    """The paths on Windows; never PATH, since that would look into the current folder first.

    The `.com` is the same program, and waits until it is done.
    """
    for key in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)"):
        if folder := environ.get(key):
            yield str(Path(folder) / "LibreOffice" / "program" / "soffice.com")
    for path in registered():
        yield str(Path(path).with_suffix(".com"))
        yield path


def _registered() -> Iterator[str]:
    """What Windows' registry says under "App Paths"; nothing elsewhere."""
    if sys.platform == "win32":
        import winreg

        key = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\soffice.exe"
        for hive in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            with suppress(OSError):
                yield winreg.QueryValue(hive, key).strip('"')
    yield from ()


# ------------------------------------------------------------ converting


def to_pdf(
    office: Office, papers: Mapping[str, bytes], *, blanks: bool, tell: Callable[[str], None], seconds: float = 0
) -> dict[str, bytes]:
    """The PDF file of each Word file, by the Word file's name; InputError where one could not be made.

    With `blanks` an empty back is a page, so that each sheet begins on a leaf when printed double-sided.
    `tell` hears the name of each file that is done; it all ends after `seconds`, by default so many a file.
    """
    if not papers:
        return {}
    with _workshop(office) as work:
        done = _convert(office, papers, work, blanks=blanks, tell=tell, seconds=seconds)
    missing = [name for name in papers if name not in done]
    if missing:
        message = f"LibreOffice made no PDF file of {', '.join(missing)}."
        raise InputError([Problem("not-converted", message, hint="Open it in LibreOffice or Word: it may be damaged.")])
    return done


@contextmanager
def _workshop(office: Office) -> Iterator[Path]:
    """A folder for one conversion, gone afterwards."""
    if office.works_in is not None:
        with suppress(OSError):
            office.works_in.mkdir(parents=True, exist_ok=True)
    place = office.works_in if office.works_in and office.works_in.is_dir() else None
    with TemporaryDirectory(prefix="workshop-print-", dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name).resolve()


def _convert(  # noqa: PLR0913 - what `to_pdf` was given, and the folder
    office: Office,
    papers: Mapping[str, bytes],
    work: Path,
    *,
    blanks: bool,
    tell: Callable[[str], None],
    seconds: float,
) -> dict[str, bytes]:
    made, profile = work / "pdf", work / "profile"
    made.mkdir()
    _write_profile(profile)
    paths = []
    for number, (name, content) in enumerate(papers.items()):
        (work / str(number)).mkdir()  # a name may begin with anything; a path of ours does not
        paths.append(work / str(number) / name)
        paths[-1].write_bytes(content)
    sandbox = ("/usr/bin/flatpak", "run", f"--filesystem={work}", _FLATPAK_ID) if office.sandboxed else office.command
    how = _WITH_BLANKS if blanks else _WITHOUT_BLANKS
    command = [*sandbox, f"-env:UserInstallation={profile.as_uri()}", *_OPTIONS, "--convert-to", how]
    results = {name: made / f"{Path(name).stem}.pdf" for name in papers}
    limit = seconds or SECONDS_TO_START + SECONDS_A_FILE * len(papers)
    _run([*command, "--outdir", str(made), *map(str, paths)], work, results, limit, tell)
    return {name: path.read_bytes() for name, path in results.items() if path.is_file()}


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>\n',
        encoding="utf-8",
    )


def _run(
    command: Sequence[str], work: Path, results: Mapping[str, Path], limit: float, tell: Callable[[str], None]
) -> None:
    """Run LibreOffice to its end or to the limit, telling of each file; none of its processes outlives this."""
    log = work / "log.txt"
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(  # noqa: S603 - a path that we found, and no shell
                command, cwd=work, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        except OSError as error:
            raise _failed(f"it does not start: {error.strerror or error}") from error
        try:
            _watch(process, results, time.monotonic() + limit, tell)
        finally:
            _end(process)
    if process.returncode:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise _failed(f"it ended with {process.returncode}. {said[-1][:_LONGEST_TOLD] if said else ''}".strip())


def _watch(
    process: "subprocess.Popen[bytes]", results: Mapping[str, Path], end: float, tell: Callable[[str], None]
) -> None:
    told: set[str] = set()
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GLANCE)
        new = [name for name, path in results.items() if name not in told and path.is_file()]
        for name in new:
            tell(name)
        told.update(new)
        if process.returncode is not None:
            return
        if time.monotonic() > end:
            raise _failed("it took too long, and was stopped")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End LibreOffice with all that it started; on Unix that is its process group, on Windows its tree."""
    if process.poll() == 0:
        return
    if sys.platform == "win32":
        taskkill = str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe")
        tree = [taskkill, "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(tree, check=False, capture_output=True)  # noqa: S603 - Windows' own program
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failed(why: str) -> InputError:
    hint = "Run again; if it stays so, open a paper in LibreOffice and see what it says."
    return InputError([Problem("libreoffice-failed", f"LibreOffice did not make the PDF files: {why}.", hint=hint)])
