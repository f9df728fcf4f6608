// The database of a server under test: a file of SQLite, or a database of PostgreSQL.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Database = {
  /** With them a server finds it. */
  readonly settings: Record<string, string>;
  /** One value, read while servers run. */
  query(sql: string): string;
  /** Brings about what would take months otherwise, while servers run. */
  change(sql: string): void;
  /** "ok" if it is sound. */
  check(): string;
  drop(): void;
};

/** A file in a folder, which is deleted with the folder. */
export function sqlite(folder: string): Database {
  const file = join(folder, "vouch.db");
  const python = (script: string, sql: string) =>
    execFileSync("python3", ["-c", `import sqlite3,sys; file = sqlite3.connect(sys.argv[1], timeout=10); ${script}`, file, sql], { encoding: "utf8" }).trim();
  const query = (sql: string) => python("print(file.execute(sys.argv[2]).fetchone()[0])", sql);
  return {
    settings: { VOUCH_DATABASE_URL: `sqlite:${file}` },
    query,
    change: (sql) => void python("file.execute(sys.argv[2]); file.commit()", sql),
    check: () => query("PRAGMA integrity_check"),
    drop: () => {},
  };
}

const psql = (url: string, sql: string) =>
  execFileSync("psql", ["--no-psqlrc", "--tuples-only", "--no-align", url, "--command", sql], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

/** A new database on the PostgreSQL server for tests; see with-postgres.sh. */
export function postgres(server = process.env.VOUCH_TEST_POSTGRES): Database {
  if (!server) throw new Error("VOUCH_TEST_POSTGRES must name a PostgreSQL server; end2end/with-postgres.sh sets it");
  const name = `vouch_${randomBytes(8).toString("hex")}`;
  psql(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return {
    settings: { VOUCH_DATABASE_URL: url.href, VOUCH_SECRET: randomBytes(32).toString("hex") },
    query: (sql) => psql(url.href, sql),
    change: (sql) => void psql(url.href, sql),
    // The triggers count what the rows say.
    check: () =>
      psql(url.href, "SELECT CASE WHEN coalesce(sum(invitees), 0) = (SELECT count(*) FROM redemptions) THEN 'ok' ELSE 'counts differ' END FROM members"),
    drop: () => void psql(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

const SCRIPT = new URL("postgres.sh", import.meta.url).pathname;

/** A PostgreSQL server of a test's own, which it can stop and start. What it has acknowledged is on the disk. */
export class Cluster {
  private readonly folder = mkdtempSync(join(tmpdir(), "vouch-postgres-"));
  private process?: ChildProcess;

  async start(): Promise<void> {
    if (!this.process) execFileSync(SCRIPT, ["init", this.folder]);
    this.process = spawn(SCRIPT, ["run", this.folder], { stdio: ["ignore", "inherit", "inherit"] });
    for (;;) {
      try {
        psql(this.url, "SELECT 1");
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** SIGINT ends it in good order, SIGQUIT at once. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const gone = new Promise((resolve) => this.process!.once("exit", resolve));
    this.process!.kill(signal);
    await gone;
  }

  /** A new database in it. It goes with the cluster. */
  database(): Database {
    return { ...postgres(this.url), drop: () => {} };
  }

  async remove(): Promise<void> {
    await this.stop("SIGINT");
    rmSync(this.folder, { recursive: true });
  }

  private get url(): string {
    return `postgres://postgres@localhost/postgres?host=${this.folder}`;
  }
}
