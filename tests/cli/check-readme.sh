#!/bin/sh
# check-readme.sh SOURCE_DIR : every path and every function that README.md names exists.
cd "$1" || exit 1
failed=0
checked=0

miss() {
  echo "README.md names $1, which does not exist"
  failed=$((failed + 1))
}

# `path/with/slash` or `file.ending` in backticks, link targets, and the first words of the tree.
paths=$({ grep -o '`[A-Za-z0-9_./-]*`' README.md | tr -d '`' |
            grep -E '^(\./)?(src|ui|data|tests|resources|po|scripts)/|^(\./)?(start|check)$'
          grep -o '](\([^)]*\))' README.md | sed 's/^](//; s/)$//' | grep -v '^http'
          sed -n '/^## Where things are/,/^## What/p' README.md | grep '^    ' | cut -c5-28 | tr ' ' '\n'
        } | grep . | sort -u)
for path in $paths; do
  checked=$((checked + 1))
  [ -e "$path" ] || miss "$path"
done

functions=$(grep -o '`\(lens\|lx\|figure\|world\|media\|cli\)_[a-z0-9_]*`' README.md | tr -d '`' | sort -u)
for function in $functions; do
  checked=$((checked + 1))
  grep -rqs --include='*.c' "^\($function\|[A-Za-z].* \**$function\)(" src || miss "$function()"
done

commands=$(sed -n 's/^    crosslens-cli \([a-z]*\).*/\1/p' README.md | sort -u)
for command in $commands; do
  checked=$((checked + 1))
  grep -qs "{ *\"$command\"," src/tools/cli-main.c || miss "crosslens-cli $command"
done

echo "$checked names, $failed missing"
[ "$failed" = 0 ] && [ "$checked" -gt 30 ]
