#!/bin/bash
# The story of README.md with curl.
# Packages: curl
# Command: /bin/bash
set -euo pipefail
base=$1
jar=$(mktemp)
trap 'rm -f "$jar"' EXIT
username='Zoë & co + 100 %'
password='a pässwörd = ☃; "x"'

call() { # call STATUS ROUTE ARGUMENT...: prints the answer, which must have the status
  local status=$1 route=$2 answer
  shift 2
  answer=$(curl -sS -w '\n%{http_code}' "$@" "$base/api/user/$route")
  [ "${answer##*$'\n'}" = "$status" ] || { echo "$route: $answer" >&2; return 1; }
  printf '%s' "${answer%$'\n'*}"
}
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

call 200 create-account --data-urlencode "username=$username" --data-urlencode "password=$password" >/dev/null

begun=$(call 200 create-session -c "$jar" --data-urlencode "username=$username" --data-urlencode "password=$password")
# A line of a cookie has tabs.
grep -q $'\t' "$jar"
current=$(call 200 current-session -b "$jar")
[ "$(member sessionid <<<"$current")" = "$(member sessionid <<<"$begun")" ]
call 200 set-current-session-ended -b "$jar" -c "$jar" -X PATCH >/dev/null
if grep $'\t' "$jar"; then exit 1; fi
call 401 current-session -b "$jar" >/dev/null

begun=$(call 200 create-session --form-string "username=$username" --form-string "password=$password")
header="Authorization: Bearer $(member sessionid <<<"$begun").$(member token <<<"$begun")"
current=$(call 200 current-session -H "$header")
[ "$(member sessionid <<<"$current")" = "$(member sessionid <<<"$begun")" ]
call 200 set-current-session-ended -H "$header" -X PATCH >/dev/null
call 401 current-session -H "$header" >/dev/null
