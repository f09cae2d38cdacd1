#!/bin/sh
# Make .venv hold exactly requirements.lock and this project; say nothing when it does already.
#     scripts/make-venv.sh [PYTHON...]      the Pythons to try, in turn
set -eu
cd "$(dirname "$0")/.."

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
# What was installed, and where: a checksum survives a touched file, the folder tells a moved clone (scripts name it)
folder=$(pwd -P)
wanted="$(cksum requirements.lock pyproject.toml)
$folder"

say() { printf '%s\n' "$@" >&2; }

is_ready() { [ -x .venv/bin/python ] && [ "$(cat .venv/installed 2>/dev/null)" = "$wanted" ]; }

is_usable() {
    .venv/bin/python -c "$new_enough" 2>/dev/null &&
        { [ ! -e .venv/installed ] || [ "$(tail -n 1 .venv/installed)" = "$folder" ]; }
}

# Print the first Python that is new enough and can make an environment; else say what to install and fail
find_python() {
    bare=
    for python in "$@"; do
        # a pyenv shim exists and fails, so each candidate is run, not looked up
        "$python" -c "$new_enough" 2>/dev/null || continue
        if "$python" -c 'import ensurepip, venv' 2>/dev/null; then printf '%s\n' "$python" && return; fi
        bare=${bare:-$python}
    done
    if [ -n "$bare" ]; then
        version=$("$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "$bare is Python $version without its module ensurepip, so it cannot make an environment." \
            "Debian, Ubuntu: apt-get install python$version-venv" \
            "Then run make again."
    else
        say "No Python 3.11 or newer found (tried: $*)." \
            "Debian 12, Ubuntu 24.04 or newer: apt-get install python3 python3-venv" \
            "Fedora: dnf install python3.13    macOS: brew install python@3.13    conda: see environment.yml" \
            "Then run make again; for a Python that lies elsewhere: make PYTHON=/path/to/python ..."
    fi
    return 1
}

install_lock() {
    # uv itself comes from the lock too, by pip, which the new environment has
    awk '/^[^ #]/ { is_uv = /^uv==/ } is_uv' requirements.lock >.venv/uv.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt &&
        # compiled here, for where PYTHONDONTWRITEBYTECODE is set every process would compile what it imports
        .venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes --python .venv/bin/python requirements.lock
}

install_project() {
    .venv/bin/uv pip install --quiet --offline --no-deps --no-build-isolation --python .venv/bin/python --editable .
}

is_ready && exit 0
# A second make that starts meanwhile waits here (where flock exists) and then finds the work done
exec 9<requirements.lock
if command -v flock >/dev/null; then
    flock 9
    is_ready && exit 0
fi
if is_usable; then
    say "Bringing .venv up to date"
    # the first line of the stamp is the lock's: when it is the same, only the project is installed anew, offline
    lock=$(head -n 1 .venv/installed 2>/dev/null || :)
    rm -f .venv/installed
else
    python=$(find_python "$@")
    say "Making .venv with $python and installing requirements.lock (once, about half a minute)"
    lock=
    rm -rf .venv
    "$python" -m venv .venv
fi
if { [ "$lock" = "$(cksum requirements.lock)" ] || install_lock; } && install_project; then
    printf '%s\n' "$wanted" >.venv/installed
else
    say "The installation failed, see above. It needs the network once; run make again to continue."
    exit 1
fi
