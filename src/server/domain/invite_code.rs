//! Generating invite codes without rude words, and finding codes that are similar to a mistyped one.

use crate::model::invite_code::{ALPHABET, InviteCode, LENGTH};
use rand::{CryptoRng, RngExt};
use std::collections::HashSet;

/// All well-formed codes that differ from the typed text by one slip: one symbol replaced, missing or added, or two
/// neighbouring symbols swapped.
pub fn one_slip_from(typed: &str) -> HashSet<InviteCode> {
    let typed: Vec<char> = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if typed.len().abs_diff(LENGTH) > 1 {
        return HashSet::new();
    }
    let symbols = || ALPHABET.iter().map(|symbol| char::from(*symbol));
    let edited = |edit: &dyn Fn(&mut Vec<char>)| {
        let mut code = typed.clone();
        edit(&mut code);
        code.into_iter().collect::<String>().to_ascii_uppercase()
    };
    let mut found = Vec::new();
    for place in 0..typed.len() {
        found.push(edited(&|code| {
            code.remove(place);
        }));
        found.extend(symbols().map(|symbol| edited(&|code| code[place] = symbol)));
    }
    for place in 1..typed.len() {
        found.push(edited(&|code| code.swap(place - 1, place)));
    }
    for place in 0..=typed.len() {
        found.extend(symbols().map(|symbol| edited(&|code| code.insert(place, symbol))));
    }
    found.into_iter().filter_map(InviteCode::from_symbols).collect()
}

/// Codes drawn for one member before giving up. With a million members one draw in 900 collides.
pub const DRAWS: u32 = 16;

/// Rude words that the alphabet (without I, L, O, 0 and 1) can spell. Before comparing, digits are replaced by the
/// letters they resemble, see [`looks_like`].
const DENIED: &[&str] = &[
    "ANAZ", "ARSE", "ASS", "BDSM", "CRAP", "CUM", "CUNT", "DAMN", "DEAD", "DEATH", "DEBA", "DRUG", "DUMB", "EBAT",
    "FAG", "FART", "FCK", "FUC", "FUK", "GAY", "HATE", "HEB", "HER", "HUY", "JEW", "KKK", "MUDAK", "NAZ", "NEGR",
    "NGR", "PEDA", "PEDE", "PRN", "PUTA", "RAPE", "SEX", "SHAT", "SHT", "SUKA", "TRD", "TURD", "TWAT", "WANK", "XER",
    "XUY", "YEB",
];

/// Draws uniformly from the codes that contain no denied word.
pub fn generate(rng: &mut dyn CryptoRng) -> InviteCode {
    loop {
        let symbols = (0..LENGTH).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect();
        match InviteCode::from_symbols(symbols) {
            Some(code) if !is_denied(&code) => return code,
            _ => {}
        }
    }
}

fn is_denied(code: &InviteCode) -> bool {
    let read: String = code.as_str().chars().map(looks_like).collect();
    DENIED.iter().any(|word| read.contains(word))
}

fn looks_like(symbol: char) -> char {
    match symbol {
        '2' => 'Z',
        '3' => 'E',
        '4' => 'A',
        '5' => 'S',
        '6' | '9' => 'G',
        '7' => 'T',
        '8' => 'B',
        'V' => 'U',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use std::collections::HashMap;

    #[test]
    fn codes_are_well_formed_and_use_every_symbol_alike() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut seen: HashMap<char, u32> = HashMap::new();
        for _ in 0..31_000 {
            let code = generate(&mut rng);
            assert_eq!(InviteCode::parse(code.as_str()), Ok(code.clone()));
            code.as_str().chars().for_each(|symbol| *seen.entry(symbol).or_default() += 1);
        }
        assert_eq!(seen.len(), ALPHABET.len());
        // 6,000 of each are expected. The deny list reduces some letters a little; a biased draw would be far outside.
        assert!(seen.values().all(|count| (5_600..6_400).contains(count)), "{seen:?}");
    }

    #[test]
    fn a_slip_is_one_step_from_the_meant_code() {
        let meant = InviteCode::parse("KM7Q2P").unwrap();
        for typed in ["MK7Q2P", "km7q2x", "KM7Q2", "KM7Q22P", "KM7Q20", "km-7q 2o"] {
            assert!(one_slip_from(typed).contains(&meant), "{typed}");
        }
        for typed in ["", "MK7QP2", "KM7Q", "what is this?"] {
            assert!(!one_slip_from(typed).contains(&meant), "{typed}");
        }
    }

    #[test]
    fn rude_words_are_denied_in_any_spelling() {
        for code in ["FUCK23", "2FVCK2", "A55AAA", "XXS3XX", "N4Z222"] {
            assert!(is_denied(&InviteCode::parse(code).unwrap()), "{code}");
        }
        assert!(!is_denied(&InviteCode::parse("KM7Q2P").unwrap()));
    }
}
