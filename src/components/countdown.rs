//! A countdown in seconds.

use leptos::prelude::*;
use std::time::Duration;

/// The seconds left, counting down from `seconds` in the browser. It does not change on the server and without
/// JavaScript.
pub fn seconds_left(seconds: u32) -> ReadSignal<u32> {
    let (left, set_left) = signal(seconds);
    // Computed from the clock, because timers of background pages fire late.
    Effect::new(move |_| {
        let Some(clock) = window().performance() else { return };
        let end = clock.now() + f64::from(seconds) * 1000.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
        let tick = move || set_left.set(((end - clock.now()) / 1000.0).ceil() as u32);
        if let Ok(ticking) = set_interval_with_handle(tick, Duration::from_millis(500)) {
            on_cleanup(move || ticking.clear());
        }
    });
    left
}
