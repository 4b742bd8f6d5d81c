#!/bin/sh
# Makes .venv what the lock files say: `environment.sh run` or `environment.sh dev` (a superset).
# Called by every make target; when nothing has changed it returns at once.
set -eu

kind=${1:-run}
venv=.venv
uv_version=0.13.9

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

digest() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi
}

# A moved clone needs a new environment as much as a changed lock does: scripts know their path.
fingerprint=$(
    { pwd; cat requirements.lock requirements-dev.lock pyproject.toml infra/environment.sh; } |
        digest | cut -d' ' -f1
)

made() { [ -f "$venv/.made-for-$1" ] && [ "$(cat "$venv/.made-for-$1")" = "$fingerprint" ]; }

if made dev || { [ "$kind" = run ] && made run; }; then exit 0; fi

is_recent_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if is_recent_enough "$candidate"; then command -v "$candidate"; return; fi
    done
    fail "Yinling needs Python 3.11 or newer. Install it, or say which: make run PYTHON=/path/to/python"
}

make_venv() {
    python=$(find_python)
    say "Making the virtual environment with $python ..."
    if "$python" -m venv --clear "$venv" >/dev/null 2>&1; then return; fi
    # Debian keeps the venv module in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    fi
    "$python" -m venv --clear "$venv" ||
        fail "Python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"
}

venv_works() {
    [ -x "$venv/bin/python" ] && is_recent_enough "$venv/bin/python" &&
        "$venv/bin/python" -m pip --version >/dev/null 2>&1 &&
        [ "$(sed -n 's/^VIRTUAL_ENV=//p' "$venv/bin/activate" | tr -d "\"'" | head -n 1)" = "$PWD/$venv" ]
}

# The lock pins every distribution by hash; uv only makes it fast.
install_with_uv() {
    if [ ! -x "$venv/bin/uv" ]; then
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$uv_version" ||
            return 1
    fi
    if [ -t 2 ]; then loudness=; else loudness=--quiet; fi  # Progress is for people.
    "$venv/bin/uv" pip sync $loudness --compile-bytecode --python "$venv/bin/python" --require-hashes "$1" &&
        "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" \
            --no-deps --no-build-isolation --editable .
}

install_with_pip() {
    say "uv is not to be had; installing with pip, which takes some minutes ..."
    "$venv/bin/python" -m pip install --disable-pip-version-check \
        --progress-bar off --no-deps --require-hashes --requirement "$1" &&
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
            --no-deps --no-build-isolation --editable .
}

lock=requirements.lock
if [ "$kind" = dev ]; then lock=requirements-dev.lock; fi

if ! venv_works; then make_venv; fi
rm -f "$venv/.made-for-run" "$venv/.made-for-dev"
say "Installing the locked dependencies ($lock) ..."
install_with_uv "$lock" || install_with_pip "$lock" ||
    fail "The dependencies could not be installed. Is a package index reachable?"
printf '%s\n' "$fingerprint" >"$venv/.made-for-$kind"
