// How Chromium is started: the installed one, without the background requests that fail where there is no network.

import { execFileSync } from "node:child_process";

export const launchOptions = {
  executablePath: execFileSync(new URL("find-chromium.sh", import.meta.url).pathname, { encoding: "utf8" }).trim(),
  args: [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    // Chromium's sandbox refuses to run as root.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ],
};
