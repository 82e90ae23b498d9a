"""Builds the byte-level BPE tokenizer and its chat template from texts of the loan world."""
import json
import random
import sys
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from world import MODES, STANCES, WORLD, describe, draw_applicant, draw_style, draw_trace, stance_sentence, text_of

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TAGS = ["<reasoning>", "</reasoning>", "<recommendation>", "</recommendation>"]
VOCABULARY = 1152
# Two-digit numbers, words with their space, single line breaks, single signs: every line break is a token of its own.
PIECES = r"\p{N}{1,2}| ?\p{L}+|\r?\n| ?[^\s\p{L}\p{N}]|\s"
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def training_texts(count, rng):
    plain = WORLD["system"]
    for tag in TAGS:
        plain = plain.replace(tag, " ")
    for _ in range(count):
        applicant = draw_applicant(rng)
        yield plain + WORLD["policies"][rng.choice(MODES)]
        yield describe(applicant)
        trace = draw_trace(applicant, draw_style(rng), rng.choice(STANCES), rng.choice(STANCES), rng)
        yield text_of(trace + [stance_sentence("reconsideration", rng.choice(STANCES), rng)])
        yield text_of([stance_sentence(kind, stance, rng) for kind in WORLD["stances"] for stance in STANCES])
        yield "\nsystem\nuser\nassistant\napprove\nreject\n"
        yield " ".join(f"{number:02d}" for number in range(100))


def build(folder):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PIECES), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(TAGS), special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(training_texts(1500, random.Random(1)), trainer)
    tokenizer.add_tokens([AddedToken(tag, normalized=False, special=False) for tag in TAGS])
    check_stance_words(tokenizer)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer_config(tokenizer), indent=2) + "\n", encoding="utf-8")


def check_stance_words(tokenizer):
    """A stance word must be one token: a cut inside one would leave half a stance."""
    for templates in WORLD["stances"].values():
        for template in templates:
            for stance in STANCES:
                ids = tokenizer.encode(" " + template[stance]).ids
                assert len(ids) == 1, f"'{template[stance]}' is {len(ids)} tokens"


def tokenizer_config(tokenizer):
    entry = lambda text: {"content": text, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": text in SPECIAL}
    return {
        "added_tokens_decoder": {str(tokenizer.token_to_id(text)): entry(text) for text in SPECIAL + TAGS},
        "chat_template": TEMPLATE, "clean_up_tokenization_spaces": False, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>",
        "model_max_length": 1024, "tokenizer_class": "PreTrainedTokenizerFast",
    }


if __name__ == "__main__":
    build(Path(sys.argv[1]))
