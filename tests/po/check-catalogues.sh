#!/bin/sh
# Every string of the window is in every catalogue: translated, none fuzzy, the catalogue well formed;
# and every source with such strings is in po/POTFILES. check-catalogues.sh SOURCE_ROOT
cd "$1" || exit 1
for tool in xgettext msgcmp msgfmt; do
  command -v $tool > /dev/null || { echo "$tool is not here"; exit 77; }
done
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

{ grep -lE '(^|[^a-zA-Z_])N?_\("|ngettext\(' src/*/*.c
  grep -l 'translatable="yes"' ui/*.ui; } | while read -r file; do
  grep -qx "$file" po/POTFILES || echo "$file is not in po/POTFILES"
done > "$work/left-out"
[ -s "$work/left-out" ] && { cat "$work/left-out"; failed=1; }

xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=ngettext:1,2 \
  --keyword=g_dngettext:2,3 --keyword=lx_fail:3 --files-from=po/POTFILES --output="$work/now.pot" || failed=1
grep -v '^#' po/LINGUAS | while read -r language; do
  msgfmt --check-format --check-domain -o /dev/null "po/$language.po" || echo "$language"
  msgcmp "po/$language.po" "$work/now.pot" || echo "$language"
done > "$work/incomplete"
[ -s "$work/incomplete" ] && { echo "incomplete: $(sort -u "$work/incomplete" | tr '\n' ' ')"; failed=1; }
exit $failed
