#!/usr/bin/env bash
# Packages the command, with the emulator, for machines without Rust: a static binary for Linux, a wheel and an npm package,
# for the processor of this machine, and the folder of a container image. Writes to target/packages. Needs Rust with rustup,
# Python, npm, and a file of CA certificates.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd .. && pwd)
target=$(uname -m)-unknown-linux-musl
out=$root/target/packages
rm -rf "$out"
mkdir -p "$out/npm/bin"

rustup target add "$target"
../tests/venv.sh .
# SQLite is C and needs the headers of musl, which Zig brings along.
(cd python && PATH=$PWD/../.venv/bin:$PATH maturin build --zig --release --locked --target "$target" --compatibility linux --out "$out")
cp "$root/target/$target/release/idsync" "$out/idsync"

# An image without an operating system has no CA certificates of its own.
mkdir "$out/image"
cp "$out/idsync" "$out/image"
cp "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$out/image/ca-certificates.crt"

version=$("$out/idsync" --version | cut -d ' ' -f 2)
cp npm/package.json "$root"/LICENSE-* "$out/npm"
cp "$out/idsync" "$out/npm/bin"
npm --prefix "$out/npm" version --no-git-tag-version --allow-same-version "$version" > /dev/null
npm pack --silent --pack-destination "$out" "$out/npm" > /dev/null
rm -r "$out/npm"
ls -lh "$out"
