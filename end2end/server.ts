// Runs the release executable with a database in a temporary folder, on a free port.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Server {
  /** Its address. */
  url = "";
  /** Everything it has printed and logged since its first start. */
  output = "";
  /** The log alone. */
  log = "";
  private process?: ChildProcess;
  /** Its working directory, with its data. */
  readonly folder = mkdtempSync(join(tmpdir(), "vouch-"));
  /** Settings for the next start. */
  readonly settings: Record<string, string>;
  /** A command with its arguments, to which the executable is appended. */
  private readonly wrapper: string[];

  constructor(settings: Record<string, string> = {}, wrapper: string[] = []) {
    this.settings = settings;
    this.wrapper = wrapper;
  }

  /** The process id, while it runs. */
  get pid(): number {
    return this.process!.pid!;
  }

  /** Starts it, on the same port as before if it has run before. */
  async start(): Promise<void> {
    const executable = process.env.VOUCH;
    if (!executable) throw new Error("VOUCH must name the executable; `make test-end2end` sets it");
    const env = { ...process.env, VOUCH_SMS_DELAY_MS: "20-40", ...this.settings, VOUCH_LISTEN: this.listen() };
    delete (env as Record<string, string | undefined>).VOUCH;
    const [command, ...args] = [...this.wrapper, executable];
    this.process = spawn(command, args, { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    this.process.stderr?.on("data", (data) => {
      this.output += data;
      this.log += data;
    });
    this.url = await new Promise((resolve, reject) => {
      this.process?.once("exit", (code) => reject(new Error(`vouch ended with ${code}:\n${this.output}`)));
      this.process?.stdout?.on("data", (data) => {
        this.output += data;
        const found = /Vouch is at (\S+)/.exec(this.output.slice(this.output.lastIndexOf("Vouch is at")));
        if (found) resolve(found[1]);
      });
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
    const running = this.process;
    if (!running || running.exitCode !== null) return running?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => running.once("exit", resolve));
    running.kill(signal);
    return gone;
  }

  /** Ends it and deletes its data. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  private listen(): string {
    return this.url ? new URL(this.url).host : "127.0.0.1:0";
  }
}
