#!/usr/bin/env bash
# 依赖的许可证、来源与安全通告。Licences, sources and advisories of everything that is built in (cargo-deny, deny.toml).
set -euo pipefail
cd "$(dirname "$0")/.."

export PATH="$PWD/target/tools/bin:$PATH"
if ! command -v cargo-deny >/dev/null; then
  if ! cargo install --quiet --locked --debug --no-default-features --root target/tools cargo-deny@0.20.2; then
    [[ ${CI:-} != true ]] || exit 1
    echo "licences: skipped, cargo-deny is not installed and could not be fetched"
    exit 0
  fi
fi
cargo fetch --quiet --locked
cargo deny --offline --locked check licenses bans sources

# The advisory database comes from the internet, which a build need not have.
if compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-db*/*/" >/dev/null; then
  cargo deny --offline --locked check advisories
else
  echo "advisories: skipped, no local copy of the advisory database (cargo deny fetch db)"
fi
