#!/usr/bin/env bash
# Prints the path of a Python 3.10, or says on standard error what to install.
# A pyenv shim answers only when a version is chosen, so the interpreters under pyenv's root come first.
set -u
candidates=()
if [ -n "${WAYMARK_PYTHON:-}" ]; then candidates+=("$WAYMARK_PYTHON"); fi
if command -v pyenv >/dev/null 2>&1; then
  for found in "$(pyenv root)"/versions/3.10*/bin/python3.10; do candidates+=("$found"); done
fi
candidates+=(python3.10 python3 python)
for candidate in "${candidates[@]}"; do
  path=$(command -v "$candidate" 2>/dev/null) || continue
  if [ "$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "3.10" ]; then
    echo "$path"; exit 0
  fi
done
cat >&2 <<'WORDS'
Waymark needs Python 3.10 (Rasa 3.6 runs on no later one), and none was found here. Any of these brings it:
  pyenv:          pyenv install 3.10
  Ubuntu 22.04:   sudo apt-get install python3.10 python3.10-venv
  Fedora:         sudo dnf install python3.10
  macOS:          brew install python@3.10
If it is somewhere unusual, say so:  WAYMARK_PYTHON=/path/to/python3.10 make run
WORDS
exit 1
