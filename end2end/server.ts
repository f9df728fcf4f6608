// Runs the release executable on free ports: one server, or two behind a proxy, as VOUCH_TEST_PLACE says.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, postgres, sqlite } from "./database.ts";

/** On a file of SQLite, on PostgreSQL, or on two servers that share a database of PostgreSQL and take requests in turn. */
export const PLACE = (process.env.VOUCH_TEST_PLACE ?? "sqlite") as "sqlite" | "postgres" | "two-servers";

/** Where one process is, for tests of what a proxy does not let through. */
export const ALONE = PLACE === "two-servers" ? "postgres" : PLACE;

/** One process. */
class Process {
  /** Its own address, whatever is in front of it. */
  url = "";
  child?: ChildProcess;

  /** Starts it, on the same port as before if it has run before. */
  async start(command: string[], cwd: string, settings: Record<string, string>, hear: (from: "out" | "log", data: string) => void): Promise<void> {
    const env = { ...process.env, VOUCH_SMS_DELAY_MS: "20-40", ...settings, VOUCH_LISTEN: this.url ? new URL(this.url).host : "127.0.0.1:0" };
    // They are for the tests, and not for the server.
    for (const name of Object.keys(env)) if (name === "VOUCH" || name.startsWith("VOUCH_TEST_")) delete (env as Record<string, string | undefined>)[name];
    const child = spawn(command[0], command.slice(1), { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    let output = "";
    child.stderr.on("data", (data) => {
      output += data;
      hear("log", String(data));
    });
    this.url = await new Promise((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`vouch ended with ${code}:\n${output}`)));
      child.stdout.on("data", (data) => {
        output += data;
        hear("out", String(data));
        const found = /Vouch is at (\S+)/.exec(output);
        if (found) resolve(settings.VOUCH_PUBLIC_URL ? this.url : found[1]);
      });
    });
  }

  /** Ends it by a signal and waits for its end; returns its exit code, or null if it was killed. */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    const running = this.child;
    if (!running || running.exitCode !== null || running.signalCode !== null) return running?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => running.once("exit", resolve));
    running.kill(signal);
    return gone;
  }
}

/** Settings by which a server tells a URL on this machine what happens to members. */
export function webhooksTo(url: string): Record<string, string> {
  return { VOUCH_WEBHOOKS: url, VOUCH_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", VOUCH_WEBHOOK_PRIVATE: "on" };
}

export class Server {
  /** Everything it has printed and logged since its first start. */
  output = "";
  /** The log alone. */
  log = "";
  /** Its working directory. */
  readonly folder = mkdtempSync(join(tmpdir(), "vouch-"));
  /** Settings for the next start. */
  readonly settings: Record<string, string>;
  readonly database: Database;
  /** The processes, one or two. */
  readonly processes: Process[];
  private proxy?: ChildProcess;
  private proxyUrl = "";
  /** What the next start runs. */
  executable = process.env.VOUCH;
  /** A command with its arguments, to which the executable is appended. */
  private readonly wrapper: string[];

  /** `place` is where the tests run, unless a test is about one of the places. */
  constructor(settings: Record<string, string> = {}, wrapper: string[] = [], place = PLACE, database?: Database) {
    this.database = database ?? (place === "sqlite" ? sqlite(this.folder) : postgres());
    this.processes = Array.from({ length: place === "two-servers" ? 2 : 1 }, () => new Process());
    this.settings = { ...this.database.settings, ...settings };
    if (this.isBehindProxy) {
      this.settings.VOUCH_TRUSTED_HOPS = String(Number(settings.VOUCH_TRUSTED_HOPS ?? 0) + 1);
      this.settings.VOUCH_DRAIN_DELAY ??= "1200ms";
    }
    this.wrapper = wrapper;
  }

  /** Its address for visitors. */
  get url(): string {
    return this.isBehindProxy ? this.proxyUrl : this.processes[0].url;
  }

  /** The id of its process, while it runs. */
  get pid(): number {
    return this.processes[0].child!.pid!;
  }

  private get isBehindProxy(): boolean {
    return this.processes.length > 1;
  }

  /** Starts it, on the same ports as before if it has run before. */
  async start(): Promise<void> {
    for (const process of this.processes) await this.startOne(process);
    if (this.isBehindProxy) await this.startProxy();
  }

  async startOne(one: Process): Promise<void> {
    if (!this.executable) throw new Error("VOUCH and, for upgrades, VOUCH_TEST_BEFORE must name executables; the Makefile sets them");
    await one.start([...this.wrapper, this.executable], this.folder, this.settings, (from, data) => {
      this.output += data;
      if (from === "log") this.log += data;
    });
  }

  /** Runs one of its commands on its data, such as `admin grant PHONE`; returns what it printed. */
  command(...args: string[]): string {
    const settings = { ...process.env, ...this.settings } as Record<string, string | undefined>;
    delete settings.VOUCH;
    const done = spawnSync(process.env.VOUCH!, args, { cwd: this.folder, env: settings, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`vouch ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
  }

  /** Ends it by a signal and waits for its end; returns its exit code, or null if it was killed. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const codes = await Promise.all(this.processes.map((one) => one.stop(signal)));
    return codes.find((code) => code !== 0) ?? codes[0];
  }

  /** Ends it and deletes its data. */
  async remove(): Promise<void> {
    await this.stop();
    this.proxy?.kill();
    this.database.drop();
    rmSync(this.folder, { recursive: true });
  }

  /** Starts the proxy once, and waits until it has found the servers. */
  private async startProxy(): Promise<void> {
    if (!this.proxy) {
      const host = `127.0.0.1:${await freePort()}`;
      const [one, two] = this.processes.map(({ url }) => new URL(url).host);
      const env = { ...process.env, VOUCH_PROXY: host, VOUCH_ONE: one, VOUCH_TWO: two };
      const configuration = new URL("../docs/haproxy.cfg", import.meta.url).pathname;
      this.proxy = spawn("haproxy", ["-db", "-f", configuration], { env, stdio: ["ignore", "ignore", "pipe"] });
      this.proxy.stderr?.on("data", (data) => (this.output += data));
      this.proxyUrl = `http://${host}`;
    }
    // Each server is found once for each of its turns.
    for (let found = 0; found < 4; ) {
      const answer = await fetch(`${this.proxyUrl}/readyz`).catch(() => undefined);
      found = answer?.ok ? found + 1 : 0;
      if (!found) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
