"""Counts the words of a generated text: splitting, stripping, case folding, dictionaries of strings, sorting.

The text follows Zipf's law over made-up words, so that a few words are frequent and most are rare.
"""

import sys

SYLLABLES = ("ba", "ko", "ri", "ta", "mu", "se", "no", "li", "den", "for", "gal", "hup", "jin", "pra", "que", "sto")
PUNCTUATION = ".,;:!?\"'()"
WORDS_IN_LINE = 11


class Random:
    """The Park-Miller minimal standard generator."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = self.state * 48271 % 2147483647
        return self.state % limit


def make_words(random, number):
    words = []
    known = set()
    while len(words) < number:
        word = "".join(SYLLABLES[random.below(len(SYLLABLES))] for _ in range(1 + random.below(4)))
        if word not in known:
            known.add(word)
            words.append(word)
    return words


def make_text(random, words, lines):
    """Lines of words; the n-th word is drawn about 1/n as often as the first."""
    text = []
    for _ in range(lines):
        line = []
        for position in range(WORDS_IN_LINE):
            word = words[random.below(1 + random.below(len(words)))]
            if position == 0 or random.below(20) == 0:
                word = word.capitalize()
            if random.below(6) == 0:
                word += PUNCTUATION[random.below(len(PUNCTUATION))]
            line.append(word)
        text.append(" ".join(line) + ".")
    return "\n".join(text)


def count_words(text):
    counts = {}
    for line in text.split("\n"):
        for word in line.split():
            word = word.strip(PUNCTUATION).lower()
            if word:
                counts[word] = counts.get(word, 0) + 1
    return counts


def group_by_initial(counts):
    groups = {}
    for word, count in counts.items():
        groups.setdefault(word[0], []).append((count, word))
    return groups


def count_bigrams(text):
    counts = {}
    previous = None
    for raw in text.split():
        word = raw.strip(PUNCTUATION).lower()
        if previous is not None:
            pair = (previous, word)
            if pair in counts:
                counts[pair] += 1
            else:
                counts[pair] = 1
        previous = word
    return counts


def most_frequent(counts, number):
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:number]


def main(lines):
    random = Random(20250101)
    words = make_words(random, 600)
    text = make_text(random, words, lines)
    counts = count_words(text)
    if sum(counts.values()) != lines * WORDS_IN_LINE:
        raise RuntimeError("words were lost")
    print("characters:", len(text))
    print("different words:", len(counts))
    for word, count in most_frequent(counts, 8):
        print(f"{word:<16} {count:>8}")
    for initial, group in sorted(group_by_initial(counts).items()):
        count, word = max(group)
        print(f"{initial}: {len(group)} words, most often {word} ({count})")
    for (first, second), count in most_frequent(count_bigrams(text), 5):
        print(f"{first + ' ' + second:<24} {count:>6}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30000)
