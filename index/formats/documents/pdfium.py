"""pdfium's functions asked of many objects at once: results lie in one buffer and are read together

A page has hundreds of objects and lines. One call of ctypes with its own pointers, and a value read from each, cost
three times as much.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, Final, TypeAlias

import pypdfium2.raw as c

Quad: TypeAlias = tuple[float, float, float, float]

NOWHERE: Final[Quad] = (0.0, 0.0, 0.0, 0.0)
"""The bounds of an object that has none."""

_MATRIX_BYTES: Final = 16
"""Bytes of four numbers."""


def _of_addresses(function: Any, result: Any, *parameters: Any) -> Callable[..., Any]:  # noqa: ANN401 (ctypes' own)
    """Return a function of pdfium's that takes addresses as whole numbers."""
    return ctypes.PYFUNCTYPE(result, *parameters)(ctypes.cast(function, _POINTER).value or 0)


_POINTER: Final = ctypes.c_void_p
_FOUR: Final = (_POINTER,) * 4
_object_at = _of_addresses(c.FPDFPage_GetObject, c.FPDF_PAGEOBJECT, _POINTER, ctypes.c_int)
_render_mode = _of_addresses(c.FPDFTextObj_GetTextRenderMode, ctypes.c_int, _POINTER)
_bounds = _of_addresses(c.FPDFPageObj_GetBounds, ctypes.c_int, _POINTER, *_FOUR)
_fill_color = _of_addresses(c.FPDFPageObj_GetFillColor, ctypes.c_int, _POINTER, *_FOUR)
_letter_box = _of_addresses(c.FPDFText_GetLooseCharBox, ctypes.c_int, _POINTER, ctypes.c_int, _POINTER)


def objects_of(page: c.FPDF_PAGE) -> list[c.FPDF_PAGEOBJECT]:
    """Return what a page draws, in its order."""
    return list(map(_object_at, repeat(page), range(c.FPDFPage_CountObjects(page))))


def render_modes(objects: Sequence[c.FPDF_PAGEOBJECT]) -> list[int]:
    """Return the mode in which each text is drawn; `FPDF_TEXTRENDERMODE_UNKNOWN` for what is no text."""
    return list(map(_render_mode, objects))


def bounds(objects: Sequence[c.FPDF_PAGEOBJECT]) -> list[Quad]:
    """Return left, bottom, right and top of each object."""
    return [box or NOWHERE for box in _four_of_each(_bounds, objects, "f")]


def fills(objects: Sequence[c.FPDF_PAGEOBJECT]) -> list[Quad | None]:
    """Return red, green, blue and alpha of each object; None where it has no colour."""
    return _four_of_each(_fill_color, objects, "I")


def _four_of_each(function: Callable[..., int], objects: Sequence[c.FPDF_PAGEOBJECT], kind: str) -> list[Quad | None]:
    numbers = array(kind, bytes(_MATRIX_BYTES * len(objects)))
    begin, _ = numbers.buffer_info()
    end = begin + _MATRIX_BYTES * len(objects)
    are_told = list(map(function, objects, *(range(begin + 4 * place, end, _MATRIX_BYTES) for place in range(4))))
    return [four if is_told else None for is_told, four in zip(are_told, _by_four(numbers), strict=True)]


def letter_boxes(text: c.FPDF_TEXTPAGE, places: Sequence[int]) -> list[Quad]:
    """Return left, top, right and bottom of letters of a page, each as high as its font is."""
    numbers = array("f", bytes(_MATRIX_BYTES * len(places)))
    begin, _ = numbers.buffer_info()
    list(map(_letter_box, repeat(text), places, range(begin, begin + _MATRIX_BYTES * len(places), _MATRIX_BYTES)))
    return list(_by_four(numbers))


def _by_four(numbers: Iterable[float]) -> Iterator[Quad]:
    each = iter(numbers)
    return zip(each, each, each, each, strict=True)
