// The table of server dialects, in the order in which servers are asked whether they are of that kind.
import type { Dialect } from './dialect';
import { chat } from './dialects/chat';
import { generic } from './dialects/generic';
import { llamaCpp } from './dialects/llamaCpp';
import { ollama } from './dialects/ollama';
import { sglang } from './dialects/sglang';
import { tgi } from './dialects/tgi';
import { vllm } from './dialects/vllm';

export const dialects: readonly Dialect[] = [vllm, llamaCpp, sglang, tgi, ollama, generic, chat];
