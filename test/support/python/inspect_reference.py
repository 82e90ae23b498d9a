"""Reads an Inspect log with Inspect's own package and prints what its samples say, one JSON object."""

import json
import sys

from inspect_ai.log import read_eval_log

log = read_eval_log(sys.argv[1])
samples = []
for sample in log.samples or []:
    content = sample.output.choices[0].message.content
    blocks = [[block.type, block.reasoning if block.type == "reasoning" else block.text] for block in content]
    scores = {name: score.value for name, score in (sample.scores or {}).items()}
    roles = [message.role for message in sample.messages]
    samples.append({"id": str(sample.id), "epoch": sample.epoch, "roles": roles, "blocks": blocks, "scores": scores})
print(json.dumps({"status": log.status, "model": log.eval.model, "samples": samples}))
