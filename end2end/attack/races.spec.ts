// Requests that may succeed only once, sent many times at once.

import { authorize, bearer, Browser, call, expect, found, getCode, logIn, newNetwork, phone, query, send, statuses, test } from "./attacker.ts";

const many = <T>(count: number, run: (number: number) => Promise<T>) => Promise.all(Array.from({ length: count }, (_, number) => run(number)));

test("4 · races", async ({ serve }) => {
  const server = await serve();
  const refused = (answers: { status: number }[]) => answers.every(({ status }) => status >= 400 && status < 500);
  const split = <T extends { status: number }>(answers: T[], won: (answer: T) => boolean) =>
    [answers.filter(won), answers.filter((answer) => !won(answer))] as const;

  const { json } = await getCode(server, phone(1), newNetwork());
  const logins = await many(50, () => authorize(server, phone(1), json.code, newNetwork()));
  const [loggedIn, late] = split(logins, ({ status }) => status === 200);
  found("50 right codes, API", statuses(logins), "1 winner, no 5xx");
  expect([loggedIn.length, refused(late)]).toEqual([1, true]);

  const browser = new Browser(server);
  await browser.requestCode(phone(2));
  const code = await browser.shownCode();
  const before = new Map(browser.cookies);
  const forms = await many(50, () =>
    send(server, "/api/login/verify", {
      method: "POST",
      headers: { accept: "text/html", "sec-fetch-site": "same-origin", ...browser.cookieHeader(before), ...newNetwork() },
      body: new URLSearchParams({ code }),
    }),
  );
  const [inside, outside] = split(forms, ({ headers }) => headers.get("location") === "/profile");
  const sessions = query(server, "SELECT count(*) FROM sessions WHERE member_id IS NOT NULL");
  found("50 right codes, web", `${inside.length} × redirected to /profile, ${outside.length} × refused; ${sessions} session`, "1 winner, no 5xx");
  expect([inside.length, sessions, forms.every(({ status }) => status < 500)]).toEqual([1, "1", true]);

  const { access, refresh } = loggedIn[0].json;
  const refreshes = await many(50, () => call(server, "/token/refresh/", { refresh }));
  const successors = new Set(refreshes.map(({ json }) => json.refresh));
  const live = query(server, "SELECT count(*) FROM refresh_tokens WHERE used_at IS NULL");
  found("50 refreshes", `${statuses(refreshes)}, all with the same new token; ${live} valid token`, "1 new token, no 5xx");
  expect([successors.size, live]).toEqual([1, "1"]);
  expect(refreshes.every(({ status }) => status < 500)).toBe(true);

  const codes: string[] = [];
  for (let number = 10; number < 20; number++) {
    const { access } = await logIn(server, phone(number));
    codes.push((await send(server, "/profile/", { headers: bearer(access) })).json.invite_code);
  }
  const redemptions = await many(200, (number) => call(server, "/implement_invite/", { invite_code: codes[number % 10] }, bearer(access)));
  const [redeemed, others] = split(redemptions, ({ status }) => status === 200);
  const stored = query(server, "SELECT count(*) FROM redemptions");
  found("200 redemptions", `${statuses(redemptions)}; ${stored} stored`, "1 winner, no 5xx");
  expect([redeemed.length, refused(others), stored]).toEqual([1, true, "1"]);
});
