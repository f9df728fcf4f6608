import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.ts";

// Pictures for looking at, not for comparing: `make screenshots` puts them in test-results/screenshots.
export default defineConfig({
  testDir: "screenshots",
  reporter: "list",
  workers: 2,
  fullyParallel: true,
  use: { launchOptions, deviceScaleFactor: 2 },
});
