"""Distil static word vectors from sentence-transformers/all-MiniLM-L6-v2.

    python distill.py MODEL_FOLDER OUT_FILE [--dim 256] [--bits 4] [--words words.txt]

Needs numpy only. Every token of the vocabulary is read by the whole network on its own
([CLS] token [SEP], mean pooled), the results are reduced by PCA and weighted by SIF
(a / (a + p), a = 1e-4, p by Zipf from the rank), then quantised with one scale for each row.
This is the recipe of model2vec (Minish, MIT); the words in --words are added as whole tokens,
because the vocabulary of BERT, made from an encyclopaedia, cuts up words of everyday complaints.
"""

import argparse
import json
import re
import struct
import unicodedata
from pathlib import Path

import numpy as np

HEADS, LAYERS, EPS = 12, 6, 1e-12
SIF = 1e-4


def read_safetensors(path):
    """Tensors of a safetensors file: an 8 byte length, a JSON header, the bytes."""
    raw = Path(path).read_bytes()
    (n,) = struct.unpack("<Q", raw[:8])
    head = json.loads(raw[8 : 8 + n])
    kinds = {"F32": np.float32, "I64": np.int64}
    return {
        k: np.frombuffer(raw[8 + n + v["data_offsets"][0] : 8 + n + v["data_offsets"][1]], kinds[v["dtype"]]).reshape(v["shape"])
        for k, v in head.items()
        if k != "__metadata__"
    }


def norm(x, w, b):
    m = x.mean(-1, keepdims=True)
    v = ((x - m) ** 2).mean(-1, keepdims=True)
    return (x - m) / np.sqrt(v + EPS) * w + b


