"""llama.cpp's HTTP server out of the xllamacpp wheel, on this machine only.

usage: llama_server.py FILE.gguf PORT SLOTS CONTEXT_TOKENS_OF_ALL_SLOTS
Prints READY when the model is loaded; ends when its standard input does, so that it never outlives who started it.
"""
import os
import sys

import xllamacpp

weights, port, slots, context = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
params = xllamacpp.CommonParams()
params.model.path = weights
params.hostnames = ["127.0.0.1"]
params.port = port
params.n_ctx = context
params.n_parallel = slots
params.kv_unified = False
params.model_alias = {"smollm2"} if not isinstance(params.model_alias, str) else "smollm2"
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.cache_prompt = True
params.ui = False
params.n_gpu_layers = 0
params.fit_params = False
params.verbosity = 0
params.reasoning_format = xllamacpp.common_reasoning_format.COMMON_REASONING_FORMAT_NONE
server = xllamacpp.Server(params)
print("READY", flush=True)
sys.stdin.read()
os._exit(0)
