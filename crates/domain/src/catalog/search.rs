//! Finding a matter in people's own words: 开饭店, 给孩子上户口, open a restaurant.
//!
//! Every name, keyword and summary is a phrase of grams: character pairs of Chinese, words of English. A query scores
//! a phrase by how much of each the other covers, weighted by how rare the shared grams are. Pairs forgive a wrong or
//! missing character; misspelt English words are matched by the letter pairs they share. Nothing is learnt or random,
//! so the same catalogue and query always give the same list.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::matter::Matter;
use crate::text::Lang;

/// What people say → words that the matters use. Keys are matched anywhere in Chinese and as whole words in English.
pub type Synonyms = BTreeMap<String, Vec<String>>;

/// Characters of a query that are read; the rest says nothing more.
const MAX_QUERY_CHARS: usize = 80;
/// Ways of saying the query that are tried, the query itself included.
const MAX_VARIANTS: usize = 12;
/// A variant made by a synonym is a little less certain than what was typed.
const VARIANT_WEIGHT: f64 = 0.92;
/// Hits below this share of the best one are noise.
const RELATIVE_FLOOR: f64 = 0.25;
/// Nothing is found rather than something that shares one common character.
const ABSOLUTE_FLOOR: f64 = 0.12;
/// One character alone says much less than a pair.
const SINGLE_WEIGHT: f64 = 0.2;
/// Share of letter pairs (Dice) from which a misspelt English word is taken for a known one.
const SIMILAR: f64 = 0.6;

/// Words that say that something is wanted, but not what; longest first.
const STOP_ZH: &[&str] = &[
    "我要怎么",
    "需要什么",
    "怎么才能",
    "什么手续",
    "哪些材料",
    "什么材料",
    "要不要",
    "能不能",
    "可不可以",
    "办理",
    "申请",
    "怎么",
    "怎样",
    "如何",
    "哪里",
    "在哪",
    "哪儿",
    "什么",
    "手续",
    "流程",
    "请问",
    "我想",
    "我要",
    "想要",
    "需要",
    "应该",
    "可以",
    "一个",
    "一家",
    "一下",
    "自己",
    "我们",
    "帮我",
    "麻烦",
    "多久",
    "多少",
    "我",
    "想",
    "要",
    "办",
    "吗",
    "呢",
    "的",
    "了",
    "给",
    "去",
    "个",
    "家",
    "能",
    "把",
    "下",
    "啊",
    "吧",
];
const STOP_EN: &[&str] = &[
    "a", "an", "the", "to", "of", "for", "i", "want", "how", "do", "does", "my", "our", "in", "on", "at", "get",
    "apply", "need", "can", "is", "it", "where", "what", "and", "or", "with", "me", "we", "you", "your", "be", "am",
    "would", "like", "please", "new", "have", "from", "by", "this", "that", "must", "before", "some",
];

/// One matter found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Slug of the matter.
    pub slug: String,
    /// How well it fits; only the order means something.
    pub score: f64,
}

/// What a phrase is, and so how much a fit is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Keyword,
    Name,
    Summary,
}

#[derive(Debug, Clone)]
struct Phrase {
    matter: usize,
    kind: Kind,
    lang: Lang,
    /// Weight of all its grams.
    total: f64,
}

/// An index over the matters of a catalogue, in memory. 500 matters take about a megabyte.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    slugs: Vec<String>,
    phrases: Vec<Phrase>,
    postings: BTreeMap<String, Vec<usize>>,
    weights: BTreeMap<String, f64>,
    /// English words by the letter pairs in them.
    pairs: BTreeMap<String, Vec<String>>,
    synonyms: Vec<(String, Vec<String>)>,
}

