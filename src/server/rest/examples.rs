//! Examples in the description that depend on the settings of the host.

use crate::server::http::problem::Problem;
use serde::Serialize;
use std::time::Duration;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, RefOr};

/// The example of an answer; nothing where a call has no such answer.
pub fn set(call: &mut Operation, status: &str, example: impl Serialize) {
    if let Some(content) = content(call, status) {
        content.example = serde_json::to_value(example).ok();
    }
}

/// The examples of an answer: the name, the summary and the value of each.
pub fn set_all<const N: usize>(call: &mut Operation, status: &str, examples: [(&str, &str, Problem); N]) {
    let Some(content) = content(call, status) else { return };
    for (name, summary, problem) in examples {
        let example = ExampleBuilder::new().summary(summary).value(serde_json::to_value(problem).ok()).build();
        content.examples.insert(name.to_owned(), example.into());
    }
}

/// Whole seconds.
pub fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}

fn content<'a>(call: &'a mut Operation, status: &str) -> Option<&'a mut Content> {
    let Some(RefOr::T(answer)) = call.responses.responses.get_mut(status) else { return None };
    match answer.content.values_mut().next() {
        Some(RefOr::T(content)) => Some(content),
        _ => None,
    }
}
