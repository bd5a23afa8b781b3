"""Importing a user's own copy of the EU inventory: only the inventory goes in, and as a whole."""

from pathlib import Path

import pytest

from pellucid.labels import inventory
from pellucid.labels.inventory import FEWEST, FILE, cache_folder, import_inventory, imported_names, widened
from pellucid.model.errors import InputError, OutputError
from pellucid.model.label import Method

ROWS = [f"FROBNICATE-{number}" for number in range(FEWEST)]


def table(header: str = "INCI name,CAS", *, delimiter: str = ",", more: str = "") -> str:
    return header + "\n" + "".join(f"{name}{delimiter}0\n" for name in ROWS) + more


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "inventory.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        table(),
        table("inci_name,cas_number"),
        table("INCI name;CAS", delimiter=";"),
        table("INCI name\tCAS", delimiter="\t"),
        table('File creation date,2020\n"Ingredients, all",\nINCI name,CAS'),
        b"\xef\xbb\xbf" + table().encode(),
        table().replace("\n", "\r\n"),
    ],
)
def test_official_and_plain_tables_are_read(tmp_path: Path, content: str | bytes) -> None:
    count = import_inventory(write(tmp_path, content), tmp_path / "cache")

    assert count == FEWEST
    assert set(imported_names(tmp_path / "cache")) == set(ROWS)


def test_names_are_tidied_and_kept_once(tmp_path: Path) -> None:
    more = '"1,2-frobnicate ",1\nFROBNICATE-1,1\n,1\n-,1\nCr\xe9me  Frob,1\n'
    import_inventory(write(tmp_path, table(more=more).encode("cp1252")), tmp_path)

    assert set(imported_names(tmp_path)) == {*ROWS, "1,2-FROBNICATE", "CRÉME FROB"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,cas\nWATER,1\n", "no column"),
        ("", "no column"),
        ("INCI name\nWATER\nMICA\n", "holds 2 names"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (table(more='"a' + "b" * 200_000 + '"\n'), "can't be read as CSV"),
    ],
)
def test_other_files_are_refused_and_what_was_imported_stays(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    import_inventory(write(tmp_path, table()), tmp_path)
    before = (tmp_path / FILE).read_bytes()

    with pytest.raises(InputError, match=message):
        import_inventory(write(tmp_path, content), tmp_path)
    assert (tmp_path / FILE).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, "inventory.csv"]


def test_a_missing_and_a_huge_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="can't be read"):
        import_inventory(tmp_path / "none.csv", tmp_path)
    monkeypatch.setattr(inventory, "LARGEST_FILE", 10)
    with pytest.raises(InputError, match="larger than 10 bytes"):
        import_inventory(write(tmp_path, table()), tmp_path)


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")

    with pytest.raises(OutputError, match="can't write to"):
        import_inventory(write(tmp_path, table()), tmp_path / "cache")


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "cache" / FILE).mkdir(parents=True)

    with pytest.raises(OutputError):
        import_inventory(write(tmp_path, table()), tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [FILE]


def test_imported_names_widen_the_shipped_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert imported_names() == ()
    assert "FROBNICATE-1" not in widened(tmp_path)

    import_inventory(write(tmp_path, table(more="AQUA,1\n")))
    wide = widened(cache_folder())

    assert wide.exact["FROBNICATE-1"].method is Method.EXACT
    aqua = wide.find("Aqua")
    assert aqua is not None
    assert aqua.inci == "WATER"


def test_a_spoiled_cache_asks_for_a_new_import(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\xfa")

    with pytest.raises(InputError, match="import the inventory again"):
        imported_names(tmp_path)


def test_each_platform_has_its_cache() -> None:
    home = Path.home()

    assert cache_folder({"XDG_CACHE_HOME": "/x"}, "linux") == Path("/x/pellucid")
    assert cache_folder({}, "linux") == home / ".cache" / "pellucid"
    assert cache_folder({}, "darwin") == home / "Library/Caches/pellucid"
    assert cache_folder({"LOCALAPPDATA": "/local"}, "win32") == Path("/local/pellucid/Cache")
