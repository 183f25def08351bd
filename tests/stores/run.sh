#!/usr/bin/env bash
# Starts a server of PostgreSQL with its own folder and port, runs the tests of the store that need one, and kills monitors
# and servers while they work. Needs Python 3.11; without PostgreSQL it checks SQLite alone.
set -euo pipefail
cd "$(dirname "$0")/../.."

# find_program NAME: the newest of those that are installed.
find_program() {
    command -v "$1" || ls -d /usr/lib/postgresql/*/bin/"$1" 2> /dev/null | sort -V | tail -n 1
}

if [ -z "$(find_program initdb)" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get install --yes --quiet --no-install-recommends postgresql > /dev/null 2>&1 ||
        { apt-get update --quiet && apt-get install --yes --quiet --no-install-recommends postgresql; } > /dev/null 2>&1 || true
fi

folder=$(mktemp -d)
chmod 755 "$folder"
# The server refuses to run as root.
as_user=()
if [ "$(id -u)" = 0 ]; then
    chown nobody "$folder"
    as_user=(runuser -u nobody --)
fi
stop() {
    if [ -e "$folder/data/postmaster.pid" ]; then
        "${as_user[@]}" "$control" stop --pgdata "$folder/data" --mode immediate > /dev/null
    fi
    rm -rf "$folder"
}
trap stop EXIT

initdb=$(find_program initdb)
if [ -n "$initdb" ]; then
    control=$(dirname "$(realpath "$initdb")")/pg_ctl
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    printf 'a password' > "$folder/password"
    (
        cd "$folder"
        "${as_user[@]}" "$initdb" --pgdata data --username idsync --auth scram-sha-256 --pwfile password --encoding UTF8 \
            --locale C --no-sync > /dev/null
        printf '%s\n' '[req]' prompt=no distinguished_name=d x509_extensions=e '[d]' CN=localhost '[e]' \
            subjectAltName=DNS:localhost > openssl.cnf
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -config openssl.cnf -keyout data/server.key \
            -out data/server.crt 2> /dev/null
        if [ "$(id -u)" = 0 ]; then chown nobody data/server.key data/server.crt; fi
        chmod 600 data/server.key
        printf "%s\n" "port = $port" "listen_addresses = 'localhost'" "unix_socket_directories = '$folder'" 'fsync = off' \
            'ssl = on' >> data/postgresql.conf
        "${as_user[@]}" "$control" start --pgdata "$folder/data" --log "$folder/data/log" --wait > /dev/null
    )
    export IDSYNC_TEST_POSTGRES="postgres://idsync@127.0.0.1:$port/postgres?password_file=$folder/password"
    cargo test --quiet --locked --package idsync-monitor --lib -- --ignored
    STORE=$IDSYNC_TEST_POSTGRES python3 docs/check.py target/debug/idsync
    export IDSYNC_TEST_PG_CTL="${as_user[*]} $control --pgdata $folder/data --log $folder/data/log"
    export IDSYNC_TEST_CERTIFICATE="$folder/data/server.crt"
else
    printf 'PostgreSQL is not installed and cannot be: SQLite alone is checked\n'
fi
python3 tests/stores/kill.py target/debug/idsync
