import { defineConfig } from "@playwright/test";
import { PLACE } from "./server.ts";

// What an attack needs that not every place has.
const needs = { "postgres.spec.ts": PLACE !== "sqlite", "two-servers.spec.ts": PLACE === "two-servers" };

// Attacks on the release executable over real sockets: `make attack`. None of them may succeed.
export default defineConfig({
  testDir: "attack",
  testIgnore: Object.entries(needs).filter(([, isThere]) => !isThere).map(([file]) => file),
  forbidOnly: true,
  workers: 1,
  reporter: [["list"], ["./attack/table.ts"]],
  timeout: 20 * 60_000,
});
