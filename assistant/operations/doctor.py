"""what is wrong with a library or its installation, and how is it mended? the checks of `topics doctor`"""

from __future__ import annotations

import os
import platform
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final, TypeAlias

from packaging.requirements import Requirement

from assistant.amounts import counted
from assistant.operations.mcp_door import ask_mcp, is_installed
from assistant.operations.server_words import server_facts, server_problems
from assistant.operations.status import library_status
from index.embedding import DEFAULT_MODEL
from index.errors import LibraryBusyError, TopicsError
from index.library import Library
from index.offline import left_behind, not_switched, remove_left_behind

DISTRIBUTION: Final = "topic-assistant"

PAGE_SETTINGS: Final = Path(__file__).parents[2] / ".streamlit" / "config.toml"

MIN_FREE_BYTES: Final = 500 * 2**20
"""Room for the vectors of about half a million passages."""

Remedy: TypeAlias = Callable[[Library], object]


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    name: str
    ok: bool
    finding: str
    mend: str = ""
    """What to do; empty if the check passed."""
    remedy: Remedy | None = None
    """Does it, if it is safe to do so automatically; None otherwise."""


def examine(library: Library) -> list[Check]:
    """Run every check of a library and its installation.

    Files that a writer makes are checked only while nobody writes.
    """
    looks = [_packages, _network, _telemetry, _model, _disk, _catalog, _check_notes, _mcp]
    looks += [_reranker] if library.reranker else []
    checks = [_looked(look, library) for look in ([*looks, _server] if library.is_on_server else looks)]
    try:
        with library.storage.at_rest():
            return checks + [
                _looked(look, library) for look in (_export, _check_model_card, _derived_indexes, _leftovers)
            ]
    except LibraryBusyError as error:
        return [*checks, Check("Index files", True, f"not looked at: {error}")]


def _looked(look: Callable[[Library], Check], library: Library) -> Check:
    try:
        return look(library)
    except TopicsError as error:
        return Check("Library", False, "it cannot be read", str(error))


def mend(library: Library, checks: list[Check]) -> list[str]:
    """Run the safe remedies of failed checks; return the names of these checks."""
    mendable = [check for check in checks if check.remedy and not check.ok]
    for remedy in dict.fromkeys(check.remedy for check in mendable if check.remedy):
        remedy(library)
    return [check.name for check in mendable]


def _mcp(library: Library) -> Check:
    if not is_installed():
        return Check("MCP", True, "`topics mcp` needs the extra [mcp], which is not installed")
    if library.is_unread:
        return Check("MCP", True, "`topics mcp` was not asked: nothing is read yet")
    if wrong := ask_mcp(library.place, "what is in these notes?"):
        return Check("MCP", False, "`topics mcp` was started and does not answer", f"It says: {wrong}")
    return Check("MCP", True, "`topics mcp` was started once and answers")


def _packages(_: Library) -> Check:
    wrong = list(_wrong_packages())
    finding = f"Python {platform.python_version()}; " + ("; ".join(wrong) or "every package is one this one works with")
    return Check("Packages", not wrong, finding, _install(wrong) if wrong else "")


