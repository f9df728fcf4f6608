// Connections that are idle or slow, and requests that are too large.

import { connect, type Socket } from "node:net";
import { ALONE, type Server } from "../server.ts";
import { call, expect, found, send, test, amount } from "./attacker.ts";

/** Milliseconds within which everybody else must be answered meanwhile. */
const MOST_MILLIS = 2_000;

function open(server: Server, first = ""): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.removeListener("error", reject);
      // The server is expected to close it.
      socket.on("error", () => {});
      if (first) socket.write(first);
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

/** All that the server sends until it closes the connection. */
function answered(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (data) => (text += data));
    // The server closes the first ones while the last ones are opened.
    if (socket.closed) resolve(text);
    socket.on("close", () => resolve(text));
  });
}

test("8 · slow and idle connections, requests that are too large", async ({ serve }) => {
  const server = await serve({ VOUCH_BODY_TIMEOUT: "4s", VOUCH_IDLE_TIMEOUT: "4s" }, [], ALONE);
  const slowest = { millis: 0, answers: 0 };
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const begun = Date.now();
      const { status } = await send(server, "/login", { headers: { accept: "text/html" } });
      expect(status).toBe(200);
      slowest.millis = Math.max(slowest.millis, Date.now() - begun);
      slowest.answers++;
      await pause(25);
    }
  })();

  const head = (length: number) =>
    `POST /get_code/ HTTP/1.1\r\nHost: vouch.test\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  const count = amount(5_000, 1_000);
  const idle: Socket[] = [];
  while (idle.length < count) idle.push(...(await Promise.all(Array.from({ length: 100 }, () => open(server)))));
  const slowBodies = await Promise.all(Array.from({ length: 200 }, () => open(server, head(500))));
  const slowHeads = await Promise.all(Array.from({ length: 200 }, () => open(server, "GET /login HTTP/1.1\r\nHost:")));
  // They request far more than fits into any buffer, and read nothing.
  const [wasm] = /\/pkg\/[^"]+\.wasm/.exec((await send(server, "/login", { headers: { accept: "text/html" } })).body)!;
  const asked = 20;
  const wanted = asked * (await (await fetch(server.url + wasm)).arrayBuffer()).byteLength;
  const want = `GET ${wasm} HTTP/1.1\r\nHost: vouch.test\r\n\r\n`.repeat(asked);
  const readers = await Promise.all(Array.from({ length: 20 }, async () => (await open(server, want)).pause()));
  const bodiesEnd = Promise.all(slowBodies.map(answered));
  const headsEnd = Promise.all([...slowHeads, ...idle].map(answered));
  const trickle = setInterval(() => [...slowBodies, ...slowHeads].forEach((socket) => socket.write("x")), 500);
  const bodies = await bodiesEnd;
  await headsEnd;
  clearInterval(trickle);
  const timedOut = bodies.filter((text) => text.startsWith("HTTP/1.1 408")).length;
  await pause(5_000);
  const ends = readers.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  readers.forEach((socket) => socket.resume());
  await Promise.all(ends);
  const whole = readers.filter((socket) => socket.bytesRead >= wanted).length;
  found(`${readers.length} connections that read nothing`, `${readers.length - whole} closed by the server after VOUCH_IDLE_TIMEOUT`, "closed");
  expect(whole).toBe(0);
  found(`${count} idle connections, 200 slow heads`, "all closed by the server after VOUCH_IDLE_TIMEOUT", "closed");
  found("200 slow bodies", `${timedOut} × 408`, "408");
  expect(timedOut).toBe(200);

  const large = await Promise.all(
    Array.from({ length: 100 }, () => call(server, "/get_code/", { phone_number: "9".repeat(20_000) })),
  );
  const heads: string[] = [];
  for (let number = 0; number < 50; number++) {
    const socket = await open(server, `GET /login HTTP/1.1\r\nHost: vouch.test\r\nX-Large: ${"x".repeat(40_000)}\r\n\r\n`);
    heads.push((await answered(socket)).split("\r\n")[0]);
  }
  found("100 bodies of 20 kB, 50 heads of 40 kB", `${large.filter(({ status }) => status === 413).length} × 413, ${heads.filter((line) => line.includes(" 431 ")).length} × 431`, "413, 431");
  expect(large.every(({ status }) => status === 413)).toBe(true);
  expect(heads.every((line) => line.includes(" 431 "))).toBe(true);

  watching = false;
  await watch;
  found("/login, requested by others meanwhile", `${slowest.answers} × 200, the slowest after ${slowest.millis} ms`, `${MOST_MILLIS} ms`);
  expect(slowest.millis).toBeLessThan(MOST_MILLIS);
});
