#!/usr/bin/env bash
# Holds the review of a registry in one comment of the pull request: found again by its first two lines and by who wrote it, and brought up
# to date. BODY is the file with the text. CHANGED says whether there is anything to review: if not, a comment that is there says so, and
# none is begun.
set -euo pipefail
# shellcheck source=action/common.sh
. "$(dirname "$0")/common.sh"

marker='<!-- taskclass-diff -->'
limit=65536 # GitHub's, in characters
export GH_HOST=${GITHUB_SERVER_URL#*://}

# github ARGUMENT…: `gh api`; stdout is the answer.
github() {
  gh api "$@" 2>"$scratch/refused" && return
  quoted <"$scratch/refused"
  fail 2 'The comment could not be written' \
    'GitHub refused it, see the log. The job needs the permission pull-requests write. The review is in the summary of this run.'
}

[ "$(head -n 1 "$BODY")" = "$marker" ] || fail 2 'This is no review' 'The text does not begin with the line by which it would be found again.'
[[ $REGISTRY =~ ^[A-Za-z0-9._/-]+$ ]] || fail 2 'No folder' 'The input registry has other characters than letters, digits and . _ / -'
number=$(event '.pull_request.number | numbers')
[ -n "$number" ] || fail 2 'No pull request' 'This step is for the event pull_request.'

# The second line tells the comments of several registries apart.
key="$marker"$'\n'"<!-- taskclass-registry: $REGISTRY -->"$'\n'
# Not --raw-input: it breaks a character that lies across two of its buffers.
jq -n --rawfile text "$BODY" --arg key "$key" '{body: ($key + ($text | .[index("\n") + 1:]))}' >"$scratch/request.json"
[ "$(jq '.body | length' "$scratch/request.json")" -le "$limit" ] ||
  fail 2 'The review is too long' 'GitHub takes no comment of that length. This is a defect of taskclass.'

# A comment of somebody else that begins with the same line is theirs. Whose token this is, only GitHub can say.
github graphql -f 'query=query { viewer { login } }' >"$scratch/viewer"
me=$(jq -er .data.viewer.login "$scratch/viewer") || fail 2 'Whose token is this?' 'GitHub does not say.'
github --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100" >"$scratch/comments"
jq -r --arg me "$me" --arg key "$key" \
  '.[] | select(.user.login == $me and ((.body // "")[:1000] | gsub("\r"; "") | startswith($key))) | .id' "$scratch/comments" | sort -n >"$scratch/ours"

if [ -s "$scratch/ours" ]; then
  # The oldest stays where people saw it. A second one can only come of two runs at once.
  first=$(head -n 1 "$scratch/ours")
  github --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$first" --input "$scratch/request.json" >"$scratch/answer"
  tail -n +2 "$scratch/ours" | while read -r other; do
    github --method DELETE "repos/$GITHUB_REPOSITORY/issues/comments/$other" >"$scratch/answer"
  done
elif [ "$CHANGED" = true ]; then
  github --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" --input "$scratch/request.json" >"$scratch/answer"
fi
