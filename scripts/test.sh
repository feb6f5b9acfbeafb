#!/usr/bin/env bash
# 全部检查与测试。All checks and tests: formatting, lints, licences, documentation, tests.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh

step() { printf '\n== %s\n' "$*"; }

step "format"
cargo fmt --all --check
step "lints"
cargo clippy --workspace --all-targets --locked -- -D warnings
step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --document-private-items
step "licences"
scripts/licences.sh
step "programs"
cargo build --workspace --bins --locked
step "tests"
cargo test --workspace --locked --no-fail-fast