def _wrong_packages() -> Iterator[str]:
    """Yield the required packages that are missing or have another version."""
    try:
        requirements = [Requirement(line) for line in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        yield f"{DISTRIBUTION} is not installed"
        return
    for requirement in requirements:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            try:
                installed = version(requirement.name)
            except PackageNotFoundError:
                yield f"{requirement.name} is missing"
            else:
                if not requirement.specifier.contains(installed, prereleases=True):
                    yield f"{requirement.name} is {installed}, not {requirement.specifier}"


def _install(wrong: list[str]) -> str:
    return (
        f"Install {DISTRIBUTION} again, as its README says: `pip install -c constraints.txt .` puts {len(wrong)} right."
    )


def _network(_: Library) -> Check:
    from huggingface_hub.constants import HF_HUB_OFFLINE  # the library reads the variable once, at its import

    changed = not_switched() + ([] if HF_HUB_OFFLINE else ["HF_HUB_OFFLINE"])
    if changed:
        finding = f"switched on again since this command started: {', '.join(dict.fromkeys(changed))}"
        return Check("Network", False, finding, "Start it again: something in the same process has set them.")
    if _sends_statistics():
        mending = f"Set `gatherUsageStats = false` in {PAGE_SETTINGS}."
        return Check("Network", False, "Streamlit would send usage statistics from the browser", mending)
    return Check("Network", True, "model downloads, telemetry and the page's usage statistics are switched off")


def _sends_statistics() -> bool:
    """Return whether the app would send statistics if it is started without `topics serve`."""
    try:
        settings = tomllib.loads(PAGE_SETTINGS.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return True
    return bool(settings.get("browser", {}).get("gatherUsageStats", True))


def _telemetry(_: Library) -> Check:
    leftovers = left_behind()
    if not leftovers:
        return Check("Telemetry", True, "none was left behind")
    names = ", ".join(path.name for path in leftovers)
    return Check(
        "Telemetry",
        False,
        f"left in {leftovers[0].parent} by onnxruntime, in an earlier version or for another program: {names}",
        "Run `topics doctor --mend`: they are removed. Programs that use it with telemetry on make them again.",
        _remove_telemetry,
    )


def _remove_telemetry(_: Library) -> None:
    remove_left_behind()


def _model(library: Library) -> Check:
    name = library.encoder.name
    try:
        library.encoder.store.verify()
    except TopicsError as error:
        return Check("Model", False, f"{name} cannot be used", str(error))
    if library.model not in (None, name):
        return Check(
            "Model",
            False,
            f"{name} is asked for, the library was made with {library.model}",
            "Leave the model setting out, or run `topics sync --reembed`.",
        )
    checked = "its checksum is the published one" if name == DEFAULT_MODEL else "it loads"
    return Check("Model", True, f"{name}: {checked}")


def _export(library: Library) -> Check:
    if library.is_empty or library.encoder.store.is_ready(thoroughly=True):
        folder = library.encoder.store.export_folder()
        where = f": {_megabytes(folder)} at {folder}{_shared(folder, library)}" if folder else ""
        return Check("Export", True, f"the model as exported is as it was written{where}")
    return Check(
        "Export",
        False,
        "the model's export is missing or damaged: questions are slow",
        "Run `topics doctor --mend`: it is made anew.",
        Library.renew_export,
    )


def _check_model_card(library: Library) -> Check:
    card = library.encoder.store.card()
    if not card:
        return Check("Model card", True, "none: the model is not exported")
    prompts = " and ".join(repr(prompt) for prompt in (card.query_prompt, card.document_prompt) if prompt)
    reads = f"{card.dimension} dimensions, {card.max_tokens} tokens{f', prompts {prompts}' if prompts else ''}"
    if library.encoder.name == DEFAULT_MODEL:
        return Check("Model card", True, f"{reads}; everything is measured by its numbers")
    if card.calibration is None:
        mending = "Run `topics sync`: it reads the bundled topics by it, once, in half a minute."
        return Check("Model card", False, f"{reads}; what its numbers mean was not measured", mending)
    if not library.encoder.calibration.is_current:
        mending = (
            "Run `topics sync`: it fits them anew, once, in half a minute; until then the default model's are used."
        )
        return Check("Model card", False, f"{reads}; its weights of confidence are those of another version", mending)
    measured = library.encoder.calibration.measured
    unrelated, spread, related = (measured.get(f"passages, {what}", 0.0) for what in ("unrelated", "spread", "related"))
    scale = f"what does not answer a question is {unrelated:.2f} ± {spread:.2f} like it, what does {related:.2f}"
    return Check("Model card", True, f"{reads}; {scale}")


def _reranker(library: Library) -> Check:
    encoder = library.reranker
    if encoder is None or not encoder.is_weighed:
        return Check("Reranker", True, "its weight was not fitted: half of a topic's similarity is its own")
    measured = encoder.calibration.measured
    reached = f"mean reciprocal rank {measured.get(f'MRR by {encoder.weight:g}', 0.0):.3f}"
    reached += f", {measured.get('MRR by 0', 0.0):.3f} without"
    cost = f"{measured.get('milliseconds', 0.0):.0f} ms a question"
    finding = (
        f"{100 * encoder.weight:.0f} % of a topic's similarity, fitted over the bundled topics ({reached}); {cost}"
    )
    return Check("Reranker", True, finding if encoder.weight else f"left out: none of its weights helps ({reached})")


def _megabytes(folder: Path) -> str:
    return f"{sum(file.stat().st_size for file in folder.iterdir()) / 1e6:.0f} MB"


def _shared(folder: Path, library: Library) -> str:
    return "" if folder.is_relative_to(library.folder) else ", for all libraries"


def _disk(library: Library) -> Check:
    free = shutil.disk_usage(library.folder).free
    finding = f"{free / 2**30:.1f} GiB free at {library.folder}"
    if free < MIN_FREE_BYTES:
        return Check("Disk", False, finding, "Free some space, or move the library with --library.")
    if not os.access(library.folder, os.W_OK):
        return Check("Disk", False, f"{library.folder} cannot be written", "Make the folder writable: it can be asked.")
    return Check("Disk", True, finding)


def _server(library: Library) -> Check:
    state = library.storage.server_state()
    if state is None:
        return Check("Server", True, "none: the library is in a folder")
    finding = f"pgvector {state.pgvector}; {'; '.join(server_facts(state))}"
    problems = server_problems(state)
    wrong = "; ".join(what for what, _ in problems)
    return Check(
        "Server", not problems, f"{wrong}; {finding}" if wrong else finding, " ".join(do for _, do in problems)
    )


def _catalog(library: Library) -> Check:
    damage = library.storage.damage()
    if not damage:
        return Check("Catalog", True, f"{'the server' if library.is_on_server else 'SQLite'} finds it sound")
    if library.is_on_server:
        return Check("Catalog", False, damage, "Restore the database from its last backup, or `topics sync --reembed`.")
    mending = (
        f"Move {library.folder} away and add your folders again with `topics add`: "
        "the library is made anew from your notes, which are untouched."
    )
    return Check("Catalog", False, damage, mending)


def _derived_indexes(library: Library) -> Check:
    damaged = library.storage.damaged_indexes()
    if not damaged:
        return Check("Index files", True, "in step with the catalog, and as they were written")
    finding = f"damaged or out of step: {', '.join(damaged)}; answers come from the catalog meanwhile"
    return Check("Index files", False, finding, "Run `topics doctor --mend`: they are made anew.", Library.repair)


def _leftovers(library: Library) -> Check:
    orphans = library.storage.left_over()
    if not (orphans.paths or orphans.unused_vectors):
        return Check("Leftovers", True, "none")
    names = ", ".join(path.name for path in orphans.paths[:3]) + (", …" if len(orphans.paths) > 3 else "")
    finding = f"{counted(len(orphans.paths), 'file')} of interrupted syncs{f' ({names})' if names else ''}, "
    finding += f"{counted(orphans.unused_vectors, 'vector')} that no note uses"
    return Check("Leftovers", False, finding, "Run `topics doctor --mend`: they are removed.", Library.repair)


def _check_notes(library: Library) -> Check:
    status = library_status(library)
    finding = f"{counted(status.topics, 'topic')} from {counted(status.documents['indexed'], 'file')}"
    if status.missing_sources:
        missing = ", ".join(status.missing_sources)
        return Check("Notes", False, f"not there: {missing}", "Bring it back, or run `topics remove PATH`.")
    if status.emptied_sources:
        emptied = ", ".join(status.emptied_sources)
        return Check("Notes", False, f"without any file: {emptied}", "Mount it, or run `topics sync --prune`.")
    if status.documents["failed"]:
        return Check("Notes", False, f"{counted(status.documents['failed'], 'file')} failed", "See `topics status`.")
    if status.stale:
        return Check(
            "Notes", False, f"{finding}; {counted(len(status.stale), 'file')} changed since", "Run `topics sync`."
        )
    return Check("Notes", True, finding)
