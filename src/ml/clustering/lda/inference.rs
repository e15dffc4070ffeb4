//! What is known of one document's topics (Hoffman, Blei and Bach, "Online learning for latent Dirichlet allocation", NIPS 2010).

use kindling_linalg::VectorRef;

use super::random::Twister;

/// The shape of the gamma variates that inference starts from: close to 1.
pub(super) const SHAPE: f64 = 100.0;

/// The derivative of the log of the gamma function, as Apache Commons Math computes it, so that as many steps are taken as in Spark.
pub(super) fn digamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < 49.0 {
        if x > 0.0 && x <= 1e-5 {
            return -0.577_215_664_901_532_9 - 1.0 / x - below;
        }
        below += 1.0 / x;
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    libm::log(x) - 0.5 / x - inverse * (1.0 / 12.0 + inverse * (1.0 / 120.0 - inverse / 252.0)) - below
}

pub(super) fn trigamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < 49.0 {
        if x > 0.0 && x <= 1e-5 {
            return 1.0 / (x * x) + below;
        }
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    1.0 / x + inverse / 2.0 + inverse / x * (1.0 / 6.0 - inverse * (1.0 / 30.0 + inverse / 42.0)) + below
}

/// The expected logs of a vector of Dirichlet's distribution.
pub(super) fn expected_logs(alpha: &[f64]) -> Vec<f64> {
    let whole = digamma(alpha.iter().sum());
    alpha.iter().map(|a| digamma(*a) - whole).collect()
}

/// The expected logs of the topics' words, word after word, of the topics' parameters, topic after topic.
pub(super) fn word_logs(lambda: &[f64], topics: usize) -> Vec<f64> {
    let words = lambda.len() / topics;
    let mut logs = vec![0.0; lambda.len()];
    for (topic, parameters) in lambda.chunks_exact(words).enumerate() {
        expected_logs(parameters).into_iter().enumerate().for_each(|(word, log)| logs[word * topics + topic] = log);
    }
    logs
}

/// The document's parameters over topics and, when `statistics` is given, each topic's share of each word added to it, topic after topic.
///
/// `words` has the exponents of the expected logs of the topics' words, word after word.
pub(super) fn infer(row: VectorRef<'_>, words: &[f64], alpha: &[f64], seed: i64, statistics: Option<&mut [f64]>) -> Vec<f64> {
    let topics = alpha.len();
    let mut random = Twister::new(seed);
    let mut gamma: Vec<f64> = (0..topics).map(|_| random.gamma(SHAPE)).collect();
    let exponents = |gamma: &[f64]| expected_logs(gamma).into_iter().map(libm::exp).collect::<Vec<f64>>();
    let mut theta = exponents(&gamma);
    let counts: Vec<(usize, f64)> = row.active().filter(|(_, count)| *count != 0.0).collect();
    let of_word = |word: usize| &words[word * topics..(word + 1) * topics];
    let norm = |word: usize, theta: &[f64]| of_word(word).iter().zip(theta).map(|(w, t)| w * t).sum::<f64>() + 1e-100;
    let mut change = 1.0;
    while change > 1e-3 {
        let mut next = vec![0.0; topics];
        for (word, count) in &counts {
            let share = count / norm(*word, &theta);
            next.iter_mut().zip(of_word(*word)).for_each(|(next, w)| *next += w * share);
        }
        next.iter_mut().zip(&theta).zip(alpha).for_each(|((next, theta), alpha)| *next = theta * *next + alpha);
        change = next.iter().zip(&gamma).map(|(a, b)| (a - b).abs()).sum::<f64>() / topics as f64;
        gamma = next;
        theta = exponents(&gamma);
    }
    if let Some(statistics) = statistics {
        let width = statistics.len() / topics;
        for (word, count) in &counts {
            let share = count / norm(*word, &theta);
            theta.iter().enumerate().for_each(|(topic, theta)| statistics[topic * width + word] += theta * share);
        }
    }
    gamma
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SciPy's `digamma` and `polygamma(1, x)`, as near as the series is.
    #[test]
    fn special_functions_are_near_scipys() {
        for (x, first, second) in
            [(0.1, -10.423_754_940_411_076, 101.433_299_150_792_75), (5.5, 1.611_093_148_581_751, 0.199_342_386_189_629_33)]
        {
            assert!((digamma(x) - first).abs() < 1e-8 && (trigamma(x) - second).abs() < 1e-8, "{x}: {} {}", digamma(x), trigamma(x));
        }
    }
}
