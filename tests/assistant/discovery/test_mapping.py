"""All topics in two dimensions: neighbours lie together, and what has its place keeps it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from assistant.discovery.layout import MAP_FILE, lay_out, read_places
from assistant.discovery.mapping import TopicMap, cluster_names, place, topic_map
from index.library import Library
from index.records import Entry, Topic, Vectors
from index.retrieval.similar_topics import all_centred

GROUPS = {
    "bread": ["flour yeast dough oven", "dough yeast crust oven", "flour dough crust", "oven flour yeast crust"],
    "boats": ["sail mast keel rudder", "keel rudder hull", "mast sail hull", "hull keel sail rudder"],
    "stars": ["galaxy comet orbit nebula", "orbit comet moon", "nebula galaxy moon", "moon orbit galaxy comet"],
}


@pytest.fixture
def grouped(tmp_path: Path, library_of: Callable[[Path], Library]) -> Library:
    folder = tmp_path / "notes"
    folder.mkdir()
    for subject, texts in GROUPS.items():
        topics = "\n".join(f"## {subject} {number}\n{text}" for number, text in enumerate(texts))
        (folder / f"{subject}.md").write_text(f"# {subject}\n{topics}\n", encoding="utf-8")
    return library_of(folder)


def coordinates(drawn: TopicMap) -> dict[str, tuple[float, float]]:
    return {point.topic: (point.x, point.y) for point in drawn.points}


def test_neighbours_are_neighbours(grouped: Library) -> None:
    drawn = topic_map(grouped)
    _, vectors = all_centred(grouped.snapshot())
    assert trustworthiness(vectors, np.array([(p.x, p.y) for p in drawn.points]), n_neighbors=3) > 0.9


def test_point_says_which_topic_it_is_and_where_it_stands(grouped: Library) -> None:
    point = topic_map(grouped).points[0]
    assert (point.subject, point.topic, point.path, point.line) == ("boats", "boats 0", "boats.md", 2)
    assert grouped.topics([point.row_id])[point.row_id].topic_id == point.id


def test_map_fills_the_square(grouped: Library) -> None:
    places = np.array(list(coordinates(topic_map(grouped)).values()))
    assert places.min(axis=0) == pytest.approx(0)
    assert places.max(axis=0) == pytest.approx(1)


def test_clusters_are_the_groups_under_their_own_words(grouped: Library) -> None:
    drawn = topic_map(grouped)
    assert {(cluster.size, frozenset(cluster.name.split(" · ")) <= words(drawn, number)) for number, cluster in
            enumerate(drawn.clusters)} == {(4, True)}  # fmt: skip
    assert len(drawn.clusters) == 3


def words(drawn: TopicMap, cluster: int) -> set[str]:
    (subject,) = {point.subject for point in drawn.points if point.cluster == cluster}
    return set(" ".join(GROUPS[subject]).split())


def test_map_is_the_same_each_time(grouped: Library) -> None:
    first = topic_map(grouped)
    assert topic_map(grouped) == first
    (grouped.folder / MAP_FILE).unlink()
    assert topic_map(grouped) == first


def test_new_topic_moves_no_other_and_lies_among_its_kin(grouped: Library, tmp_path: Path) -> None:
    before = coordinates(topic_map(grouped))
    note = tmp_path / "notes" / "boats.md"
    note.write_text(note.read_text(encoding="utf-8") + "## Dinghy\nsail mast hull rudder\n", encoding="utf-8")
    grouped.sync()
    after = coordinates(topic_map(grouped))
    x, y = after.pop("Dinghy")
    assert after == before
    boats = np.array([at for title, at in before.items() if title.startswith("boats")])
    assert (boats.min(axis=0) <= (x, y)).all()
    assert ((x, y) <= boats.max(axis=0)).all()


def test_many_new_topics_are_laid_out_from_the_places_there_are() -> None:
    vectors = scattered(60)
    ids = [str(number) for number in range(60)]
    before = lay_out(ids[:40], vectors[:40], {})
    after = lay_out(ids, vectors, dict(zip(ids, before.tolist(), strict=False)))
    assert not np.allclose(after[:40], before)
    assert after.min() == 0
    assert after.max() == 1


def scattered(count: int) -> Vectors:
    vectors = np.random.default_rng(0).normal(size=(count, 8)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@pytest.mark.parametrize("count", range(8))
def test_any_number_of_topics_can_be_laid_out(count: int) -> None:
    places = lay_out([str(number) for number in range(count)], scattered(count), {})
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()


def test_of_very_many_topics_a_sample_is_laid_out_and_the_others_among_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.discovery.layout.UNFOLDED", 20)
    groups = np.repeat(np.eye(2, 8, dtype=np.float32), 50, axis=0)
    noise = np.random.default_rng(0).normal(scale=0.05, size=groups.shape).astype(np.float32)
    places = lay_out([str(number) for number in range(100)], groups + noise, {})
    own = np.linalg.norm(places - places[:50].mean(axis=0), axis=1)
    others = np.linalg.norm(places - places[50:].mean(axis=0), axis=1)
    assert (own[:50] < others[:50]).all()
    assert (own[50:] > others[50:]).all()


@pytest.mark.parametrize("kept", ["", "[]", "{", '{"format": 1, "stamp": "s", "places": {"a": 1}}', '{"format": 0}'])
def test_places_that_are_not_sound_are_not_there(grouped: Library, kept: str) -> None:
    grouped.storage.write_file(MAP_FILE, kept.replace('"s"', f'"{grouped.fingerprint}"'))
    assert read_places(grouped) == {}


def test_places_of_another_model_are_not_taken(grouped: Library) -> None:
    topic_map(grouped)
    assert read_places(grouped)
    grouped.storage.write_file(
        MAP_FILE, (grouped.storage.read_file(MAP_FILE) or "").replace(grouped.fingerprint, "another")
    )
    assert read_places(grouped) == {}


def test_question_lies_among_the_topics_that_answer_it(grouped: Library) -> None:
    drawn = topic_map(grouped)
    at = place(grouped, drawn, "comet orbit moon galaxy")
    assert at is not None
    distances = {p.topic: np.hypot(p.x - at[0], p.y - at[1]) for p in drawn.points}
    assert min(distances, key=distances.__getitem__).startswith("stars")


def test_empty_library_has_an_empty_map(grouped: Library, tmp_path: Path) -> None:
    grouped.remove(tmp_path / "notes")
    drawn = topic_map(grouped)
    assert (drawn.points, drawn.clusters) == ((), ())
    assert place(grouped, drawn, "comet") is None


def topic(title: str, text: str) -> Topic:
    return Topic("Notes", title, (Entry(None, text, 1),), 1)


def test_cluster_is_named_by_what_the_others_do_not_say() -> None:
    names = cluster_names(
        [
            [topic("Drift", "Syncing the cluster"), topic("Sync", "The cluster drifts; sync it")],
            [topic("Agents", "The cluster runs agents"), topic("Agent labels", "Labels of a cluster")],
        ]
    )
    assert names[0].split(" · ")[:2] in (["Drift", "Sync"], ["Sync", "Drift"])
    assert names[1].split(" · ")[:2] == ["Agents", "labels"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("p B p B p B 35 35 35 dough", "dough"),
        ("the ab ab and the CI of the pod", "CI · pod"),
        ("wächst wächst mit und und das das hat hat Teig Teig", "Teig · wächst"),
        ("Le levain et la farine dans le four, la farine et le four", "farine · four · levain"),
        ("备份 备份", "备份"),
        ("暗証番号は鍵の下にある。暗証番号を変える。", "暗証番号"),
        ("パイプラインを作る。パイプラインの設定", "パイプライン · 設定"),
    ],
)
def test_letters_numbers_and_function_words_are_in_no_name(text: str, name: str) -> None:
    [found] = cluster_names([[topic("", text)]])
    assert found == name


BADGED = (
    "%% Begin badges, do not edit %%\n![](https://badges.example/downloads?color=573E7A&style=20Wide)\n"
    "<!-- Sponsor this author -->\n[{0}](https://host.example/20Community/{0}.git) or https://host.example/{0}.git"
)


def test_area_is_named_by_what_is_seen_and_by_no_address_or_comment() -> None:
    """Parts of addresses and the comments of a template are in every note of it, and nobody sees them."""
    boats = [topic("Sloop", BADGED.format("mast")), topic("Ketch", BADGED.format("mast"))]
    others = [topic("Rye", BADGED.format("crust")), topic("Spelt", BADGED.format("crust"))]
    assert cluster_names([boats, others]) == ["Ketch · Sloop · mast", "Rye · Spelt · crust"]


def test_commands_of_formulas_are_in_no_name() -> None:
    text = r"$\frac{a}{b}$ slope \(\frac{a}{c}\) slope"
    assert cluster_names([[topic("", text), topic("", text)]]) == ["slope"]


def test_signs_and_parts_of_keys_are_in_no_name() -> None:
    text = "573E7A 573E7A 00aa0030 == == value"
    assert cluster_names([[topic("", text), topic("", text)]]) == ["value"]


def test_long_list_in_one_topic_names_no_area() -> None:
    crew = [topic("Sailor", "pear " * 9 if number == 3 else "keel") for number in range(11)]
    assert cluster_names([crew]) == ["Sailor · keel"]
    assert cluster_names([crew[3:5]]) == ["pear · Sailor · keel"]


def test_word_of_most_topics_names_no_cluster() -> None:
    def names(word: str) -> list[str]:
        return cluster_names(
            [[topic("Ryż", f"{word} {word} ryż"), topic("Woda", f"{word} woda")], [topic("Mak", "mak")]]
        )

    assert names("jest") == ["Ryż · Woda", "Mak"]


def test_json_is_plain_values(grouped: Library) -> None:
    record = json.loads(json.dumps(topic_map(grouped).to_json()))
    assert set(record) == {"revision", "points", "clusters"}
    assert set(record["points"][0]) == {
        "topic_id",
        "id",
        "subject",
        "topic",
        "x",
        "y",
        "cluster",
        "path",
        "line",
        "parents",
        "anchor",
    }
