//! The executable: settings, then the server.

use std::process::ExitCode;
use vouch::server::config::{Cli, Command};
use vouch::server::{self, admin_command, backup, demo};

// Rendering a page is many small allocations: with glibc's allocator a third of the time on /login was spent in it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => return fail(&error),
    };
    match cli.command.unwrap_or_default() {
        Command::Serve => end(server::run(cli.config).await),
        Command::Backup { file } => end(backup::run(&cli.config, &file).await),
        Command::Demo { members } => end(demo::run(&cli.config, members).await),
        Command::Admin { command } => end(admin_command::run(&cli.config, &command).await),
    }
}

fn end(done: Result<(), impl std::error::Error>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("vouch: {error}");
    ExitCode::FAILURE
}
