//! The executable: settings, then the server.

use std::process::ExitCode;
use vouch::server;
use vouch::server::config::{Cli, Command};

// Rendering a page is many small allocations: with glibc's allocator a third of the time on /login was spent in it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => return fail(&error),
    };
    let done = match cli.command.unwrap_or_default() {
        Command::Serve => server::run(cli.config).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("vouch: {error}");
    ExitCode::FAILURE
}
