# shellcheck shell=bash
# What the steps of the action share; sourced by them. Whatever comes of the pull request (names, messages, contents) is data here: it stands
# in files and in quoted variables, never in a command, and reaches the log only through `quoted`.
# shellcheck disable=SC2034  # what is set here is used by those who source it

: "${GITHUB_EVENT_NAME:?this is a step of a GitHub workflow}" "${GITHUB_EVENT_PATH:?}" "${RUNNER_TEMP:?}"

scratch=$(mktemp -d "$RUNNER_TEMP/taskclass.XXXXXX")

# note TITLE TEXT: an annotation on the page of the run. Both are our own words, without a colon or a comma in the title.
note() { printf '::notice title=%s::%s\n' "$1" "$2" >&2; }

# fail CODE TITLE TEXT: ends the step with an annotation. 1: the change must not pass. 2: it could not be looked at, so it must not pass either.
fail() {
  printf '::error title=%s::%s\n' "$2" "$3" >&2
  exit "$1"
}

# Shows stdin in the log as it is: the runner takes no command from it. The word that ends this cannot be guessed.
quoted() {
  local word
  word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$word" >&2
  cat >&2
  printf '\n::%s::\n' "$word" >&2
}

# event FILTER: a value of the event that began the run; empty if there is none.
event() { jq -r "$1 | if . == null then empty else . end" "$GITHUB_EVENT_PATH"; }

# commit REVISION: its id.
commit() {
  git rev-parse --verify --quiet --end-of-options "$1^{commit}" ||
    fail 2 'The commits are not here' 'Check out with fetch-depth 0 and without a ref of your own.'
}

# Whether the pull request comes from another repository: its token may only read, whatever the workflow asks for.
from_fork() {
  [ "$GITHUB_EVENT_NAME" = pull_request ] &&
    [ "$(event .pull_request.head.repo.id)" != "$(event .pull_request.base.repo.id)" ]
}

# Sets base and head: what is there, and what would be there after the merge. For a pull request that is the merge commit that GitHub
# made and checked out, against its first parent: what others did on the base branch meanwhile is no part of the change.
revisions() {
  if [ "$(git rev-parse --is-shallow-repository)" != false ]; then
    fail 2 'The history is not here' 'Check out with fetch-depth 0. Who changed a document and what was reviewed is read from the history.'
  fi
  head=$(commit HEAD)
  case "$GITHUB_EVENT_NAME" in
    pull_request)
      base=$(commit 'HEAD^1')
      local proposed
      proposed=$(commit 'HEAD^2')
      if [ "$proposed" != "$(event .pull_request.head.sha)" ]; then
        fail 2 'Another commit is checked out' 'Check out without a ref, so that it is the merge commit of this pull request.'
      fi
      if ! git merge-base --is-ancestor "$base" "refs/remotes/origin/$(event .pull_request.base.ref)"; then
        fail 2 'The merge commit is of another base' 'GitHub has not renewed it since the base branch changed. Run this again.'
      fi
      ;;
    merge_group) base=$(commit "$(event .merge_group.base_sha)") ;;
    pull_request_target)
      fail 2 'Not on pull_request_target' 'That event hands secrets to a run about content that nobody reviewed. Use pull_request.'
      ;;
    *) fail 2 'Nothing to compare' 'The checks review and gate are for the events pull_request and merge_group.' ;;
  esac
}
