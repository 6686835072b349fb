#!/bin/sh
# check-headers.sh FOLDER COMPILER FLAG... : every header of the folder compiles alone, pedantically.
# Templates (*-template.h) are pieces of code, not headers.
folder=$1
shift
checked=0
failed=0
for header in $(find "$folder" -name '*.h' ! -name '*-template.h' | sort); do
  checked=$((checked + 1))
  if ! printf '#include "%s"\nint lone_header;\n' "$header" |
      "$@" -fsyntax-only -pedantic -Wall -Wextra -Werror -Wno-unused-parameter -x c -; then
    echo "does not compile alone: $header"
    failed=$((failed + 1))
  fi
done
echo "$checked headers, $failed failed"
[ "$failed" = 0 ] && [ "$checked" != 0 ]
