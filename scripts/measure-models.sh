#!/bin/sh
# Measures every model that ships, on scenes that none of them was trained on, and writes what the
# commands say to data/results/models.md. A few minutes; goes on where it was stopped.
#   scripts/measure-models.sh [FOLDER FOR THE SCENES] [PROGRAM]
# In the environment: MODELS (data/models), RESULT (data/results/models.md), SCENES (2000).
set -eu

cd "$(dirname "$0")/.."
worlds=${1:-build/measured}
program=${2:-build/src/tools/crosslens-cli}
out=${RESULT:-data/results/models.md}
models=${MODELS:-data/models}
scenes=${SCENES:-2000}

mkdir -p "$worlds"
trap 'rm -f "$out.new"' EXIT

# said COMMAND... : the command, as one types it, and what it prints
said() {
  printf '    crosslens-cli %s\n\n' "$*" | sed "s|$worlds/||g"
  "$program" "$@" | sed 's/^/    /'
  echo
}

# score TITLE MODEL TASK [OPTION...] : on both splits
score() {
  title=$1 model=$2 task=$3
  shift 3
  [ -d "$models/$model" ] || return 0
  printf '## %s\n\n' "$title"
  for split in test heldout; do
    said eval --task "$task" --data "$worlds/$split" --split "$split" --model "$models/$model" "$@"
  done
}

for split in test heldout; do
  "$program" world --out "$worlds/$split" --scenes $scenes --seed 901 --split $split --questions 12 \
    --features $models/detector-world --resume
done

{
  echo '# How good the models that ship are'
  echo
  echo "Every model on $scenes scenes of the split test, which none was trained on, and on as many of the"
  echo 'split heldout, whose questions all speak of a class in a colour that no training question had.'
  echo 'Written by `scripts/measure-models.sh`, which says what the commands said:'
  echo
  for split in test heldout; do
    printf '    crosslens-cli world --out %s --scenes %s --seed 901 --split %s --questions 12 --features %s/detector-world\n' \
      $split $scenes $split $models
  done
  printf '\n## Detector\n\n'
  measured=$((scenes < 500 ? scenes : 500))
  said train --task detector --out "$models/detector-world" --evaluate $measured
  said train --task detector --out "$models/detector-world" --evaluate $measured --split heldout
  score 'Questions of VQA' lxmert-world-vqa vqa
  score 'Questions of GQA' lxmert-world-gqa gqa
  score 'The questions alone: a model that never sees the image' lxmert-world-vqa-blind-image vqa
  score 'The images alone: a model that never sees the question' lxmert-world-vqa-blind-question vqa
  score 'Statements about two images (NLVR2)' lxmert-world-nlvr2 nlvr2
} >"$out.new"
mv "$out.new" "$out"
echo "$out"
