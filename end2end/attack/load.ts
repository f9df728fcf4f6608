// People who log in and redeem codes without pause, and what was promised to them.

import type { Server } from "../server.ts";
import { type Answer, authorize, bearer, call, getCode, newNetwork, phone, send } from "./attacker.ts";

export const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

/** A login whose answer has arrived, so that it may not be lost. */
export type Promised = { phone: string; code: string; invite: string; redeemed?: string; access: string };

/** Logs new people in, and lets them redeem codes, until the server has ended. */
export class Load {
  readonly promised: Promised[] = [];
  /** Codes that were entered without an answer: they may or may not have been used. */
  readonly unanswered: { phone: string; code: string }[] = [];
  readonly failures: Answer[] = [];
  /** Requests without an answer. */
  lost = 0;
  private numbers = 0;
  private running = true;
  readonly server: Server;
  /** Whether people go on after a request without an answer; otherwise they take the server to have ended. */
  private readonly goesOn: boolean;

  constructor(server: Server, goesOn = false) {
    this.server = server;
    this.goesOn = goesOn;
  }

  /** Eight at a time. */
  async run(): Promise<void> {
    this.running = true;
    await Promise.all(Array.from({ length: 8 }, () => this.work()));
  }

  /** Starts no further logins. */
  stop(): void {
    this.running = false;
  }

  private async work(): Promise<void> {
    while (this.running) {
      const number = phone(this.numbers++);
      let code: string | undefined;
      let promise: Promised | undefined;
      try {
        const sent = answered(await getCode(this.server, number, newNetwork()));
        if (sent.status >= 500) this.failures.push(sent);
        code = sent.json.code;
        if (!code) continue;
        const login = answered(await authorize(this.server, number, code, newNetwork()));
        if (login.status !== 200) {
          this.failures.push(login);
          continue;
        }
        promise = { phone: number, code, invite: "", access: login.json.access };
        this.promised.push(promise);
        const profile = answered(await send(this.server, "/profile/", { headers: bearer(promise.access) }));
        promise.invite = profile.json.invite_code ?? "";
        const inviter = this.promised.at(-20)?.invite;
        if (!inviter || inviter === promise.invite) continue;
        const redeemed = answered(await call(this.server, "/implement_invite/", { invite_code: inviter }, bearer(promise.access)));
        if (redeemed.status === 200) promise.redeemed = inviter;
        if (redeemed.status >= 500) this.failures.push(redeemed);
      } catch {
        this.lost++;
        if (code && !promise) this.unanswered.push({ phone: number, code });
        if (!this.goesOn) return;
      }
    }
  }
}

/** An answer of the server. That of a proxy whose server has ended is none; those of the server say when to try again. */
function answered(answer: Answer): Answer {
  const isOfProxy = [502, 503, 504].includes(answer.status) && !answer.headers.has("retry-after");
  if (isOfProxy) throw new Error("the server has ended");
  return answer;
}

/** What the server acknowledged and does not keep, as sentences. */
export async function broken(server: Server, promised: Promised[], unanswered: { phone: string; code: string }[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const { phone, code, invite, redeemed, access } of promised) {
    const profile = await send(server, "/profile/", { headers: bearer(access) });
    if (profile.status !== 200) complaints.push(`${phone} no longer exists`);
    if (invite && profile.json.invite_code !== invite) complaints.push(`${phone} has another code`);
    if (redeemed && profile.json.activated_foreign_invite_code !== redeemed) complaints.push(`${phone} has redeemed nothing`);
    if ((await authorize(server, phone, code, newNetwork())).status === 200) complaints.push(`the code of ${phone} works twice`);
  }
  for (const { phone, code } of unanswered) {
    const uses = [await authorize(server, phone, code, newNetwork()), await authorize(server, phone, code, newNetwork())];
    if (uses.filter(({ status }) => status === 200).length > 1) complaints.push(`the unanswered code of ${phone} works twice`);
  }
  const check = server.database.check();
  if (check !== "ok") complaints.push(`the database: ${check}`);
  return complaints;
}
