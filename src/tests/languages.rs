//! The language of pages, answers and messages.

use super::*;
use crate::model::language::Language;
use axum::http::{Request, header};
use serde_json::json;

const PHONE: &str = "+79123456780";

async fn login_page(app: &TestApp, accepted: &str) -> Answer {
    let request = Request::get("/login").header(header::ACCEPT, "text/html").header(header::ACCEPT_LANGUAGE, accepted);
    app.browser().send(request).await
}

#[tokio::test]
async fn a_page_is_in_the_language_that_the_browser_accepts() {
    let app = TestApp::new().await;
    for (accepted, root, heading) in [
        ("ru-RU,ru;q=0.9,en;q=0.8", r#"<html lang="ru" dir="ltr""#, "Вход по номеру телефона"),
        ("ar,en;q=0.5", r#"<html lang="ar" dir="rtl""#, "سجّل الدخول"),
        ("de,en;q=0.5", r#"<html lang="en" dir="ltr""#, "Log in"),
        ("de", r#"<html lang="en" dir="ltr""#, "Log in"),
    ] {
        // Twice, because the page is kept after the first time.
        for _ in 0..2 {
            let page = login_page(&app, accepted).await;
            assert!(page.body.contains(root) && page.body.contains(heading), "{accepted}: {}", page.body);
            assert_eq!(page.headers[header::CONTENT_LANGUAGE], root[12..14]);
            let mut vary = page.headers.get_all(header::VARY).iter();
            assert!(vary.any(|names| names.as_bytes().starts_with(b"accept-language")));
        }
    }
}

/// Search engines take only whole addresses, and the one in the request could be anybody's.
#[tokio::test]
async fn pages_for_search_engines_name_those_in_other_languages_where_the_address_is_known() {
    let app = TestApp::new().await;
    let public = app.browser_at("https://vouch.example");
    for path in ["/", "/login"] {
        let page = public.get(path).await.body;
        for language in ["en", "ru", "ar"] {
            let address = format!("https://vouch.example{path}?language={language}");
            assert!(page.contains(&format!(r#"hreflang="{language}" href="{address}""#)), "{page}");
        }
        assert!(!app.browser().get(path).await.body.contains("hreflang"));
    }
}

#[tokio::test]
async fn a_country_can_be_chosen_by_its_name_and_the_likely_one_is_chosen_before() {
    let app = TestApp::new().await;
    for (accepted, chosen) in [
        ("en-GB,en;q=0.9", r#"<option value="GB" selected>United Kingdom +44</option>"#),
        ("de-DE,ru;q=0.9", r#"<option value="DE" selected>Германия +49</option>"#),
        ("en-US,en;q=0.9", r#"<option value="RU" selected>Russia +7</option>"#),
        ("en-GB,en;q=0.9", r#"<option value="GB" selected>United Kingdom +44</option>"#),
        // The plus stays in front of the number, although the text runs to the left.
        ("ar", "<option value=\"RU\" selected>روسيا \u{2066}+7\u{2069}</option>"),
    ] {
        let page = login_page(&app, accepted).await.body;
        assert!(page.contains(chosen), "{accepted}: {page}");
        assert_eq!(page.matches(" selected").count(), 1);
        assert!(page.contains(r#"<option value="FR">"#));
    }
}

#[tokio::test]
async fn a_number_without_plus_is_of_the_chosen_country_and_the_choice_is_kept_after_a_refusal() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let typed = |number| [("phone_number", number), ("country", "GB")];
    browser.submit("/login", "/api/login/request_code", &typed("12")).await;
    assert!(browser.get("/login").await.body.contains(r#"<option value="GB" selected>"#));
    browser.submit("/login", "/api/login/request_code", &typed("07400 123456")).await;
    assert!(browser.get("/login/code").await.body.contains("+44 7400 123456"));
}

#[tokio::test]
async fn there_is_no_choice_where_messages_are_sent_to_one_country() {
    let only = crate::server::settings::Countries::Only(vec!["RU".parse().unwrap()]);
    let app = TestApp::with_rules(|rules| rules.countries = only).await;
    assert!(!login_page(&app, "en-GB").await.body.contains("<select"));
}

#[tokio::test]
async fn whoever_chooses_a_language_keeps_it_in_this_browser() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let answer = browser.submit("/login?next=/profile", "/language", &[("language", "ru")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/login?next=/profile"));
    assert!(browser.get("/login").await.body.contains(r#"lang="ru""#));
    // An unknown language changes nothing.
    assert_eq!(browser.submit("/login", "/language", &[("language", "xx")]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/login").await.body.contains(r#"lang="ru""#));
    // A link can choose one, too.
    assert!(browser.get("/login?language=ar").await.body.contains(r#"lang="ar""#));
    assert!(browser.get("/login").await.body.contains(r#"lang="ar""#));
    // A choice on the page behind that link comes after it.
    let answer = browser.submit("/login?language=ar&next=/profile", "/language", &[("language", "ru")]).await;
    assert_eq!(answer.location(), "/login?next=/profile");
}

/// The tokens of the header Vary.
fn varies_by(answer: &Answer) -> String {
    let vary = answer.headers.get_all(header::VARY).iter().map(|names| names.to_str().unwrap().to_lowercase());
    vary.collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn the_documentation_is_in_english_and_in_russian() {
    let api = Api::new().await;
    for (accepted, language, other, text) in [
        ("ru", "ru", "English", "Для этой страницы нужен JavaScript"),
        ("en", "en", "Русский", "This page needs JavaScript"),
        ("ar", "en", "Русский", "This page needs JavaScript"),
    ] {
        let page = api.get_with("/doc/", &[("accept-language", accepted)]).await;
        for part in [&format!(r#"<html lang="{language}">"#), text, &format!(">{other}</button>")] {
            assert!(page.body.contains(part), "{accepted}: {part}");
        }
        assert!(!page.body.contains("{{"), "{accepted}");
        assert_eq!(page.headers[header::CONTENT_LANGUAGE], language);
        assert!(varies_by(&page).contains("accept-language"));
    }
}

#[tokio::test]
async fn the_description_is_in_english_unless_russian_is_asked_for() {
    let api = Api::new().await;
    for (path, headers, language, text) in [
        ("/schema/", &[][..], "en", "Send a login code"),
        ("/schema/", &[("accept-language", "ru")], "ru", "Отправить код входа"),
        ("/schema/?format=json", &[("accept-language", "ru")], "ru", "Отправить код входа"),
        ("/schema/?language=ru", &[("accept-language", "en")], "ru", "Отправить код входа"),
        ("/schema/", &[("cookie", "vouch-language=ru")], "ru", "Отправить код входа"),
        ("/schema/", &[("accept-language", "ar")], "en", "Send a login code"),
        ("/schema/", &[], "en", "Send a login code"),
    ] {
        let answer = api.get_with(path, headers).await;
        assert!(answer.body.contains(text), "{path} {headers:?}");
        assert_eq!(answer.headers[header::CONTENT_LANGUAGE], language);
        let vary = varies_by(&answer);
        assert!(["accept", "accept-language", "cookie"].iter().all(|name| vary.split(", ").any(|each| each == *name)));
    }
}

#[tokio::test]
async fn the_numbers_and_examples_in_the_russian_description_are_russian() {
    let api = Api::new().await;
    let yaml = api.get("/schema/?language=ru").await.body;
    for text in
        ["Отправляет код из 4–8 цифр", "действует один раз и 10 минут", "5 за 1 час и 8 за 1 день", "через 1 минуту"]
    {
        assert!(yaml.contains(text), "{text}");
    }
    assert!(yaml.contains("detail: Введите номер телефона."));
    assert!(yaml.contains("16 КиБ") && !yaml.contains(" KiB"));
}

#[tokio::test]
async fn forms_are_refused_in_the_language_of_the_page() {
    let app = TestApp::new().await;
    let refused = "Введите номер телефона.";
    let browser = app.browser();
    browser.submit("/login", "/language", &[("language", "ru")]).await;
    browser.request_code("").await;
    assert!(browser.get("/login").await.body.contains(refused));
    assert_eq!(browser.with_scripting().request_code("").await.refusal(), refused);
}

#[tokio::test]
async fn the_api_refuses_in_the_language_that_the_client_accepts() {
    let api = Api::new().await;
    let russian = [("accept-language", "ru")];
    let refused = api.post_with("/get_code/", json!({"phone_number": ""}), &russian).await;
    assert_eq!(refused.problem(400)["phone_number"], json!(["Введите номер телефона."]));
    assert_eq!(refused.headers[header::CONTENT_LANGUAGE], "ru");
    let refused = api.get_with("/profile/", &russian).await;
    assert!(refused.problem(401)["detail"].as_str().unwrap().contains("токен"));
}

#[tokio::test]
async fn a_member_gets_messages_in_the_language_they_chose_on_any_device() {
    let app = TestApp::new().await;
    let (first, second) = (app.browser(), app.browser());
    first.submit("/login", "/language", &[("language", "ru")]).await;
    first.log_in(PHONE).await;
    second.request_code(PHONE).await;
    assert!(second.get("/login/code").await.body.contains("Никому не говорите"), "the member's language");

    first.submit("/profile", "/language", &[("language", "en")]).await;
    app.clock.advance(Duration::from_hours(1));
    let third = app.browser();
    third.submit("/login", "/language", &[("language", "ru")]).await;
    third.request_code(PHONE).await;
    let page = third.get("/login/code").await.body;
    assert!(page.contains("Do not share it") && page.contains(r#"lang="ru""#), "{page}");
    // Whoever is no member yet gets them in the language of the page.
    third.request_code("+79123456781").await;
    assert!(third.get("/login/code").await.body.contains("Никому не говорите"));
}

#[test]
fn every_language_is_named_by_its_speakers_and_read_back_from_its_tag() {
    for language in <Language as strum::VariantArray>::VARIANTS {
        assert_eq!(language.tag().parse(), Ok(*language));
        assert!(!language.own_name().is_empty());
    }
}
