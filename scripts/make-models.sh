#!/bin/sh
# Makes every model that ships again, from nothing: drawn scenes, detector, pre-training, fine-tuning.
# About a day on two cores; a stopped run goes on where it was.
#   scripts/make-models.sh OUT [PROGRAM]
# SHARE=0.01 in the environment takes a hundredth of the scenes and steps: to try the way, not the result.
set -eu

out=${1:?usage: scripts/make-models.sh OUT [PROGRAM]}
cd "$(dirname "$0")/.."
program=${2:-build/src/tools/crosslens-cli}
sizes=data/models/lxmert-world-base
places="relation choose,relation verify,position choose,position verify,exist relation"
mkdir -p "$out"

# part N : that much of N, at least 8
part() {
  awk -v n="$1" -v share="${SHARE:-1}" 'BEGIN { n = int(n * share); print n < 8 ? 8 : n }'
}

# once NAME COMMAND... : a finished command is not run again
once() {
  name=$1
  shift
  [ -e "$out/$name.done" ] && return
  echo "== $name"
  "$program" "$@"
  touch "$out/$name.done"
}

# world NAME SCENES SEED [OPTION...]
world() {
  name=$1 scenes=$2 seed=$3
  shift 3
  once "$name" world --out "$out/$name" --scenes "$(part "$scenes")" --seed "$seed" --split train \
    --features "$out/detector" "$@"
}

# tune NAME TASK DATA BASE STEPS RATE [OPTION...]
tune() {
  name=$1 task=$2 data=$3 base=$4 steps=$5 rate=$6
  shift 6
  once "$name" train --task "$task" --data "$out/$data" --model "$base" --out "$out/$name" --valid "" \
    --batch 64 --lr "$rate" --epochs 20 --max-steps "$(part "$steps")" --resume "$@"
}

# ship NAME TASK FOLDER
ship() {
  once "$3-shipped" convert "$out/$1" "$out/shipped/$3" --task "$2" --dtype f16
}

once detector train --task detector --out "$out/detector" --seed 1 --scenes "$(part 45000)" --all-pairs --resume
world world 40000 2027 --questions 40
world places 40000 2027 --questions 24 --types "$places"
tune base pretrain world "$sizes" 20000 7e-4 --from-scratch --spread-boxes 0.3 --dropout 0
tune where vqa places "$out/base" 2000 5e-4 --dropout 0 # where things are, before everything else
tune vqa vqa world "$out/where" 60000 6e-4 --dropout 0.05
tune gqa gqa world "$out/vqa" 8000 4e-4 --dropout 0.05
tune nlvr2 nlvr2 world "$out/vqa" 5000 4e-4 --dropout 0
tune blind-image vqa world "$sizes" 4000 5e-4 --from-scratch --blind image --dropout 0
tune blind-question vqa world "$sizes" 4000 5e-4 --from-scratch --blind question --dropout 0
mkdir -p "$out/shipped"
ship base pretrain lxmert-world-base
ship vqa vqa lxmert-world-vqa
ship gqa gqa lxmert-world-gqa
ship nlvr2 nlvr2 lxmert-world-nlvr2
echo "The models are in $out/shipped and $out/detector; scripts/measure-models.sh measures those in data/models."
