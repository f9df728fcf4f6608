import { defineConfig } from "@playwright/test";

// Attacks on the release executable over real sockets: `make attack`. None of them may succeed.
export default defineConfig({
  testDir: "attack",
  forbidOnly: true,
  workers: 1,
  reporter: [["list"], ["./attack/table.ts"]],
  timeout: 20 * 60_000,
});
