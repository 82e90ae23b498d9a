"""Small tokenizers of the kinds that models are published with, and what the reference implementation makes of odd texts.

Writes test/fixtures/tokenizers/<kind>.json: {tokenizer, cases: [{text, ids, ends}]}; `ends` are UTF-16 offsets.
Usage: python tokenizer_reference.py FOLDER [--check]   (needs requirements-tokenizers.txt)
--check computes the cases of the recorded tokenizers afresh and compares.
"""

import json
import random
import sys
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

SEED = 5
CASES = 80
MARK = "\u2581"
QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CORPUS = [
    "The applicant is an American and asks for a loan of $25,000 over 36 months. The income is stable.\n\n",
    "So the debt is high; reject. Wait, let me think again... The score is 712, which is good. Approve!\n",
    "Über naïve cafés: 収入は低い。借金は多い。 😀😀 नमस्ते שלום\r\n",
    "<think>\nShe doesn't owe anything, and they've paid.\n</think>\n\nAnswer: approve",
]
PIECES = [
    "The", "applicant", " is", " an", "American", "loan", "25", ",000", "²", "½", "٣", "x³", " ", "  ", "   ", "\n", "\n\n", "\r\n",
    "\t", ".", ".\n\n", "...", "!", "'s", "'ve", "😀", "👍🏽", "👨‍👩‍👧", "収入は", "低い。", "e\u0301", "é", "ﬁ", "\u0958", "नमस्ते", "שלום",
    "مرحبا", "\u00a0", "\u3000", MARK, "<think>", "</think>", "<s>", "_", "-", "\u200d", "\u1e9b\u0323", "가", "\u1100\u1161", "Å", "ｶﾞ",
]  # fmt: skip


def byte_level(pre_tokenizer, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer:
        tokenizer.normalizer = normalizer
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(CORPUS * 4, trainer)
    return tokenizer


def spaced(normalizer, pre_tokenizer):
    """BPE with byte fallback, as converted from SentencePiece."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme="always")
    trained.train_from_iterator(CORPUS[:2] * 4, trainers.BpeTrainer(vocab_size=150, show_progress=False))
    model = json.loads(trained.to_str())["model"]
    names = ["<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), *model["vocab"]]
    vocab = {name: index for index, name in enumerate(dict.fromkeys(names))}
    merges = [tuple(pair) for pair in model["merges"]]
    tokenizer = Tokenizer(models.BPE(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre_tokenizer:
        tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = spaced_decoder()
    return tokenizer


def spaced_decoder():
    return decoders.Sequence(
        [decoders.Replace(MARK, " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )


def unigram():
    trained = Tokenizer(models.Unigram())
    trained.pre_tokenizer = pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme="always")
    trainer = trainers.UnigramTrainer(vocab_size=150, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False)
    trained.train_from_iterator(CORPUS[:2] * 4, trainer)
    pieces = [(piece, score) for piece, score in json.loads(trained.to_str())["model"]["vocab"]]
    pieces += [(f"<0x{byte:02X}>", -20.0) for byte in range(256)]
    tokenizer = Tokenizer(models.Unigram(pieces, 0, True))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme="always")
    tokenizer.decoder = spaced_decoder()
    return tokenizer


def with_tokens(tokenizer, **options):
    tokenizer.add_tokens([AddedToken(text, normalized=False, **options) for text in ("<think>", "</think>")])
    tokenizer.add_special_tokens(["<s>"])
    return tokenizer


def kinds():
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    digits = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), plain])
    digit_runs = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=False), plain])
    qwen = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN_SPLIT), "isolated"), raw])
    prepend = normalizers.Sequence([normalizers.Prepend(MARK), normalizers.Replace(" ", MARK)])

    def metaspace(scheme, split):
        return pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme=scheme, split=split)

    return {
        "byteLevelDigits": with_tokens(byte_level(digits)),
        "byteLevelDigitRuns": with_tokens(byte_level(digit_runs)),
        "byteLevelPrefix": with_tokens(byte_level(pre_tokenizers.ByteLevel(add_prefix_space=True))),
        "byteLevelNfc": with_tokens(byte_level(qwen, normalizers.NFC())),
        "byteLevelNfkc": with_tokens(byte_level(plain, normalizers.NFKC())),
        "byteLevelStripping": with_tokens(byte_level(plain), lstrip=True, rstrip=True),
        "byteLevelSingleWord": with_tokens(byte_level(plain), single_word=True),
        "spacedPrepend": with_tokens(spaced(prepend, None)),
        "spacedAlways": with_tokens(spaced(None, metaspace("always", True))),
        "spacedFirst": with_tokens(spaced(None, metaspace("first", False))),
        "spacedNever": with_tokens(spaced(None, metaspace("never", True))),
        "unigramNfkc": with_tokens(unigram()),
    }


def utf16_ends(text, offsets):
    position = [0]
    for character in text:
        position.append(position[-1] + (2 if ord(character) > 0xFFFF else 1))
    return [position[end] for _, end in offsets]


def case(tokenizer, text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return {"text": text, "ids": encoding.ids, "ends": utf16_ends(text, encoding.offsets)}


def write(folder):
    draw = random.Random(SEED)
    texts = ["", " ", "The applicant is an American.", "<think>\nSo.\n\n</think>\n\nApprove", "a<think>b </think> c"]
    texts += ["".join(draw.choices(PIECES, k=draw.randint(1, 14))) for _ in range(CASES - len(texts))]
    folder.mkdir(parents=True, exist_ok=True)
    for name, tokenizer in kinds().items():
        content = {
            "versions": {"tokenizers": tokenizers.__version__},
            "tokenizer": json.loads(tokenizer.to_str()),
            "cases": [case(tokenizer, text) for text in texts],
        }
        path = folder / f"{name}.json"
        path.write_text(json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n")


def check(folder):
    paths = sorted(folder.glob("*.json"))
    assert len(paths) == len(kinds()), f"{folder} holds {len(paths)} tokenizers"
    for path in paths:
        content = json.loads(path.read_text())
        tokenizer = Tokenizer.from_str(json.dumps(content["tokenizer"]))
        for recorded in content["cases"]:
            assert case(tokenizer, recorded["text"]) == recorded, f"{path.name} differs for {recorded['text']!r}"
    print(f"{len(paths)} tokenizers agree with tokenizers {tokenizers.__version__}")


if __name__ == "__main__":
    (check if "--check" in sys.argv else write)(Path(sys.argv[1]))
