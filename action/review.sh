#!/usr/bin/env bash
# What the change does, into the summary of the run, and into a file for the step that comments. This step reads what the pull request
# brings and has no token.
set -euo pipefail
# shellcheck source=action/common.sh
. "$(dirname "$0")/common.sh"

revisions
code=0
taskclass diff "$base" "$head" --registry "$REGISTRY" --format markdown --fail-on any >"$scratch/review.md" 2>"$scratch/said" || code=$?
# --fail-on is how it says whether anything differs. Nothing fails here for that.
case "$code" in
  0) changed=false ;;
  1) changed=true ;;
  *)
    quoted <"$scratch/said"
    fail 2 'The change could not be read' 'What taskclass says of it is in the log of this step.'
    ;;
esac
cat "$scratch/review.md" >>"$GITHUB_STEP_SUMMARY"

if [ "$GITHUB_EVENT_NAME" != pull_request ]; then
  exit 0
elif from_fork; then
  note 'The review is in the summary of this run' 'The token of a pull request from a fork may not comment.'
  exit 0
fi
printf 'body=%s\nchanged=%s\n' "$scratch/review.md" "$changed" >>"$GITHUB_OUTPUT"
