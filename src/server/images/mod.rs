//! Pictures that are drawn here: QR codes as SVG, and the card of a share link as PNG.

mod card;

pub use card::card;

use qrcode::QrCode;
use qrcode::render::svg;

/// The smallest width of a QR code, in pixels.
const QR_WIDTH: u32 = 240;

#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    #[error("a QR code could not be drawn: {0}")]
    Qr(#[from] qrcode::types::QrError),
    #[error("a card could not be drawn: {0}")]
    Card(String),
}

/// A QR code as SVG, for a file or inside HTML.
///
/// # Errors
/// When the text is too long.
pub fn qr_code(text: &str) -> Result<String, ImageError> {
    let image = QrCode::new(text)?.render::<svg::Color<'_>>().min_dimensions(QR_WIDTH, QR_WIDTH).build();
    // SVG inside HTML must not have an XML declaration, and a file need not.
    Ok(image.split_once("?>").map_or(image.clone(), |(_, svg)| svg.to_owned()))
}
