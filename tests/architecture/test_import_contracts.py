"""Who may know whom: the contracts of pyproject.toml are kept."""

from importlinter.cli import lint_imports

from tests.architecture.sources import ROOT


def test_the_import_contracts_are_kept(monkeypatch, capfd):
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True) == 0, capfd.readouterr().out
