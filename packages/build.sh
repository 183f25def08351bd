#!/usr/bin/env bash
# Packages the command, with the emulator, for machines without Rust: a static binary for Linux, a wheel and an npm package,
# for the processor of this machine. Writes to target/packages. Needs Rust with rustup, a C compiler, Python and npm.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd .. && pwd)
target=$(uname -m)-unknown-linux-musl
out=$root/target/packages
rm -rf "$out"
mkdir -p "$out/npm/bin"

rustup target add "$target"
# The C code in the dependencies is cryptography without a C library: any compiler for the processor will do.
export "CC_${target//-/_}=${CC:-cc}"
../tests/venv.sh .
(cd python && ../.venv/bin/maturin build --release --locked --target "$target" --compatibility linux --out "$out")
cp "$root/target/$target/release/idsync" "$out/idsync"

version=$("$out/idsync" --version | cut -d ' ' -f 2)
cp npm/package.json "$root"/LICENSE-* "$out/npm"
cp "$out/idsync" "$out/npm/bin"
npm --prefix "$out/npm" version --no-git-tag-version --allow-same-version "$version" > /dev/null
npm pack --silent --pack-destination "$out" "$out/npm" > /dev/null
rm -r "$out/npm"
ls -lh "$out"
