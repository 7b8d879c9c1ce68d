//! The browser demo: files that were embedded when the server was built. What they show is in `web-demo`.

use crate::http::Endpoint;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue};
use warp::path::FullPath;
use warp::reply::Response;
use warp::{Filter, Rejection};

/// Name and content of each file of `web-demo/dist`; empty where it was not built.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The routes that they are at.
pub(super) const PATTERNS: [&str; 5] =
    ["/", "/index.html", "/sw.js", "/icon.svg", "/assets/{name}"];

const START: &str = "index.html";

/// What stands at `/` in a server that was built without the demo.
const NOT_BUILT: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Frontrow</title>\
    <h1>Frontrow</h1><p>This server was built without the browser demo. \
    <code>cargo xtask demo</code> builds both and starts them.</p><p>The API is at <code>/v1</code>.</p>";

/// Everything comes from this server; nothing is inline, and nobody may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Page {
    name: &'static str,
    content: &'static [u8],
}

/// `GET /` and the files that it needs
pub(super) fn pages() -> Endpoint {
    warp::path::full()
        .and_then(async |path: FullPath| page_at(path.as_str()).ok_or_else(warp::reject::not_found))
        .and(warp::get())
        .and_then(async |page: Page| Ok::<_, Rejection>(answer(page)))
        .boxed()
}

/// What is at a path. Only what was built is found, so nothing of the file system can be asked for.
fn page_at(path: &str) -> Option<Page> {
    let name = path.strip_prefix('/')?;
    let name = if name.is_empty() { START } else { name };
    let embedded = FILES.iter().find(|(known, _)| *known == name);
    match embedded {
        Some((name, content)) => Some(Page { name, content }),
        None if name == START => Some(Page { name: START, content: NOT_BUILT.as_bytes() }),
        None => None,
    }
}

fn answer(page: Page) -> Response {
    let mut response = Response::new(page.content.into());
    // Names below `assets/` carry a hash of what is in them.
    let cache = if page.name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers: [(HeaderName, &'static str); 5] = [
        (CONTENT_TYPE, content_type(page.name)),
        (CACHE_CONTROL, cache),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{ROUTES, route_of};

    #[test]
    fn the_start_page_is_always_there_and_never_kept() {
        let page = page_at("/").expect("there is a start page");
        let response = answer(page);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-cache");
        assert!(response.headers().contains_key(CONTENT_SECURITY_POLICY));
    }

    #[test]
    fn every_embedded_file_is_found_as_what_it_is_and_named_in_the_routes() {
        for (name, content) in FILES {
            let path = format!("/{name}");
            assert_eq!(page_at(&path), Some(Page { name, content }), "{name}");
            assert_ne!(content_type(name), "application/octet-stream", "{name}");
            assert!(route_of(ROUTES, &path).is_some(), "{name}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_good() {
        let cache = |name| answer(Page { name, content: b"" }).headers()[CACHE_CONTROL].clone();
        assert!(
            cache("assets/index-1a2b.js").to_str().is_ok_and(|told| told.contains("immutable"))
        );
        assert_eq!(cache("sw.js"), "no-cache");
    }

    #[test]
    fn nothing_else_is_found() {
        for path in ["/v1", "/assets", "/assets/", "/../Cargo.toml", "/assets/%2e%2e/index.html"] {
            assert_eq!(page_at(path), None, "{path}");
        }
    }
}
