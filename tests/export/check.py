"""The exports before outside judges: bagit, frictionless, SQLite's own shell, DuckDB, sha256sum.

Run by `cargo xtask test --only export`, which makes the environment. Prints a line for each check and closes with a count.
"""

import csv
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import bagit
import duckdb

ROOT = Path(__file__).resolve().parents[2]
WELLKEPT = os.environ["WELLKEPT"]
BIN = Path(sys.executable).parent
# Each workspace with the instant at which it is judged.
WORKSPACES = [(ROOT, "2026-11-03T12:00"), (ROOT / "tests/export/edges", "2026-05-12T12:00")]
WORKSPACES += [
    (ROOT / f"tests/sites/{case}/workspace", "2026-04-10T12:00")
    for case in ["corrections-and-waivers", "every-kind", "minimal-zh", "rejected"]
]
# What was hurt on purpose is refused without a word.
logging.disable(logging.CRITICAL)


def run(*args, cwd=None, env=None, code=0):
    done = subprocess.run([str(arg) for arg in args], cwd=cwd, env=env, capture_output=True, text=True)
    assert code is None or done.returncode == code, f"{args}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


class Archive:
    """A workspace and everything that is made of it."""

    def __init__(self, workspace, as_of, out):
        self.workspace, self.as_of, self.out = workspace, as_of, out
        self.judged = json.loads(self.wellkept("check", "--format", "json", "--fail-on", "never"))

    def wellkept(self, *args, **more):
        return run(WELLKEPT, *args, "-C", self.workspace, "--as-of", self.as_of, **more)

    def export(self, what, name=None, **more):
        path = self.out / (name or what)
        self.wellkept("export", what, "--output", path, **more)
        return path

    def figures(self):
        """The program's own figures: name, system, period, part -> value, numerator, denominator."""
        out = {}
        for f in self.judged["figures"]:
            part = f.get("grade") or f.get("kind") or f.get("resource") or f.get("type") or f.get("audience")
            key = (f["figure"], f["system"], f["period"], part)
            assert key not in out, key
            out[key] = (None if f["value"] is None else float(f["value"]), f["numerator"], f["denominator"])
        return out

    def accepted(self):
        return {kind: counts["accepted"] for kind, counts in self.judged["records"]["by_kind"].items()}


def same(archive, theirs, engine):
    """Every figure, counted by SQL from the records, is the program's; figure by figure. SQL counts a figure where the
    standard has the kinds and fields that it is counted from, and the built-in standard has all."""
    ours = archive.figures()
    theirs = {tuple(row[:4]): (None if row[4] is None else float(row[4]), row[5], row[6]) for row in theirs}
    whole = archive.judged["standard"]["id"] == "oa-maintenance"
    names = sorted({key[0] for key in (ours if whole else theirs)})
    assert names and (not whole or len(names) == 45), names
    for name in names:
        a = {key: value for key, value in ours.items() if key[0] == name}
        b = {key: value for key, value in theirs.items() if key[0] == name}
        wrong = [(key, a.get(key), b.get(key)) for key in sorted(set(a) | set(b), key=str) if a.get(key) != b.get(key)]
        assert not wrong, f"{engine}: {name}: program and SQL differ: {wrong[:5]}"
    return f"{len(names)} figures"


def bag(archive):
    path = archive.export("bagit")
    run(BIN / "python", BIN / "bagit.py", "--validate", "--quiet", path)
    run("sha256sum", "-c", "--strict", "--quiet", "manifest-sha256.txt", cwd=path)
    run("sha256sum", "-c", "--strict", "--quiet", "tagmanifest-sha256.txt", cwd=path)
    again = json.loads(
        run(WELLKEPT, "check", "-C", path / "data", "--as-of", archive.as_of, "--format", "json", "--fail-on", "never")
    )
    assert again == archive.judged, "the payload is not the same workspace"
    assert list((path / "data/standards").rglob("standard.toml")), "the standard in force is not in the bag"
    # A bag in which one byte is another is refused, and so is one with a file too many.
    hurt = archive.out / "hurt"
    shutil.copytree(path, hurt)
    config = hurt / "data/wellkept.toml"
    config.write_bytes(config.read_bytes()[:-1] + b"#")
    assert not bagit.Bag(str(hurt)).is_valid()
    shutil.copy(path / "data/wellkept.toml", config)
    assert bagit.Bag(str(hurt)).is_valid()
    (hurt / "data/more").write_text("x")
    assert not bagit.Bag(str(hurt)).is_valid()


