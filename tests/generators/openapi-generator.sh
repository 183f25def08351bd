#!/usr/bin/env bash
# Generates the three clients: openapi-generator.sh GENERATOR FOLDER [OPTION…]. A FOLDER/SERVICE is made for each document.
set -euo pipefail
version=7.25.0
here=$(cd "$(dirname "$0")" && pwd)
jar="$here/.tools/openapi-generator-cli-$version.jar"
[ -e "$jar" ] || mvn --batch-mode --quiet --no-transfer-progress \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="org.openapitools:openapi-generator-cli:$version" -DoutputDirectory="$here/.tools"

for service in dataarts-studio dws mrs; do
    java -jar "$jar" generate --generator-name "$1" --input-spec "${OPENAPI:-$here/../../openapi}/$service.yaml" \
        --output "$2/$service" --package-name "${service//-/_}" "${@:3}" > "$2.log" || { cat "$2.log"; exit 1; }
done
