//! The built files, inside the executable: stylesheet, wasm, its JavaScript glue, and what `public` holds.
//!
//! cargo-leptos builds, hashes and compresses them before it compiles the server. A build without them still serves
//! pages that work, but without JavaScript and styles.

use crate::model::page::{AppAssets, BrandAssets, PageAssets};
use crate::route;
use crate::server::settings::{Brand, Colors, PublicUrl, Rules};
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use rust_embed::{Embed, EmbeddedFile};
use std::sync::Arc;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/target/site"]
#[allow_missing = true]
struct Files;

/// The code of the admin pages, from a build of its own.
#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/target/site-admin/pkg"]
#[prefix = "pkg/"]
#[allow_missing = true]
struct AdminFiles;

/// Only admin pages load it. The build does not put a hash into its name, so the hash is the query.
const ADMIN_CSS: &str = "admin.css";

/// Finds the files that every page asks for, with their hashes.
pub fn page_assets(rules: &Rules, public_url: Option<&PublicUrl>) -> PageAssets {
    let admin_css = Files::get(ADMIN_CSS).map_or_else(String::new, |file| format!("?{}", hash(&file)));
    PageAssets {
        member: AppAssets { js: page_asset("vouch", "js"), wasm: page_asset("vouch", "wasm") },
        admin: AppAssets { js: page_asset("admin", "js"), wasm: page_asset("admin", "wasm") },
        css: page_asset("vouch", "css"),
        admin_css: format!("/{ADMIN_CSS}{admin_css}").into(),
        brand: brand_assets(&rules.brand),
        origin: public_url.map(|url| url.as_str().into()),
        is_for_trying_out: rules.is_simulated_in_public,
    }
}

fn brand_assets(brand: &Brand) -> BrandAssets {
    let colors = brand.colors.map(Colors::css);
    let icon = brand.logo.as_ref().map(|_| route::LOGO);
    let logo = icon.map(|path| format!(".brand::before{{background-image:url(\"{path}\")}}"));
    let style = [colors, logo].into_iter().flatten().collect::<String>();
    BrandAssets {
        style: (!style.is_empty()).then(|| style.into()),
        icon,
        terms: brand.terms.as_ref().map(|link| link.as_str().into()),
        privacy: brand.privacy.as_ref().map(|link| link.as_str().into()),
    }
}

/// `/pkg/NAME.HASH.EXTENSION`, or the name without a hash where the build made none.
fn page_asset(name: &str, extension: &str) -> Arc<str> {
    let found = Files::iter().chain(AdminFiles::iter()).find(|path| {
        let rest = path.strip_prefix("pkg/").and_then(|path| path.strip_prefix(name)?.strip_prefix('.'));
        rest.and_then(|rest| rest.strip_suffix(extension)).is_some_and(|hash| hash.is_empty() || hash.ends_with('.'))
    });
    found.map_or_else(|| format!("/pkg/{name}.{extension}"), |path| format!("/{path}")).into()
}

fn file(path: &str) -> Option<EmbeddedFile> {
    Files::get(path).or_else(|| AdminFiles::get(path))
}

/// Whether there is a file at this path.
pub fn exists(path: &str) -> bool {
    original(path).is_some()
}

fn original(path: &str) -> Option<EmbeddedFile> {
    let is_variant = path.rsplit_once('.').is_some_and(|(_, extension)| ["br", "gz"].contains(&extension));
    file(path.trim_start_matches('/')).filter(|_| !is_variant)
}

/// The file at this address, in the best encoding that the client accepts; `None` if there is none.
pub fn serve(uri: &Uri, request: &HeaderMap) -> Option<Response> {
    let path = uri.path().trim_start_matches('/');
    let original = original(path)?;
    let hash = hash(&original);
    let cache_control = cache_control(path, uri.query() == Some(&hash));
    let etag = format!("\"{hash}\"");
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Some(
            (StatusCode::NOT_MODIFIED, [(header::ETAG, etag), (header::CACHE_CONTROL, cache_control)]).into_response(),
        );
    }

    let content_type = original.metadata.mimetype().to_owned();
    let (file, encoding) = encoded(path, request).map_or((original, None), |(file, name)| (file, Some(name)));
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, cache_control),
        (header::ETAG, etag),
        (header::VARY, header::ACCEPT_ENCODING.to_string()),
    ];
    let encoding = encoding.map(|name| [(header::CONTENT_ENCODING, name)]);
    Some((headers, encoding, Body::from(file.data)).into_response())
}

fn encoded(path: &str, request: &HeaderMap) -> Option<(EmbeddedFile, &'static str)> {
    let accepted = request.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(name, _)| accepts(accepted, name))
        .find_map(|(name, suffix)| Some((file(&format!("{path}.{suffix}"))?, name)))
}

/// Whether an `Accept-Encoding` names this encoding and does not exclude it by `q=0`.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|item| {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let excluded = parameters.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(encoding) && !excluded
    })
}

/// An address with a hash never changes its content; the others may be a day old.
fn cache_control(path: &str, is_hash_given: bool) -> String {
    let is_hashed = path.starts_with("pkg/") && path.split('.').count() > 2;
    let value =
        if is_hashed || is_hash_given { "public, max-age=31536000, immutable" } else { "public, max-age=86400" };
    value.to_owned()
}

fn hash(file: &EmbeddedFile) -> String {
    HEXLOWER.encode(&file.metadata.sha256_hash()[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_when_named_and_not_excluded() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("BR;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "br"));
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(cache_control("pkg/vouch.pXWr1w.wasm", false).contains("immutable"));
        assert!(cache_control("admin.css", true).contains("immutable"));
        assert!(!cache_control("admin.css", false).contains("immutable"));
        assert!(!cache_control("pkg/vouch.wasm", false).contains("immutable"));
        assert!(!cache_control("icon.svg", false).contains("immutable"));
    }
}
