// The JSON API: its description, a client generated from it, and the commands in the README.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server } from "../server.ts";
import { expect, test } from "./fixtures.ts";

const folder = join(import.meta.dirname, "..");

function run(program: string, ...args: string[]): string {
  const path = `${join(folder, "node_modules/.bin")}:${process.env.PATH}`;
  const env = { ...process.env, PATH: path, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  return execFileSync(program, args, { cwd: folder, env, encoding: "utf8", stdio: "pipe" });
}

test("the description passes a linter", async ({ request }, testInfo) => {
  const file = testInfo.outputPath("openapi.yaml");
  const description = await request.get("/schema/");
  expect(description.headers()["content-type"]).toBe("application/yaml");
  writeFileSync(file, await description.body());
  run("redocly", "lint", "--config", "redocly.yaml", "--max-problems", "1000", file);
});

test("a client generated from the description compiles and works", async ({ request, server, phone, otherPhone }) => {
  const file = join(folder, "client/generated.json");
  writeFileSync(file, await (await request.get("/schema/", { headers: { accept: "application/json" } })).body());
  run("openapi-typescript", file, "--output", "client/generated.ts");
  run("tsc", "--project", "client");

  // Not a literal path: tsc checks this folder without the generated files.
  const { client } = await import(join(folder, "client/journey.ts"));
  const [inviter, invitee] = [client(server.url), client(server.url)];
  await inviter.logIn(phone);
  const { refresh } = await invitee.logIn(otherPhone);
  const code = (await inviter.profile()).invite_code;
  expect(await invitee.redeem("ABCDEFG")).toContain("six characters");
  expect(await invitee.redeem(code)).toBeUndefined();
  expect(await invitee.redeem(code)).toContain("already activated");
  expect((await inviter.profile()).invited_users).toEqual([otherPhone]);
  expect((await invitee.profile()).activated_foreign_invite_code).toBe(code);
  expect((await invitee.refresh(refresh))?.refresh).not.toBe(refresh);
  expect(await invitee.logOut()).toBe(204);
  await expect(invitee.profile()).rejects.toThrow("not valid or has expired");
});

test("the commands in the README work when they are pasted", async () => {
  const server = new Server();
  await server.start();
  const readme = readFileSync(join(folder, "../README.md"), "utf8");
  const lines = /```sh\n(api=.*?)```/s.exec(readme)![1].trim();
  expect(lines.split("\n").filter((line) => line.includes("curl"))).toHaveLength(4);
  const out = run("bash", "-euo", "pipefail", "-c", lines.replace("http://127.0.0.1:3000", server.url));
  await server.remove();
  expect(out).toContain('"phone_number":"+79123456789"');
  expect(out).toContain('"status":404');
});
