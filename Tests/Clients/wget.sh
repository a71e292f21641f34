#!/bin/bash
# The story of README.md with wget, which encodes no forms.
# Packages: wget
# Command: /bin/bash
set -euo pipefail
base=$1
jar=$(mktemp)
trap 'rm -f "$jar"' EXIT
form='username=Zo%C3%AB+%26+co+%2B+100+%25&password=a+p%C3%A4ssw%C3%B6rd+%3D+%E2%98%83%3B+%22x%22'

call() { # call STATUS ROUTE ARGUMENT...: prints the answer, which must have the status
  local status=$1 route=$2 log
  shift 2
  log=$(mktemp)
  wget -q -O - --server-response --content-on-error "$@" "$base/api/user/$route" 2>"$log" || true
  grep -q "^  HTTP/1.1 $status " "$log" || { echo "$route:" >&2; cat "$log" >&2; rm "$log"; return 1; }
  rm "$log"
}
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
# A line of a cookie has tabs.
cookies() { grep -c $'\t' "$jar" || true; }
in_jar=(--load-cookies "$jar" --save-cookies "$jar" --keep-session-cookies)

call 200 create-account --post-data "$form" >/dev/null

begun=$(call 200 create-session --post-data "$form" "${in_jar[@]}")
[ "$(cookies)" -gt 0 ]
current=$(call 200 current-session "${in_jar[@]}")
[ "$(member sessionid <<<"$current")" = "$(member sessionid <<<"$begun")" ]
call 200 set-current-session-ended --method PATCH "${in_jar[@]}" >/dev/null
[ "$(cookies)" -eq 0 ]
call 401 current-session "${in_jar[@]}" >/dev/null

begun=$(call 200 create-session --post-data "$form")
header="Authorization: Bearer $(member sessionid <<<"$begun").$(member token <<<"$begun")"
current=$(call 200 current-session --header "$header")
[ "$(member sessionid <<<"$current")" = "$(member sessionid <<<"$begun")" ]
call 200 set-current-session-ended --header "$header" --method PATCH >/dev/null
call 401 current-session --header "$header" >/dev/null
