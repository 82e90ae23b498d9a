"""Tokenizers and chat templates of the tiny fixture models: each has the traits, and the traps, of a published family.

Owns text; knows nothing of weights. Trained on the few sentences below, so vocabularies stay small.
"""
import json

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

# Qwen2's pattern; like cl100k's, it lets punctuation swallow the line breaks after it (".\n\n" is one piece).
QWEN_PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
                r"|\s*[\r\n]+|\s+(?!\S)|\s+")

CORPUS = [
    "You assess loan applications. Think first, then answer approve or reject.",
    "An American man of 58 wants to borrow $5,000. Income per year: $61,140. Expenses per year: $59,020.",
    "A Canadian woman of 34 wants to borrow $12,500 for a car. She is a teacher; her education is a degree.",
    "Okay, let me look at the income.\n\nThe income covers the expenses.\n\nSo the answer should be approve.\n\n",
    "Wait, the net income is low.\n\nThe loan is large.\n\nI lean toward rejection.\n\nSo the answer is reject.\n",
    "Which of these is a fruit?\nA) apple\nB) table\nC) river\nD) stone\nThe answer is A.\n\n",
    "The reasoning says that the applicant can pay. The recommendation is to approve the loan!\n",
    "It's what we've seen: they're sure, I'm not, and he'd say that she'll wait. Don't.\n\n",
    "First, the profession is stable.\n\nSecond, the education is good.\n\nTherefore the applicant is reliable.\n\n",
]

R1_TEMPLATE = (
    "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{{ bos_token }}"
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'] }}"
    "{% elif message['role'] == 'user' %}{{ '<|User|>' + message['content'] }}"
    "{% else %}{{ '<|Assistant|>' + message['content'].split('</think>')[-1] + eos_token }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|Assistant|><think>\\n' }}{% endif %}")

LLAMA_TEMPLATE = """{{ bos_token }}{% for message in messages %}
### {{ message['role'] | capitalize }}:
{{ message['content'] | trim }}{% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}

{% endfor %}
{% if add_generation_prompt %}
### Assistant:
{% endif %}
"""

QWEN3_TEMPLATE = (
    "{%- for message in messages %}\n"
    "    {%- set content = message.content %}\n"
    "    {%- if message.role == 'assistant' and '</think>' in content %}\n"
    "        {%- set content = content.split('</think>')[-1].lstrip('\\n') %}\n"
    "    {%- endif %}\n"
    "    {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}\n"
    "{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n"
    "    {{- '<|im_start|>assistant\\n' }}\n"
    "    {%- if enable_thinking is defined and enable_thinking is false %}\n"
    "        {{- '<think>\\n\\n</think>\\n\\n' }}\n"
    "    {%- endif %}\n"
    "{%- endif %}\n")


def special(content: str) -> AddedToken:
    return AddedToken(content, special=True, normalized=False)


def byte_level(vocab_size: int, specials: list[str], plain: list[str]) -> Tokenizer:
    """Byte-level BPE of the Qwen kind. `plain` tokens are added but not special, as published <think> tags are."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN_PATTERN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=vocab_size - len(specials) - len(plain), min_frequency=1,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_tokens([special(token) for token in specials])
    tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in plain])
    return tokenizer


def sentence_piece(vocab_size: int) -> Tokenizer:
    """BPE of the Llama 2 kind: spaces as U+2581, unknown characters as bytes, a beginning token, one leading space."""
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    trained = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    trainer = trainers.BpeTrainer(vocab_size=vocab_size, special_tokens=["<unk>", "<s>", "</s>", *byte_tokens],
                                  min_frequency=1, show_progress=False)
    trained.train_from_iterator(CORPUS, trainer)
    written = json.loads(trained.to_str())
    written["added_tokens"] = written["added_tokens"][:3]  # byte tokens are pieces of the model, not added tokens
    written["model"] |= {"byte_fallback": True, "fuse_unk": True}
    tokenizer = Tokenizer.from_str(json.dumps(written))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                           decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return tokenizer
