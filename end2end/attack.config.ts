import { defineConfig } from "@playwright/test";

// Attacks on the release executable over real sockets, none of which may succeed: `make attack`.
export default defineConfig({
  testDir: "attack",
  forbidOnly: true,
  workers: 1,
  reporter: [["list"], ["./attack/table.ts"]],
  timeout: 20 * 60_000,
});
