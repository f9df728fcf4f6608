//! The card of a share link: the mark, the name and the code, in the size that messengers expect (ogp.me).
//!
//! `card.ttf` holds the letters that are needed: DejaVu Sans Bold, whose licence is that of Bitstream Vera, in `card.LICENSE`.

use super::ImageError;
use tiny_skia::{Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};
use ttf_parser::{Face, OutlineBuilder};

const WIDTH: u16 = 1200;
const HEIGHT: u16 = 630;
const FONT: &[u8] = include_bytes!("card.ttf");

/// The accent of `style/main.css`.
const GROUND: [u8; 3] = [0x0b, 0x6b, 0x5d];
/// Height of a line of the name and of the code, in pixels.
const NAME: f32 = 72.0;
const CODE: f32 = 190.0;

/// Draws the card of a code, as PNG.
///
/// # Errors
/// When the font cannot be read, or the picture not be encoded: a test rules both out.
pub fn card(code: &str) -> Result<Vec<u8>, ImageError> {
    let face = Face::parse(FONT, 0).map_err(|error| ImageError::Card(error.to_string()))?;
    let size = || ImageError::Card("its size".to_owned());
    let mut card = Pixmap::new(WIDTH.into(), HEIGHT.into()).ok_or_else(size)?;
    let [red, green, blue] = GROUND;
    card.fill(Color::from_rgba8(red, green, blue, 255));
    draw_mark(&mut card);
    draw(&mut card, &line(&face, "Vouch", NAME), 540.0, 215.0, 255);
    let (code, width) = line(&face, code, CODE);
    let left = (f32::from(WIDTH) - width) / 2.0;
    draw(&mut card, &(code, width), left, 460.0, 255);
    card.encode_png().map_err(|error| ImageError::Card(error.to_string()))
}

/// A check mark, as in `public/icon.svg`.
fn draw_mark(card: &mut Pixmap) {
    let mut mark = PathBuilder::new();
    mark.move_to(17.0, 33.0);
    mark.line_to(28.0, 45.0);
    mark.line_to(48.0, 20.0);
    let stroke = Stroke { width: 7.0, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    if let Some(mark) = mark.finish() {
        card.stroke_path(
            &mark,
            &white(255),
            &stroke,
            Transform::from_scale(2.2, 2.2).post_translate(400.0, 115.0),
            None,
        );
    }
}

fn white(opacity: u8) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(255, 255, 255, opacity);
    paint
}

fn draw(card: &mut Pixmap, (line, _): &(Option<Path>, f32), left: f32, baseline: f32, opacity: u8) {
    if let Some(line) = line {
        card.fill_path(line, &white(opacity), FillRule::Winding, Transform::from_translate(left, baseline), None);
    }
}

/// The outlines of a line of this height, from its baseline, and its width.
fn line(face: &Face<'_>, text: &str, height: f32) -> (Option<Path>, f32) {
    let scale = height / f32::from(face.units_per_em());
    let mut pen = Pen { outlines: PathBuilder::new(), left: 0.0, scale };
    for glyph in text.chars().filter_map(|symbol| face.glyph_index(symbol)) {
        face.outline_glyph(glyph, &mut pen);
        pen.left += f32::from(face.glyph_hor_advance(glyph).unwrap_or_default()) * scale;
    }
    let width = pen.left;
    (pen.outlines.finish(), width)
}

/// Takes the outlines of a font, in which up is positive.
struct Pen {
    outlines: PathBuilder,
    left: f32,
    scale: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.left + x * self.scale, -y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.outlines.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.outlines.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.outlines.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.outlines.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.outlines.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::invite_code::ALPHABET;

    #[test]
    fn a_card_is_a_picture_of_the_size_that_messengers_expect() {
        let png = card("8KCT2Q").unwrap();
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((number(16), number(20)), (1200, 630));
        if let Ok(file) = std::env::var("WRITE_CARD") {
            std::fs::write(file, &png).unwrap();
        }
    }

    #[test]
    fn the_font_has_every_symbol_of_a_code() {
        let face = Face::parse(FONT, 0).unwrap();
        for symbol in ALPHABET.iter().copied().map(char::from).chain("Vouch".chars()) {
            assert!(face.glyph_index(symbol).is_some(), "{symbol}");
        }
    }

    #[test]
    fn different_codes_have_different_cards() {
        assert_ne!(card("AAAAAA").unwrap(), card("AAAAAB").unwrap());
    }
}