impl SearchIndex {
    /// Builds the index. The order of the matters does not matter.
    pub fn build<'m>(matters: impl IntoIterator<Item = &'m Matter>, synonyms: &Synonyms) -> SearchIndex {
        let mut matters: Vec<&Matter> = matters.into_iter().collect();
        matters.sort_by(|a, b| a.slug.cmp(&b.slug));
        let mut index = SearchIndex::default();
        let mut texts: Vec<(BTreeSet<String>, Phrase)> = Vec::new();
        for (at, matter) in matters.iter().enumerate() {
            index.slugs.push(matter.slug.clone());
            for (kind, lang, text) in words_of(matter) {
                texts.push((grams(&normalise(text)), Phrase { matter: at, kind, lang, total: 0.0 }));
            }
        }
        index.weigh(&texts, matters.len());
        for (grams, mut phrase) in texts {
            phrase.total = grams.iter().map(|gram| index.weight(gram)).sum();
            for gram in grams {
                index.postings.entry(gram).or_default().push(index.phrases.len());
            }
            index.phrases.push(phrase);
        }
        let vocabulary = index.weights.keys().filter(|gram| is_word(gram));
        for word in vocabulary {
            for pair in letter_pairs(word) {
                index.pairs.entry(pair).or_default().push(word.clone());
            }
        }
        index.synonyms = synonyms
            .iter()
            .map(|(word, others)| (normalise(word), others.iter().map(|o| normalise(o)).collect()))
            .collect();
        // The longest synonym first: 个体户 before 户.
        index.synonyms.sort_by(|a, b| (b.0.chars().count(), &a.0).cmp(&(a.0.chars().count(), &b.0)));
        index
    }

    /// The best matters for a query, best first, at most `limit`. `lang` is the language of the page; words of the
    /// other one are found as well.
    pub fn search(&self, query: &str, lang: Lang, limit: usize) -> Vec<Hit> {
        let clipped: String = query.chars().take(MAX_QUERY_CHARS).collect();
        let mut best = vec![0.0_f64; self.slugs.len()];
        for (at, variant) in self.variants(&normalise(&clipped)).iter().enumerate() {
            let factor = if at == 0 { 1.0 } else { VARIANT_WEIGHT };
            for (matter, score) in self.score(variant, lang).into_iter().enumerate() {
                if let Some(slot) = best.get_mut(matter) {
                    *slot = slot.max(score * factor);
                }
            }
        }
        let top = best.iter().copied().fold(0.0, f64::max);
        let floor = (top * RELATIVE_FLOOR).max(ABSOLUTE_FLOOR);
        let scored = self.slugs.iter().zip(best).filter(|(_, score)| *score >= floor);
        let mut hits: Vec<Hit> = scored.map(|(slug, score)| Hit { slug: slug.clone(), score }).collect();
        // Slugs come sorted and the sort is stable, so equal scores keep a fixed order.
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.truncate(limit);
        hits
    }

    /// Rare grams weigh more: ln(1 + matters / matters that have it), less for single characters.
    fn weigh(&mut self, texts: &[(BTreeSet<String>, Phrase)], matters: usize) {
        let mut holders: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (grams, phrase) in texts {
            for gram in grams {
                holders.entry(gram).or_default().insert(phrase.matter);
            }
        }
        for (gram, matters_with) in holders {
            let rarity = (1.0 + matters as f64 / matters_with.len() as f64).ln();
            let single = if is_single(gram) { SINGLE_WEIGHT } else { 1.0 };
            self.weights.insert(gram.to_owned(), rarity * single);
        }
    }

    /// A gram that no matter knows weighs like a rare one: it is evidence that the query means something else.
    fn weight(&self, gram: &str) -> f64 {
        let unknown = (1.0 + self.slugs.len() as f64).ln() * if is_single(gram) { SINGLE_WEIGHT } else { 0.5 };
        self.weights.get(gram).copied().unwrap_or(unknown)
    }

    fn variants(&self, query: &str) -> Vec<String> {
        let mut variants = vec![query.to_owned()];
        for (word, others) in self.synonyms.iter().filter(|(word, _)| holds(query, word)) {
            for other in others {
                if variants.len() < MAX_VARIANTS {
                    variants.push(query.replacen(word.as_str(), other, 1));
                }
            }
        }
        variants
    }

    fn score(&self, query: &str, lang: Lang) -> Vec<f64> {
        let mut total = 0.0;
        let mut shared = vec![0.0_f64; self.phrases.len()];
        for gram in grams(query) {
            let weight = self.weight(&gram);
            total += weight;
            for (known, likeness) in self.known(&gram) {
                for at in self.postings.get(known).into_iter().flatten() {
                    if let Some(slot) = shared.get_mut(*at) {
                        *slot += weight.min(self.weight(known)) * likeness;
                    }
                }
            }
        }
        let mut fits = vec![Fit::default(); self.slugs.len()];
        for (phrase, shared) in self.phrases.iter().zip(shared).filter(|(_, shared)| *shared > 0.0) {
            let (of_query, of_phrase) = ((shared / total).min(1.0), (shared / phrase.total).min(1.0));
            if let Some(fit) = fits.get_mut(phrase.matter) {
                fit.add(phrase, of_query, of_phrase, lang);
            }
        }
        fits.iter().map(Fit::score).collect()
    }

    /// The gram itself when some matter has it; for an unknown English word those that look like it.
    fn known<'i>(&'i self, gram: &'i str) -> Vec<(&'i str, f64)> {
        if self.weights.contains_key(gram) {
            return vec![(gram, 1.0)];
        }
        if !is_word(gram) || gram.len() < 4 {
            return Vec::new();
        }
        let mine = letter_pairs(gram);
        let mut common: BTreeMap<&str, usize> = BTreeMap::new();
        for word in mine.iter().filter_map(|pair| self.pairs.get(pair)).flatten() {
            *common.entry(word).or_default() += 1;
        }
        let dice = |(word, common): (&'i str, usize)| {
            let likeness = 2.0 * common as f64 / (mine.len() + letter_pairs(word).len()) as f64;
            (likeness >= SIMILAR).then_some((word, likeness))
        };
        common.into_iter().filter_map(dice).collect()
    }
}

/// How well the phrases of one matter fit a query.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    keyword: f64,
    second: f64,
    name: f64,
    summary: f64,
}

