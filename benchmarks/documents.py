"""`python -m benchmarks.documents`: how fast documents are read, and whether answers name the right page of them

The manuals are set in three ways: with an outline, with headings in larger type only, and in two columns. All of them
have the same parts and the same sentences, so that a page is told from the others by what is said on it alone.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from statistics import mean
from typing import Any, Final, NamedTuple

from benchmarks.machine import memory
from index.formats import DocumentReader, Unreadable, format_of
from index.library import Library
from index.sources import FileReader, find_files

MACHINES: Final = ("lathe", "kiln", "baler", "crane", "loom", "press", "boiler", "mill", "winch", "dryer")
PARTS: Final = (
    "spindle,gearbox,drive belt,main bearing,oil pump,filter,relief valve,hand brake,control panel,fuse box,"
    "cooling fan,chain,rear axle,safety cover,hydraulic hose,pressure gauge,lamp,foot switch,anchor bolt,exhaust".split(
        ","
    )
)
FACTS: Final = (
    ("is checked every {} weeks", "how often is the {part} of the {machine} checked?"),
    ("weighs {} kilograms", "how much does the {part} of the {machine} weigh?"),
    ("is tightened with {} newton metres", "with how many newton metres is the {part} of the {machine} tightened?"),
    ("was replaced in hall {}", "in which hall was the {part} of the {machine} replaced?"),
    ("must not get hotter than {} degrees", "how hot may the {part} of the {machine} get at most?"),
)
FILLER: Final = (
    "Keep the tools that are needed within reach before the work begins.",
    "Nobody works alone on a machine that is under load.",
    "Clean the place with a dry cloth and look for traces of wear.",
    "What looks damaged is put aside and shown to the foreman.",
    "The work is written into the log book and signed by two people.",
    "Wait until everything has come to rest and the main switch is locked.",
    "Spare parts are kept in the store behind the second gate.",
    "A trial run of some minutes shows whether all is well again.",
)
PAGES: Final = 20
QUESTIONS: Final = 10
ROUNDS: Final = 4
COPIES: Final = 100
WAYS: Final = ("with an outline", "with headings in larger type", "in two columns")


class Fact(NamedTuple):
    """Something that a page says, and how it is asked for."""

    question: str
    value: str
    page: int


class Manual(NamedTuple):
    """A made document."""

    name: str
    content: bytes
    facts: list[Fact]


def manuals(seed: int = 5) -> Iterator[Manual]:
    """Yield a manual of twenty pages for each machine, with ten facts that are asked for."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    for number, machine in enumerate(MACHINES):
        values = draw.sample(range(11, 99), PAGES)
        parts = draw.sample(PARTS, PAGES)
        said = [(part, *draw.choice(FACTS), str(value)) for part, value in zip(parts, values, strict=True)]
        facts = [
            Fact(question.format(part=part, machine=machine), value, page)
            for page, (part, _, question, value) in enumerate(said, start=1)
        ]
        texts = [
            (
                part,
                f"The {part} of the {machine} {sentence.format(value)}.",
                draw.sample(FILLER, 6) + draw.sample(FILLER, 6),
            )
            for part, sentence, _, value in said
        ]
        yield Manual(f"{machine}.pdf", _set(machine, texts, number % len(WAYS)), draw.sample(facts, QUESTIONS))