def package(archive):
    path = archive.export("datapackage")
    run(BIN / "frictionless", "validate", "datapackage.json", cwd=path)
    run("sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS", cwd=path)
    site = archive.out / "site"
    archive.wellkept("build", "--quiet", "--output", site)
    run(BIN / "frictionless", "validate", "datapackage.json", cwd=site / "data")
    for file in (site / "data").rglob("*.*"):
        below = file.relative_to(site / "data")
        assert (path / below).read_bytes() == file.read_bytes(), f"{below} is another in the site"
    # A cell of the wrong type is found.
    tables = [t for t in json.loads((path / "datapackage.json").read_text())["resources"] if "-20" in t["name"]]
    if tables:
        table = path / tables[0]["path"]
        with open(table, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        rows[1][rows[0].index("source_line")] = "twelve"
        with open(table, "w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        run(BIN / "frictionless", "validate", "datapackage.json", cwd=path, code=1)


def sqlite(archive):
    path = archive.export("sqlite", "a.sqlite")

    def ask(sql, file=path):
        return json.loads(run("sqlite3", "-json", file, sql) or "[]")

    assert run("sqlite3", path, "PRAGMA integrity_check").strip() == "ok"
    loose = ask("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%'")
    assert not loose, loose
    for kind, n in archive.accepted().items():
        assert ask(f'SELECT count(*) AS n FROM "{kind}"') == [{"n": n}], kind
    [rejected] = ask("SELECT count(*) AS n FROM rejected WHERE kind IS NOT NULL")
    assert rejected["n"] == archive.judged["records"]["rejected"]
    assert ask("SELECT count(*) AS n FROM findings") == [{"n": len(archive.judged["findings"])}]
    rows = ask("SELECT figure, system, period, part, value, numerator, denominator FROM figures_counted")
    counted = same(archive, [tuple(row.values()) for row in rows], "SQLite")
    assert not ask("SELECT * FROM differences")
    # What is changed in the records shows.
    if archive.accepted().get("backup"):
        hurt = archive.out / "hurt.sqlite"
        shutil.copy(path, hurt)
        run("sqlite3", hurt, "UPDATE backup SET result = 'failed', offsite = NULL WHERE result = 'success'")
        assert ask("SELECT * FROM differences", hurt)
    return counted


def parquet(archive):
    path = archive.export("parquet")
    run("sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS", cwd=path)
    os.chdir(path)
    db = duckdb.connect()
    db.execute((path / "figures.sql").read_text())
    rows = db.sql("SELECT figure, system, period, part, value, numerator, denominator FROM figures_counted").fetchall()
    counted = same(archive, rows, "DuckDB")
    assert not db.sql("SELECT * FROM differences").fetchall()
    # As the manual says it, in DuckDB's own shell.
    told = run(BIN / "duckdb", "-init", "figures.sql", "-csv", "-c", "SELECT count(*) FROM figures_counted; SELECT * FROM differences")
    assert told.split("\n")[1].strip() == str(len(rows)), told
    # The same records as in SQLite, and the folders say of what kind and month they are.
    def shell(sql):
        return run("sqlite3", archive.out / "a.sqlite", sql).split()

    for kind, n in archive.accepted().items():
        digests = sorted(row[0] for row in db.sql(f'SELECT record_digest FROM "{kind}"').fetchall())
        assert len(digests) == n and digests == sorted(shell(f'SELECT record_digest FROM "{kind}"')), kind
        if n:
            odd = db.sql(
                f"SELECT count(*) FROM read_parquet('records/*/*/*.parquet', hive_partitioning = true, union_by_name = true)"
                f" WHERE kind = '{kind}' AND CAST(month AS VARCHAR) = record_month"
            ).fetchall()
            assert odd == [(n,)], (kind, odd, n)
    if "backup" not in archive.accepted():
        return counted
    types = dict(db.sql("SELECT column_name, column_type FROM (DESCRIBE backup)").fetchall())
    assert types["started_at"] == "TIMESTAMP WITH TIME ZONE" and types["offsite"] == "BOOLEAN", types
    assert types["size"] == "BIGINT" and types["record_day"] == "DATE", types
    assert dict(db.sql("SELECT column_name, column_type FROM (DESCRIBE shift)").fetchall())["cpu"] == "DECIMAL(18,6)"
    texts = db.sql("SELECT id, epoch(started_at)::BIGINT, offsite, size, other_columns FROM backup ORDER BY id").fetchall()
    lines = run(
        "sqlite3", "-json", archive.out / "a.sqlite",
        "SELECT id, unixepoch(started_at), offsite, size, other_columns FROM backup ORDER BY id",
    )
    plain = [tuple(row.values()) for row in json.loads(lines or "[]")]
    assert [(a, b, None if c is None else int(c), d, e) for a, b, c, d, e in texts] == plain
    return counted


def again(archive):
    """The same bytes in another place, zone and language, on one thread."""
    env = {"PATH": "/usr/bin:/bin", "TZ": "America/New_York", "LANG": "tr_TR.UTF-8", "HOME": "/nowhere"}
    for what, name in [("bagit", "bagit"), ("datapackage", "datapackage"), ("parquet", "parquet"), ("sqlite", "a.sqlite")]:
        if what == "datapackage":
            shutil.rmtree(archive.out / name)
            archive.export(what)
        other = archive.out / "另 一处" / name
        archive.wellkept("export", what, "--output", other, "--jobs", "1", "--lang", "en", env=env)
        run("diff", "-r", archive.out / name, other)


def sample(archive):
    """The draw again, from the published tables, by Python and by sha256sum."""
    tables = {}
    for file in sorted((archive.out / "site/data").glob("*/2026-0*.csv")):
        with open(file, encoding="utf-8-sig", newline="") as text:
            rows = list(csv.DictReader(text))
        # The last month of each kind is enough.
        tables[file.parent.name] = (file.stem, rows)
    drawn = 0
    for kind, (month, rows) in tables.items():
        # A spreadsheet guards what looks like a formula with an apostrophe.
        unguard = lambda text: text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text
        people = [(unguard(row["id"]) or row["record_digest"], row["record_digest"]) for row in rows]
        n = (len(people) + 1) // 2
        seed = f"种子 {len(people)}"
        out = json.loads(archive.wellkept(
            "sample", "--kind", kind, "--period", month, "--n", str(n), "--seed", seed, "--format", "json"))
        sha = lambda text: hashlib.sha256(text.encode()).hexdigest()
        by_id = sorted(people, key=lambda p: p[0].encode())
        assert out["population"] == {"count": len(people), "digest": sha("".join(f"{d}  {i}\n" for i, d in by_id))}
        mine = sorted(people, key=lambda p: sha(f"{seed}:{p[0]}"))[:n]
        assert [(m["id"], m["digest"]) for m in out["sample"]] == mine, (kind, month)
        first = out["sample"][0]
        shell = subprocess.run(["sha256sum"], input=f"{seed}:{first['id']}".encode(), capture_output=True).stdout
        assert shell.decode().split()[0] == first["sha256"]
        drawn += 1
    return f"{drawn} samples"


def main():
    passed = failed = 0
    for workspace, as_of in WORKSPACES:
        with tempfile.TemporaryDirectory() as out:
            archive = Archive(workspace, as_of, Path(out).resolve())
            for check in [bag, package, sqlite, parquet, again, sample]:
                name = f"{check.__name__} of {workspace.relative_to(ROOT)}"
                begun = time.time()
                try:
                    told = check(archive)
                    passed += 1
                    print(f"ok    {name}" + (f": {told}" if told else "") + f" ({time.time() - begun:.1f} s)", flush=True)
                except Exception:
                    failed += 1
                    print(f"wrong {name}\n{traceback.format_exc()}", flush=True)
            os.chdir(ROOT)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
