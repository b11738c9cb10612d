#!/usr/bin/env bash
# Puts `taskclass` on the path of the steps that follow: built from the very commit that the action is pinned to, or, with VERSION, a released
# archive that must have the checksum SHA256. Nothing of the repository under review is looked at, and no cache: a pull request can fill one.
set -euo pipefail
# shellcheck source=action/common.sh
. "$(dirname "$0")/common.sh"

case "${CHECK:-}" in
  lint | review | gate) ;;
  # Another word would run no step at all, and that would look like success.
  *) fail 2 'Which check?' 'The input check is lint, review or gate.' ;;
esac

target=$RUNNER_TEMP/taskclass-bin
mkdir -p "$target"

if [ -z "${VERSION:-}" ]; then
  [ -z "${SHA256:-}" ] || fail 2 'A checksum of what?' 'The input sha256 is of the archive of a version. Give the version too, or neither.'
  # Cargo and rustup read their settings from the folder where they stand, so they stand in the action's.
  cd "$GITHUB_ACTION_PATH"
  cargo install --locked --path crates/taskclass-cli --root "$scratch"
  mv "$scratch/bin/taskclass" "$target/taskclass"
else
  [[ $VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail 2 'No version' 'The input version is like 0.1.0.'
  [[ ${SHA256:-} =~ ^[0-9a-f]{64}$ ]] ||
    fail 2 'No checksum' 'With a version goes the sha256 of its archive, 64 hex digits, from a place that you trust. A tag can be moved.'
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=x86_64-unknown-linux-gnu ;;
    Linux-aarch64) platform=aarch64-unknown-linux-gnu ;;
    *) fail 2 'No archive for this runner' 'Leave version and sha256 out, and it is built from source.' ;;
  esac
  archive=$scratch/taskclass.tar.gz
  curl --fail --silent --show-error --location --proto '=https' --tlsv1.2 --max-time 300 --output "$archive" \
    "https://github.com/taskclass/taskclass/releases/download/v$VERSION/taskclass-$VERSION-$platform.tar.gz" ||
    fail 2 'The archive cannot be had' "There is no archive of $VERSION for $platform, or GitHub did not give it."
  printf '%s  %s\n' "$SHA256" "$archive" | sha256sum --check --status ||
    fail 2 'The archive is another one' "Its checksum is not the input sha256. Nothing of it was unpacked."
  tar -xzf "$archive" -C "$target" taskclass
fi

printf '%s\n' "$target" >>"$GITHUB_PATH"
"$target/taskclass" --version
