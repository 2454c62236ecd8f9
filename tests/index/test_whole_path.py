"""Whatever stands in the files of a folder, one sync takes it in: what cannot be read is told, the rest found."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from index.library import Library

SOUND: Final = (
    "# Greenhouse\n\n## Marrow {number}\n\nThe marrow{number} is watered twice a week.\n\nKept by the gardeners.\n"
)

PARTS: Final = (
    *("---\ntitle: [\n---\n", "---\naliases: [1, null, {a: b}]\n---\n", "+++\ntitle = 1\n+++\n", "key:: value\n"),
    *("# One\n", "## \n", "###### Deep\n", "#\n", "Heading\n===\n", "- - -\n", "***\n"),
    *("*What:* ", "**How:**\n", "### Example\n", "*Also asked as:* a; ; b\n", "- **What:**\n  - in a list\n"),
    *("%%", "%% hidden %%\n", "<!--", "-->", "<!-- gone -->\n", "<script>", "</script>", "<img alt='x'>", "<%", "{{<"),
    *(
        "```",
        "```python\nx = 1\n```\n",
        "~~~\n",
        "$$",
        "$x$",
        "`",
        "``",
        "|",
        "|a|b|\n|-|-|\n|c|d|\n",
        "> [!note]- Title\n",
    ),
    *(
        "[[",
        "]]",
        "[[Page#Part|shown]]",
        "![[file.png]]",
        "[a](",
        "](b)",
        "[^1]",
        "[^1]: note\n",
        "[x]: /url\n",
        "^id\n",
    ),
    *("- [ ] task\n", "1. " * 40, "> " * 40, "* " * 40, "\t" * 30, "_" * 60, "*" * 60, "[" * 60, "\\", "&", "&#xD800;"),
    *(
        "&#0;",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\ud83d",
        "😀",
        "한국어",
        "ﬀ",
        "a" * 3_000,
        "\r",
        "\r\n",
    ),
    *(
        '{"_id": 1, "title": null, "text": [1]}\n',
        '{"_id": "a", "text": "\\ud800"}\n',
        "NaN\n",
        "2026-02-31\n",
        "9" * 400,
    ),
    *("The footer of many notes.", "\n\n", " ", "A sentence that says something.\n"),
)
NAMES: Final = (
    "plain",
    "a\nb",
    "\x1b[31m",
    "caf\udce9",
    "😀",
    "-rf",
    " ",
    "x" * 200,
    "2026-02-31",
    "\u202eltr",
    "%00",
    "a#b|c",
)
ENDINGS: Final = (".md", ".md", ".md", ".txt", ".markdown", ".jsonl", ".MD")
SEEDS: Final = 4
FILES: Final = 60


def mutated(chance: random.Random) -> bytes:
    """Return a document that nobody would write, in some encoding or none."""
    text = "".join(chance.choices(PARTS, k=chance.randint(0, 25))) + chance.choice(
        ("", "\n\nThe footer of many notes.\n")
    )
    content = text.encode(chance.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-16-le")), "surrogatepass")
    if chance.random() < 0.3:
        at = chance.randint(0, len(content))
        content = content[:at] + chance.randbytes(chance.randint(1, 20)) + content[at + chance.randint(0, 200) :]
    return content[: chance.choice((len(content), len(content), chance.randint(0, len(content))))]


def write_mutated(folder: Path, chance: random.Random) -> int:
    """Write mutated documents under odd names among sound ones, and return how many files there are."""
    names = {f"{chance.choice(NAMES)}{number}{chance.choice(ENDINGS)}" for number in range(FILES)}
    for number, name in enumerate(sorted(names)):
        inside = folder / chance.choice(("", "dir\udcff", "deep/er"))
        inside.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(mutated(chance))
        (folder / f"sound{number}.md").write_text(SOUND.format(number=number), encoding="utf-8")
    return 2 * len(names)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_sync_of_whatever_files_takes_in_all_that_can_be_read(
    library_of: Callable[[Path], Library], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same documents each time
    count = write_mutated(tmp_path / "notes", chance)
    library = library_of(tmp_path / "notes")
    documents = library.documents()
    assert len(documents) == count
    assert all(document.reason for document in documents if document.status != "indexed")
    faults = [document.reason for document in documents if "a fault of Topic Assistant" in document.reason]
    assert faults == [], "each of these is a bug"
    assert library.search("how often is the marrow7 watered?", 1)[0].topic.title == "Marrow 7"
    assert (library.storage.damage(), library.storage.damaged_indexes()) == ("", ())
    assert library.sync().changed == []
    for file in sorted((tmp_path / "notes").rglob("*")):
        if file.is_file() and not file.name.startswith("sound"):
            os.truncate(file, 0)
            file.write_bytes(mutated(chance))
    library.sync()
    assert len(library.documents()) == count
    assert library.search("how often is the marrow7 watered?", 1)[0].topic.title == "Marrow 7"
