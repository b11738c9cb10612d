#!/usr/bin/env bash
# Fails when the change does what FAIL_ON names (it widens) in a document whose new content has not the approvals that it needs. Who may
# approve is read from the base, and so is how many have to; the approvals themselves are the pull request's. This step has no token.
set -euo pipefail
# shellcheck source=action/common.sh
. "$(dirname "$0")/common.sh"

revisions
code=0
taskclass diff "$base" "$head" --registry "$REGISTRY" --format markdown --fail-on "${FAIL_ON:-widens}" --unless-approved \
  >"$scratch/review.md" 2>"$scratch/said" || code=$?
if [ -s "$scratch/said" ]; then quoted <"$scratch/said"; fi
case "$code" in
  0)
    printf '**taskclass**: nothing in this change waits for an approval.\n\n' >>"$GITHUB_STEP_SUMMARY"
    ;;
  1)
    {
      printf '**taskclass**: this change waits for approvals. Whoever may give them reviews it here, signs with <code>taskclass approve</code>, and pushes the record to this branch.\n\n'
      cat "$scratch/review.md"
    } >>"$GITHUB_STEP_SUMMARY"
    fail 1 'This change waits for approvals' 'What it widens, how many have to approve it and who can is in the summary of this run.'
    ;;
  *)
    printf '**taskclass**: this change could not be read, so it does not pass. The log of the check says why.\n\n' >>"$GITHUB_STEP_SUMMARY"
    fail 2 'This change could not be read' 'What taskclass says of it is in the log of this step.'
    ;;
esac