impl Fit {
    fn add(&mut self, phrase: &Phrase, of_query: f64, of_phrase: f64, lang: Lang) {
        // The geometric mean wants both: a keyword wholly in the query, and a query that says little else.
        let both = (of_query * of_phrase).sqrt() * if phrase.lang == lang { 1.0 } else { 0.97 };
        match phrase.kind {
            Kind::Keyword if both > self.keyword => {
                self.second = self.keyword;
                self.keyword = both;
            }
            Kind::Keyword => self.second = self.second.max(both),
            Kind::Name => self.name = self.name.max(both),
            // A summary is long; only how much of the query it explains counts.
            Kind::Summary => self.summary = self.summary.max(of_query),
        }
    }

    fn score(&self) -> f64 {
        self.keyword.max(self.name) + 0.25 * self.keyword.min(self.name) + 0.15 * self.second + 0.3 * self.summary
    }
}

fn words_of(matter: &Matter) -> Vec<(Kind, Lang, &str)> {
    let mut words = vec![
        (Kind::Name, Lang::Zh, matter.name.zh.as_str()),
        (Kind::Name, Lang::En, matter.name.en.as_str()),
        (Kind::Summary, Lang::Zh, matter.summary.zh.as_str()),
        (Kind::Summary, Lang::En, matter.summary.en.as_str()),
    ];
    for keyword in &matter.keywords {
        let lang = if keyword.chars().any(is_han) { Lang::Zh } else { Lang::En };
        words.push((Kind::Keyword, lang, keyword));
    }
    words
}

/// Lower case, half width, anything but letters, digits and Chinese as a blank.
fn normalise(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(' '),
        c if c.is_alphanumeric() => c,
        // An apostrophe belongs to its word: driver's.
        '\'' | '’' => '\u{0}',
        _ => ' ',
    };
    text.chars().map(plain).filter(|c| *c != '\u{0}').flat_map(char::to_lowercase).collect()
}

/// Grams of a normalised text: pairs and single characters of each Chinese run, words of everything else. Pairs are
/// taken with and without the words that say nothing, so that 开个饭店 holds 开饭 as well as 饭店.
fn grams(text: &str) -> BTreeSet<String> {
    let mut grams = BTreeSet::new();
    for run in text.split_whitespace().flat_map(runs) {
        if run.chars().any(is_han) {
            let mut bare = run.clone();
            for stop in STOP_ZH {
                bare = bare.replace(stop, "");
            }
            // When nothing else was said, the stop words are the query.
            let said = if bare.is_empty() { &run } else { &bare };
            chinese_grams(said, &mut grams);
        } else if !STOP_EN.contains(&run.as_str()) {
            grams.insert(stem(&run));
        }
    }
    grams
}

fn chinese_grams(run: &str, grams: &mut BTreeSet<String>) {
    let characters: Vec<char> = run.chars().collect();
    for pair in characters.windows(2) {
        grams.insert(pair.iter().collect());
    }
    for single in characters {
        grams.insert(single.to_string());
    }
}

/// Parts of a word without blanks in which Chinese and Latin do not mix: 办QQ车 → 办, qq, 车.
fn runs(word: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut han_before = None;
    for c in word.chars() {
        let han = is_han(c);
        match runs.last_mut() {
            Some(run) if han_before == Some(han) => run.push(c),
            _ => runs.push(c.to_string()),
        }
        han_before = Some(han);
    }
    runs
}

/// English endings that change with the grammar only: restaurants, opening, registered.
fn stem(word: &str) -> String {
    let cut = |ending: &str, least: usize| word.strip_suffix(ending).filter(|rest| rest.len() >= least);
    if let Some(rest) = cut("ies", 3) {
        return format!("{rest}y");
    }
    let rest = cut("ing", 4).or_else(|| cut("ed", 4)).or_else(|| cut("es", 4)).or_else(|| cut("s", 3));
    let rest = rest.unwrap_or(word);
    // `service` and `services`, `licence` and `licences` must meet; `license` is `licence` spelt otherwise.
    let rest = if rest.starts_with("licens") || rest.starts_with("licenc") { "licenc" } else { rest };
    rest.strip_suffix('e').filter(|rest| rest.len() >= 4).unwrap_or(rest).to_owned()
}

fn letter_pairs(word: &str) -> BTreeSet<String> {
    let padded: Vec<char> = std::iter::once('^').chain(word.chars()).chain(std::iter::once('$')).collect();
    padded.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// Whether a normalised query holds a synonym: anywhere in Chinese, as whole words in English.
fn holds(query: &str, word: &str) -> bool {
    if word.chars().any(is_han) {
        return query.contains(word);
    }
    let words: Vec<&str> = query.split_whitespace().collect();
    let wanted: Vec<&str> = word.split_whitespace().collect();
    !wanted.is_empty() && words.windows(wanted.len()).any(|window| window == wanted)
}

/// Chinese characters, the rare ones of GB 18030 included.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_single(gram: &str) -> bool {
    let mut characters = gram.chars();
    characters.next().is_some_and(is_han) && characters.next().is_none()
}

fn is_word(gram: &str) -> bool {
    !gram.chars().any(is_han)
}
