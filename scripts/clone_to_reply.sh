#!/usr/bin/env bash
# Seconds from `git clone` to the first reply, in a temporary folder and on ports of its own (`make bench-clone`).
set -euo pipefail
source=$(git -C "$(dirname "$0")/.." rev-parse --show-toplevel)
folder=$(mktemp -d)
group=""
finish() {
  if [ -n "$group" ]; then kill -TERM -- "-$group" 2>/dev/null || true; wait "$group" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap finish EXIT
export WAYMARK_PORT=18000 WAYMARK_CONSOLE_PORT=18080 WAYMARK_RASA_PORT=15005 WAYMARK_ACTIONS_PORT=15055 WAYMARK_VAR=var
unset WAYMARK_DATABASE_URL
start=$(date +%s)
git clone -q "$source" "$folder/clone"
cd "$folder/clone"
setsid make run >"$folder/log" 2>&1 &
group=$!
echo hello >"$folder/hello"
until grep -q "Chat:" "$folder/log" && .venv/bin/waymark chat --script "$folder/hello" 2>/dev/null | grep -q "automated program"; do
  if ! kill -0 "$group" 2>/dev/null; then tail -20 "$folder/log" >&2; exit 1; fi
  if [ $(($(date +%s) - start)) -gt 1800 ]; then echo "no reply in 30 minutes" >&2; exit 1; fi
  sleep 1
done
echo "clone to first reply: $(($(date +%s) - start)) s (packages come from the installer's cache where it has them)"
