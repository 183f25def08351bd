#!/usr/bin/env bash
# Builds deploy/Containerfile from target/packages/image with Buildah, and runs the image as its user. Needs no daemon; where
# Buildah cannot be installed, says so and succeeds.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! tests/apt.sh buildah buildah; then
    printf 'Buildah is not installed and cannot be: the container file is not checked\n'
    exit
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
image() { buildah --storage-driver vfs --root "$folder/images" --runroot "$folder/run" "$@"; }

image build --quiet --isolation chroot --file deploy/Containerfile --tag idsync target/packages/image > /dev/null
container=$(image from idsync)
run() { image run --isolation chroot "$container" -- /idsync "$@"; }

run --version
run status --demo --output json --jq '[.verdict, .counts.healthy]'
# Over TLS: the certificates of the image are found, and the port is closed.
keys=(--env HUAWEICLOUD_SDK_AK=key --env HUAWEICLOUD_SDK_SK=secret)
closed=$(image run --isolation chroot "${keys[@]}" "$container" -- /idsync status --retries 0 --project-id 0833a5737480d53b2f25c010dc1a7b88 \
    --region cn-north-4 --cluster dws:cc6588d6-8301-4c9a-b0c0-186bb824e8c0 --endpoint https://127.0.0.1:1 --output json 2>&1 || true)
if ! grep -q 'refused' <<< "$closed"; then
    printf 'a call over TLS: %s\n' "$closed" >&2
    exit 1
fi
