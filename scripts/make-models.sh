#!/bin/sh
# Makes every model that ships again, from nothing: drawn scenes, detector, pre-training, fine-tuning.
# About a day on two cores; a stopped run goes on where it was.
#   scripts/make-models.sh OUT [PROGRAM]
# SHARE=0.01 in the environment takes a hundredth of the scenes and steps: to try the way, not the result.
set -eu

out=${1:?usage: scripts/make-models.sh OUT [PROGRAM]}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/.."
program=${2:-build/src/tools/crosslens-cli}
sizes=data/models/lxmert-world-base
places="relation choose,relation verify,position choose,position verify,exist relation"

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

# ship NAME FOLDER [OPTION...] : as it lies in data/models
ship() {
  from=$1 to=$2
  shift 2
  once "$to-shipped" convert "$out/$from" "$out/shipped/$to" --dtype f16 "$@"
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
# A BERT: masked words alone, the way the ablation's rows begin.
once bert-scenes world --out "$out/bert-scenes" --scenes "$(part 20000)" --seed 1 --features "$out/detector" --resume
once bert ablation --data "$out/bert-scenes" --out "$out/bert" --setting tiny --rows bert-butd --tasks vqa --resume

mkdir -p "$out/shipped/detector-world"
for file in README.md config.json model.safetensors objects_vocab.txt attributes_vocab.txt; do
  cp "$out/detector/$file" "$out/shipped/detector-world"
done
ship base lxmert-world-base --task pretrain
ship vqa lxmert-world-vqa --task vqa
ship gqa lxmert-world-gqa --task gqa
ship nlvr2 lxmert-world-nlvr2 --task nlvr2
ship blind-image lxmert-world-vqa-blind-image --task vqa
ship blind-question lxmert-world-vqa-blind-question --task vqa
ship bert/base-bert-9595 bert-world

MODELS="$out/shipped" RESULT="$out/models.md" SCENES=$(part 2000) scripts/measure-models.sh "$out/measured" "$program"
echo "The models are in $out/shipped; how good they are is in $out/models.md."
