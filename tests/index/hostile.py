"""Texts that try to break things: Markdown's own signs, odd white space, long words, many scripts."""

from __future__ import annotations

from hypothesis import strategies as st

FRAGMENTS = [
    *("# ", "## 1. ", "### What", "#### deep", "*What:* ", "**How**: ", "Example:", "*Also asked as:* "),
    *("- **What:** ", "```", "~~~", "````", "    ", "\t", "> ", "- ", "* ", "1. ", "---", "===", "***", "...", "\\"),
    *("title: x", "| a | b |", "|---|---|", "|", "`", "``", "*", "__", "[a](b)", "[r]: /u", "![i](u)", "<b>", "<!--"),
    *("&#0;", "&amp;", "\n", "\n\n", "\r", "\r\n", "\0", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85", "\ufeff"),
    *("\u00a0", "\u200b", "word ", "Two words. ", "e.g. this! ", "ordinary text that goes on for a while. "),
    *("$", "$$", "$x", " $ ", "> [!tip] ", "#tag ", "**Bold.** ", "w" * 300, "; ", '"', "\\U110000"),
    *("\u8fd9\u662f\u4e00\u53e5\u8bdd\u3002", "\U0001f469\u200d\U0001f4bb ", "e\u0301"),
    "\u0627\u0644\u0633\u0644\u0627\u0645 ",
]  # fmt: skip
"""What a document is put together from, apart from any characters at all."""


def texts(max_fragments: int = 40) -> st.SearchStrategy[str]:
    """Return texts of fragments, any other characters between them."""
    fragment = st.sampled_from(FRAGMENTS) | st.text(st.characters(codec="utf-8"), max_size=20)
    return st.lists(fragment, max_size=max_fragments).map("".join)


def documents() -> st.SearchStrategy[str]:
    """Return hostile texts, some below a front matter of them."""
    return texts() | st.builds("---\n{}\n---\n{}".format, texts(8), texts())
