//! What members see of the host: a name, colours, a logo, and links to the terms.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// Characters of a name; it stands beside the button that logs out, and in text messages.
const LONGEST_NAME: usize = 30;
/// Bytes of a logo, which every page loads.
const LARGEST_LOGO: usize = 64 * 1024;
/// The contrast of text (WCAG 2.2, success criterion 1.4.3).
const CONTRAST: f64 = 4.5;
/// The backgrounds of `style/main.css` on which a colour is hardest to read.
const LIGHT: Rgb = Rgb([0xf6, 0xf5, 0xf2]);
const DARK: Rgb = Rgb([0x1d, 0x22, 0x26]);
const WHITE: Rgb = Rgb([0xff, 0xff, 0xff]);
const BLACK: Rgb = Rgb([0, 0, 0]);

/// What members see of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    pub colors: Option<Colors>,
    pub logo: Option<Logo>,
    pub terms: Option<Link>,
    pub privacy: Option<Link>,
}

/// The name of the referral program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        let is_short = (1..=LONGEST_NAME).contains(&name.chars().count());
        let is_plain = !name.chars().any(|symbol| symbol.is_control() || "<>{}\"".contains(symbol));
        (is_short && is_plain).then(|| Self(name.to_owned())).ok_or("expected 1 to 30 characters")
    }
}

/// A colour of the screen: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rgb([u8; 3]);

impl Rgb {
    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast ratio, from 1 to 21 (WCAG 2.2).
    fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > other { one / other } else { other / one }
    }

    /// The colour of text on it.
    fn text(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }
}

impl FromStr for Rgb {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(())?;
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| ())?;
        bytes.try_into().map(Self).map_err(|_| ())
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The accent colour on light pages, and on dark ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colors {
    light: Rgb,
    dark: Rgb,
}

impl Colors {
    /// The variables of `style/main.css` that depend on them.
    pub fn css(self) -> String {
        let Self { light, dark } = self;
        let (on_light, on_dark) = (light.text(), dark.text());
        format!(
            ":root{{--accent:light-dark({light},{dark});--on-accent:light-dark({on_light},{on_dark});\
             --accent-soft:light-dark(color-mix(in oklab,{light} 12%,#fff),color-mix(in oklab,{dark} 22%,#1d2226))}}"
        )
    }
}

impl FromStr for Colors {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected two colours, for light and for dark pages, such as #0b6b5d,#62d2bd".to_owned();
        let (light, dark) = text.split_once(',').ok_or_else(expected)?;
        let (light, dark): (Rgb, Rgb) =
            (light.parse().map_err(|()| expected())?, dark.parse().map_err(|()| expected())?);
        for (color, ground, pages) in [(light, LIGHT, "light"), (dark, DARK, "dark")] {
            let contrast = color.contrast(ground);
            if contrast < CONTRAST {
                return Err(format!(
                    "{color} cannot be read on {pages} pages: its contrast is {contrast:.1}, and {CONTRAST} is needed"
                ));
            }
        }
        Ok(Self { light, dark })
    }
}

/// A picture that stands beside the name, as it was at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl FromStr for Logo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let media_type = match Path::new(text).extension().and_then(|ending| ending.to_str()) {
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            _ => return Err("expected a file that ends with .svg or .png".to_owned()),
        };
        let bytes = std::fs::read(text).map_err(|error| format!("{text} cannot be read: {error}"))?;
        if bytes.len() > LARGEST_LOGO {
            return Err(format!("{text} is too large: 64 KiB at most"));
        }
        Ok(Self { media_type, bytes })
    }
}

/// A link from every page, such as to the terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Link {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: axum::http::Uri = text.parse().map_err(|_| "expected an address such as https://example.org/terms")?;
        if uri.scheme_str() != Some("https") {
            return Err("expected an address that begins with https://");
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_that_cannot_be_read_are_refused_with_their_contrast() {
        let refusal = |text: &str| text.parse::<Colors>().unwrap_err();
        assert!(refusal("#ffcc00,#62d2bd").contains("#ffcc00 cannot be read on light pages: its contrast is 1."));
        assert!(refusal("#0b6b5d,#333333").contains("on dark pages"));
        for malformed in ["", "#0b6b5d", "red,blue", "#0b6b5d,#62d2b", "#0b6b5d;#62d2bd"] {
            assert!(refusal(malformed).contains("expected two colours"), "{malformed}");
        }
    }

    #[test]
    fn text_on_a_colour_is_the_one_that_can_be_read() {
        let css = "#0b6b5d,#62d2bd".parse::<Colors>().unwrap().css();
        assert!(css.contains("--on-accent:light-dark(#ffffff,#000000)"), "{css}");
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 0.001);
        assert!((Rgb([0x77, 0x77, 0x77]).contrast(WHITE) - 4.48).abs() < 0.01);
    }

    #[test]
    fn a_name_is_short_and_plain() {
        assert_eq!(" Клуб «Вишня» ".parse::<Name>().unwrap().as_str(), "Клуб «Вишня»");
        for bad in ["", "  ", "<b>x</b>", "a\nb", "{code}", &"x".repeat(31)] {
            assert!(bad.parse::<Name>().is_err(), "{bad:?}");
        }
    }
}
