#!/bin/sh
# check-shipped.sh SOURCE_DIR : what ships in data/ is whole and small, and every command that its cards
# and results name takes the options that they give it. $CROSSLENS_CLI is the program.
cd "$1/data" || exit 1
failed=0
checked=0
help=$(mktemp) || exit 1
trap 'rm -f "$help"' EXIT

# expect CONDITION... -- MESSAGE
expect() {
  message=$1
  shift
  checked=$((checked + 1))
  "$@" && return
  echo "$message"
  failed=$((failed + 1))
}

# at_most FOLDER KILOBYTES
at_most() {
  size=$(du -sk --apparent-size "$1" | cut -f1)
  expect "data/$1 has $size KB, more than $2" [ "$size" -le "$2" ]
}

at_most . 40000
at_most scenes 8192

for model in models/*/; do
  for file in README.md config.json model.safetensors; do
    expect "data/$model has no $file" [ -s "$model$file" ]
  done
  case $model in
    *detector*) expect "data/$model lacks its names" [ -s "${model}objects_vocab.txt" ] ;;
    *) expect "data/$model has no vocab.txt" [ -s "${model}vocab.txt" ] ;;
  esac
done

# Indented lines, or lines of a ```sh block, that begin with crosslens-cli; \ joins two.
commands=$(sed -e ':a' -e '/\\$/N; s/\\\n//; ta' models/*/README.md scenes/README.md results/*.md |
             sed -n 's/^ *crosslens-cli \(.*\)/\1/p')
while read -r line; do
  [ -n "$line" ] || continue
  command=${line%% *}
  task=
  case $line in "train --task detector"*) task="--task detector" ;; esac
  # shellcheck disable=SC2086
  "$CROSSLENS_CLI" $command $task --help >"$help" 2>&1
  expect "crosslens-cli $command: there is no such command" [ $? = 0 ]
  for option in $(printf '%s\n' "$line" | grep -o -- ' --[a-z-]*' | tr -d ' '); do
    expect "crosslens-cli $command $task knows no $option" grep -q -- "^  $option\>" "$help"
  done
done <<EOF
$commands
EOF

echo "$checked checks, $failed failed"
[ "$failed" = 0 ] && [ "$checked" -gt 40 ]
