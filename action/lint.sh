#!/usr/bin/env bash
# Findings as annotations at their lines, for which no permission is needed, and as SARIF for code scanning, where the token may upload.
# Ends as lint ends: 1 for findings of the level, 2 if something could not be read.
set -euo pipefail
# shellcheck source=action/common.sh
. "$(dirname "$0")/common.sh"

set -- lint --registry "$REGISTRY" --fail-on "${FAIL_ON:-error}"
if [ "$GITHUB_EVENT_NAME" = pull_request ] || [ "$GITHUB_EVENT_NAME" = merge_group ]; then
  revisions
  # The change that brings a registry has nothing to be held against.
  if git -C "$REGISTRY" cat-file -e "$base:./policy.yaml" 2>/dev/null; then set -- "$@" --base "$base"; fi
fi

code=0
taskclass "$@" --format github 2>"$scratch/said" || code=$?
if [ -s "$scratch/said" ]; then quoted <"$scratch/said"; fi
case "$code" in
  0 | 1) ;;
  *) fail 2 'The registry could not be read' 'What taskclass says of it is in the log of this step.' ;;
esac

if [ "${CODE_SCANNING:-true}" != true ]; then
  exit "$code"
elif from_fork; then
  note 'Findings are annotations only' 'The token of a pull request from a fork may not upload to code scanning.'
  exit "$code"
fi
# The same findings again, so the same end.
taskclass "$@" --format sarif >"$RUNNER_TEMP/taskclass.sarif" 2>/dev/null || [ $? -eq "$code" ]
printf 'sarif=%s\n' "$RUNNER_TEMP/taskclass.sarif" >>"$GITHUB_OUTPUT"
exit "$code"