def erf(x):
    """Abramowitz and Stegun 7.1.26, error below 1.5e-7."""
    s, x = np.sign(x), np.abs(x)
    t = 1 / (1 + 0.3275911 * x)
    y = ((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t + 0.254829592
    return s * (1 - y * t * np.exp(-x * x))


def gelu(x):
    return x * 0.5 * (1 + erf(x * np.float32(0.70710678)))


def forward(w, ids, mask):
    """Mean pooled output of the last layer. ids, mask: batch x length."""
    n, length = ids.shape
    e = "embeddings."
    x = w[e + "word_embeddings.weight"][ids] + w[e + "position_embeddings.weight"][:length]
    x = norm(x + w[e + "token_type_embeddings.weight"][0], w[e + "LayerNorm.weight"], w[e + "LayerNorm.bias"])
    away = (1 - mask[:, None, None, :]) * np.float32(-1e9)
    for layer in range(LAYERS):
        p = f"encoder.layer.{layer}."
        lin = lambda name, x: x @ w[p + name + ".weight"].T + w[p + name + ".bias"]  # noqa: E731
        split = lambda y: y.reshape(n, length, HEADS, -1).transpose(0, 2, 1, 3)  # noqa: E731
        q, k, v = (split(lin(f"attention.self.{s}", x)) for s in ("query", "key", "value"))
        a = q @ k.transpose(0, 1, 3, 2) / np.sqrt(np.float32(q.shape[-1])) + away
        a = np.exp(a - a.max(-1, keepdims=True))
        a /= a.sum(-1, keepdims=True)
        y = (a @ v).transpose(0, 2, 1, 3).reshape(n, length, -1)
        o = p + "attention.output."
        x = norm(x + lin("attention.output.dense", y), w[o + "LayerNorm.weight"], w[o + "LayerNorm.bias"])
        y = lin("output.dense", gelu(lin("intermediate.dense", x)))
        x = norm(x + y, w[p + "output.LayerNorm.weight"], w[p + "output.LayerNorm.bias"])
    m = mask[:, :, None]
    return (x * m).sum(1) / m.sum(1)


def basic(text):
    """BasicTokenizer of BERT, uncased: accents go, punctuation stands alone."""
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(c for c in text if unicodedata.category(c) != "Mn")
    return re.findall(r"\w+|[^\w\s]", text.replace("_", " _ "))


def pieces(word, vocab):
    """Greedy longest match; None if some part is in no token."""
    out, at = [], 0
    while at < len(word):
        for end in range(len(word), at, -1):
            t = ("##" if at else "") + word[at:end]
            if t in vocab:
                out.append(t)
                at = end
                break
        else:
            return None
    return out


def encode(w, vocab, token_lists, batch=512):
    """Vectors of lists of tokens, sorted by length so that little is padded."""
    order = sorted(range(len(token_lists)), key=lambda i: len(token_lists[i]))
    out = np.zeros((len(token_lists), 384), np.float32)
    for s in range(0, len(order), batch):
        part = order[s : s + batch]
        longest = max(len(token_lists[i]) for i in part) + 2
        ids, mask = np.zeros((len(part), longest), np.int64), np.zeros((len(part), longest), np.float32)
        for r, i in enumerate(part):
            seq = [vocab["[CLS]"], *(vocab[t] for t in token_lists[i]), vocab["[SEP]"]]
            ids[r, : len(seq)], mask[r, : len(seq)] = seq, 1
        out[part] = forward(w, ids, mask)
    return out


def check(w, vocab):
    """The model card's own example; the figures are those of the published model."""
    said = ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    v = encode(w, vocab, [[p for b in basic(s) for p in pieces(b, vocab)] for s in said])
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    got = v[1:] @ v[0]
    assert np.allclose(got, [0.695, 0.943, 0.257], atol=0.001), got
    print("model card sentences:", np.round(got, 3))


def wanted(token):
    """Latin letters and digits; single other characters and [unused] pieces say nothing."""
    body = token.removeprefix("##")
    return bool(re.fullmatch(r"[a-z0-9]+", body)) and not (token.startswith("##") and body.isdigit() and len(body) > 2)


def embed_tokens(folder, words):
    """Tokens to keep, in rank order, and their 384 dimensional vectors."""
    folder = Path(folder)
    vocab = {t: i for i, t in enumerate((folder / "vocab.txt").read_text("utf-8").split("\n")) if t}
    w = read_safetensors(folder / "model.safetensors")
    check(w, vocab)
    tokens = [t for t in vocab if wanted(t)]
    extra = [x for x in words if x not in vocab and re.fullmatch(r"[a-z]{3,24}", x)]
    lists = [[t] for t in tokens] + [pieces(x, vocab) for x in extra]
    return tokens + extra, encode(w, vocab, lists)


def reduce(vectors, dim):
    """PCA, then SIF by Zipf: p of rank r is (1/r) / sum of 1/r."""
    x = vectors - vectors.mean(0)
    values, axes = np.linalg.eigh(x.T @ x)
    kept = axes[:, ::-1][:, :dim]
    # The sign of an axis is arbitrary; fixing it makes the file the same on every machine.
    kept *= np.sign(kept[np.abs(kept).argmax(0), np.arange(dim)])
    print(f"variance kept by {dim}: {values[::-1][:dim].sum() / values.sum():.3f}")
    inverse = 1 / np.arange(2, len(x) + 2)
    p = inverse / inverse.sum()
    return (x @ kept) * (SIF / (SIF + p))[:, None]


def quantise(x, bits):
    """Whole numbers -m..m and the scale of each row."""
    m = 2 ** (bits - 1) - 1
    scale = np.abs(x).max(1) / m
    if bits < 8:
        # A narrower range rounds the many small values better than it clips the few large ones.
        best = np.full(len(x), np.inf)
        chosen = scale.copy()
        for f in np.linspace(0.5, 1.0, 11):
            s = scale * f
            err = ((np.clip(np.round(x / s[:, None]), -m, m) * s[:, None] - x) ** 2).sum(1)
            chosen, best = np.where(err < best, s, chosen), np.minimum(err, best)
        scale = chosen
    scale = scale.astype(np.float32)
    return np.clip(np.round(x / scale[:, None]), -m, m).astype(np.int8), scale


def write(path, tokens, q, scale, bits):
    """Layout in vectors/file.rs. Tokens sorted, so that a shared beginning is stored once."""
    origin = b"sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), tokens distilled by training/vectors/distill.py"
    order = sorted(range(len(tokens)), key=lambda i: tokens[i].encode())
    names, before = bytearray(), b""
    for i in order:
        t = tokens[i].encode()
        shared = 0
        while shared < min(len(t), len(before)) and t[shared] == before[shared]:
            shared += 1
        names += bytes([shared, len(t) - shared]) + t[shared:]
        before = t
    q, scale = q[order], scale[order].astype("<f4")
    if bits == 4:
        u = (q + 8).astype(np.uint8)
        body = (u[:, 0::2] | (u[:, 1::2] << 4)).tobytes()
    else:
        body = q.tobytes()
    head = b"CWVEC" + struct.pack("<BBBHI", 1, bits, len(origin), q.shape[1], len(tokens)) + origin
    Path(path).write_bytes(head + struct.pack("<I", len(names)) + bytes(names) + scale.tobytes() + body)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("model")
    a.add_argument("out")
    a.add_argument("--dim", type=int, default=256)
    a.add_argument("--bits", type=int, default=4, choices=(4, 8))
    a.add_argument("--words", help="words to add as whole tokens, most frequent first")
    a = a.parse_args()
    words = Path(a.words).read_text("utf-8").split() if a.words else []
    tokens, vectors = embed_tokens(a.model, words)
    q, scale = quantise(reduce(vectors, a.dim), a.bits)
    write(a.out, tokens, q, scale, a.bits)
    print(len(tokens), "tokens,", Path(a.out).stat().st_size, "bytes")


if __name__ == "__main__":
    main()
