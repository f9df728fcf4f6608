import { defineConfig } from "@playwright/test";

// How pages load on a slow phone: `make bench-page`. docs/performance.md explains it.
export default defineConfig({
  testDir: "bench",
  forbidOnly: true,
  workers: 1,
  reporter: "line",
  timeout: 10 * 60_000,
});
