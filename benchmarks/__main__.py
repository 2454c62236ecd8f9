"""`python -m benchmarks DATA`: measure, print a table, write JSON"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.measures import MEASURES, Plan
from benchmarks.report import Figure, table, write_json

SIZES = (100, 10_000, 250_000, 1_000_000)
QUICK_SIZES = (100, 10_000)


def main(arguments: list[str] | None = None) -> None:
    """Measure what was asked for, in a temporary folder that goes again."""
    options = _options(arguments)
    machine = describe()
    sys.stdout.write("\n".join(f"{name}: {value}" for name, value in machine.items()) + "\n\n")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="topics-benchmarks-", dir=options.work) as work:
        plan = _plan(options, Path(work))
        for name in options.only or MEASURES:
            for figure in MEASURES[name](plan):
                figures.append(figure)
                sys.stderr.write(f"{figure.what} {figure.size or ''}: {figure.value:.1f} {figure.unit}\n")
    sys.stdout.write(table(figures) + "\n")
    if options.json:
        write_json(options.json, machine, figures)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument("data", type=Path, help="folder with real notes and questions; see benchmarks/README.md")
    parser.add_argument("--only", action="append", choices=MEASURES, help="measure this only; may be repeated")
    parser.add_argument("--sizes", type=int, nargs="+", help="passages of the libraries that are asked")
    parser.add_argument("--files", type=int, help="Markdown files that are indexed and synced")
    parser.add_argument("--quick", action="store_true", help="small sizes: two minutes instead of twenty")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures to this file, too")
    parser.add_argument("--work", type=Path, help="a folder with room for 6 GB, instead of the system's temporary one")
    return parser.parse_args(arguments)


def _plan(options: argparse.Namespace, work: Path) -> Plan:
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    files = options.files or (100 if options.quick else 2000)
    return Plan(
        options.data.resolve(), work, tuple(sizes), files, 50 if options.quick else 200, 2 if options.quick else 5
    )


if __name__ == "__main__":
    main()
