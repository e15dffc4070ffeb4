//! The stop words of Spark's StopWordsRemover: those of the Snowball project by way of PostgreSQL and NLTK.

#[rustfmt::skip]
pub(super) const ENGLISH: &[&str] = &[
    "i", "me", "my", "myself", "we", "our", "ours", "ourselves", "you", "your", "yours", "yourself", "yourselves", "he", "him", "his",
    "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their", "theirs", "themselves", "what", "which",
    "who", "whom", "this", "that", "these", "those", "am", "is", "are", "was", "were", "be", "been", "being", "have", "has", "had",
    "having", "do", "does", "did", "doing", "a", "an", "the", "and", "but", "if", "or", "because", "as", "until", "while", "of", "at",
    "by", "for", "with", "about", "against", "between", "into", "through", "during", "before", "after", "above", "below", "to", "from",
    "up", "down", "in", "out", "on", "off", "over", "under", "again", "further", "then", "once", "here", "there", "when", "where", "why",
    "how", "all", "any", "both", "each", "few", "more", "most", "other", "some", "such", "no", "nor", "not", "only", "own", "same", "so",
    "than", "too", "very", "s", "t", "can", "will", "just", "don", "should", "now", "i'll", "you'll", "he'll", "she'll", "we'll",
    "they'll", "i'd", "you'd", "he'd", "she'd", "we'd", "they'd", "i'm", "you're", "he's", "she's", "it's", "we're", "they're", "i've",
    "we've", "you've", "they've", "isn't", "aren't", "wasn't", "weren't", "haven't", "hasn't", "hadn't", "don't", "doesn't", "didn't",
    "won't", "wouldn't", "shan't", "shouldn't", "mustn't", "can't", "couldn't", "cannot", "could", "here's", "how's", "let's", "ought",
    "that's", "there's", "what's", "when's", "where's", "who's", "why's", "would",
];

/// Every other language, a word a line.
pub(super) const LANGUAGES: &[(&str, &str)] = &[
    ("danish", include_str!("stop_words/danish.txt")),
    ("dutch", include_str!("stop_words/dutch.txt")),
    ("finnish", include_str!("stop_words/finnish.txt")),
    ("french", include_str!("stop_words/french.txt")),
    ("german", include_str!("stop_words/german.txt")),
    ("hungarian", include_str!("stop_words/hungarian.txt")),
    ("italian", include_str!("stop_words/italian.txt")),
    ("norwegian", include_str!("stop_words/norwegian.txt")),
    ("portuguese", include_str!("stop_words/portuguese.txt")),
    ("russian", include_str!("stop_words/russian.txt")),
    ("spanish", include_str!("stop_words/spanish.txt")),
    ("swedish", include_str!("stop_words/swedish.txt")),
    ("turkish", include_str!("stop_words/turkish.txt")),
];
