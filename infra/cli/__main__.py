"""`python -m infra.cli` is the `yinling` command of this very interpreter."""

from infra.cli import main

main(prog_name="yinling")