def _set(machine: str, texts: list[tuple[str, str, list[str]]], way: int) -> bytes:
    """Return a manual as a PDF, set in one of three ways."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph

    styles: Any = getSampleStyleSheet()
    width, height = A4
    columns = [(50, 235), (310, 235)] if way == 2 else [(60, width - 120)]

    def decorate(canvas: Any, document: Any) -> None:  # noqa: ANN401 (published without types)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(50, height - 30, f"Manual of the {machine}")
        canvas.drawCentredString(width / 2, 20, f"{document.page} / {PAGES}")
        if way == 0:
            canvas.bookmarkPage(f"p{document.page}")
            canvas.addOutlineEntry(f"The {texts[document.page - 1][0]}", f"p{document.page}", 0)

    kept = io.BytesIO()
    document = BaseDocTemplate(kept, pagesize=A4, title="")
    frames = [Frame(left, 50, wide, height - 110) for left, wide in columns]
    document.addPageTemplates(PageTemplate("page", frames, onPage=decorate))
    story: list[Any] = []
    for part, sentence, filler in texts:
        story += [Paragraph(f"The {part}", styles["Heading2"]), Paragraph(" ".join(filler[:6]), styles["BodyText"])]
        story += [Paragraph(f"{sentence} {' '.join(filler[6:8])}", styles["BodyText"])]
        story += [Paragraph(" ".join(filler[start : start + 4]), styles["BodyText"]) for start in (0, 4, 8)] * 3
        story.append(PageBreak("page"))
    document.build(story)
    return kept.getvalue()


def pages_right(made: list[Manual], work: Path) -> tuple[int, int]:
    """Return how many questions are shown a passage on the right page, and how many there are."""
    from assistant.answering import ask

    folder = work / "manuals"
    folder.mkdir()
    for manual in made:
        (folder / manual.name).write_bytes(manual.content)
    right = count = 0
    with closing(Library(work / "library")) as library:
        library.remove("builtin")
        library.add(folder)
        library.sync()
        for manual in made:
            for fact in manual.facts:
                count += 1
                answer = ask(library, fact.question)
                shown = answer.answer or (answer.hits[0] if answer.hits else None)
                is_right = shown and shown.path == manual.name and (shown.anchor or {}).get("page") == fact.page
                right += bool(is_right)
                if not is_right:
                    sys.stderr.write(f"{fact.question} page {fact.page}; {shown.location if shown else 'nothing'}\n")
    return right, count


def pages_a_second(made: list[Manual]) -> tuple[float, float]:
    """Return how many pages are read in a second of work in a process of their own, and by plain pypdfium2.

    It is the work that is measured: by the clock, two processes would be held up by whatever else the machine does.
    """
    contents = [manual.content for manual in made]
    ours = min(_work_of_reader(contents, ROUNDS + 1) - _work_of_reader(contents, 1) for _ in range(3)) / ROUNDS
    plain = min(_work(lambda: list(map(plain_text, contents))) for _ in range(3 * ROUNDS))
    return len(made) * PAGES / ours, len(made) * PAGES / plain


def _work_of_reader(contents: Sequence[bytes], rounds: int) -> float:
    """Return the seconds of work that a process takes to start and to read some documents, over and over."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with DocumentReader() as reader:
        for content in [*contents] * rounds:
            reader.read("pdf", content)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _work(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def plain_text(content: bytes) -> str:
    """Return all text as pypdfium2 gives it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    said: list[str] = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        said.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return "\n".join(said)


class Flow(NamedTuple):
    """How many documents one after the other were read."""

    documents: int
    seconds: float
    processors: float
    """Processors that were kept busy, by this process and by those that read."""
    wanted: float
    """Processors that they would have kept busy: on a machine that does other work, they wait for some of it."""
    grown: int
    """Megabytes of its own by which this process grew from the hundredth document to the last one."""
    largest: float
    """Megabytes of the largest process that read."""


def flow(made: Sequence[Manual], folder: Path) -> Flow:
    """Read each manual a hundred times under other names, as a sync reads the files of a source."""
    for number in range(COPIES):
        for manual in made:
            (folder / f"{number:03}-{manual.name}").write_bytes(manual.content)
    began, worked, before, count = time.perf_counter(), _processor_seconds(), 0, 0
    with FileReader() as reader, _counting_runnable() as runnable:
        for count, _ in enumerate(reader.read_all(find_files(folder)), start=1):
            before = before or (memory()[0] if count == len(made) * COPIES // 10 else 0)
    seconds = time.perf_counter() - began
    processors = (_processor_seconds() - worked) / seconds
    return Flow(count, seconds, processors, mean(runnable), memory()[0] - before, _largest_child())


@contextmanager
def _counting_runnable() -> Iterator[list[int]]:
    """Count now and then how many threads of this process and of those that it has started run, or wait to run."""
    counts, ended = list[int](), threading.Event()

    def count() -> None:
        while not ended.wait(0.05):
            counts.append(sum(_is_runnable(place) for place in _threads()) - 1)  # but for this thread

    counting = threading.Thread(target=count)
    counting.start()
    try:
        yield counts
    finally:
        ended.set()
        counting.join()


def _threads() -> Iterator[Path]:
    for thread in Path("/proc/self/task").iterdir():
        yield thread
        with suppress(OSError):
            yield from (Path("/proc") / child for child in (thread / "children").read_text().split())


def _is_runnable(thread: Path) -> bool:
    try:
        return (thread / "stat").read_text().rpartition(")")[2].split()[0] == "R"
    except OSError:  # it has ended
        return False


def _largest_child() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _processor_seconds() -> float:
    """Return the seconds of work of this process and of those that it has waited for."""
    each = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in each)


def hostile() -> Iterator[tuple[str, float, str]]:
    """Yield the name of each hostile document, how long it took, and what was told of it."""
    from tests.index.formats.documents.hostile import ODD

    with DocumentReader() as reader:
        for odd in ODD:
            kind, content, told = format_of(odd.name), odd.made(), "read"
            began = time.perf_counter()
            try:
                reader.read(kind.module if kind else "", content)
            except Unreadable as error:
                told = str(error)
            yield odd.name, time.perf_counter() - began, told


def main() -> None:
    """Measure all of it."""
    made = list(manuals())
    with tempfile.TemporaryDirectory(prefix="topics-documents-") as work:
        read = flow(made, Path(work))
    sys.stdout.write(
        f"{read.documents:,} documents of {PAGES} pages in {read.seconds:.0f} s, with {read.processors:.2f} processors "
        f"busy and {read.wanted:.2f} wanted\n"
        f"after the first hundred, this process grew by {read.grown} MB; {read.largest:.0f} MB in one that reads\n"
    )
    for way, name in enumerate(WAYS):
        ours, plain = pages_a_second(made[way :: len(WAYS)])
        sys.stdout.write(
            f"pages a second of work, {name}: {ours:.0f}, plain pypdfium2 {plain:.0f}, ratio {ours / plain:.2f}\n"
        )
    told = list(hostile())
    slowest = max(told, key=lambda one: one[1])
    sys.stdout.write(
        f"{len(told)} odd documents: {sum(one[2] != 'read' for one in told)} told, the slowest {slowest[0]} in "
        f"{slowest[1]:.1f} s, {_largest_child():.0f} MB in a process at most\n"
    )
    with tempfile.TemporaryDirectory(prefix="topics-documents-") as work:
        right, count = pages_right(made, Path(work))
    sys.stdout.write(f"right page: {right} of {count} questions over {len(made)} documents of {PAGES} pages\n")


if __name__ == "__main__":
    main()
