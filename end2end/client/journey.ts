// A client of the JSON API by the types in generated.ts, which openapi-typescript makes from /schema/.

import createClient from "openapi-fetch";
import type { paths } from "./generated.ts";

export function client(url: string) {
  const api = createClient<paths>({ baseUrl: url });

  return {
    /** Logs a phone in; later calls send its token. */
    async logIn(phone: string): Promise<{ refresh: string }> {
      const sent = await api.POST("/get_code/", { body: { phone_number: phone } });
      if (!sent.data?.code) throw new Error(sent.error?.detail ?? "SMS is not simulated");
      const tokens = await api.POST("/authorize/", { body: { phone_number: phone, code: sent.data.code } });
      if (!tokens.data) throw new Error(tokens.error.detail);
      const { access, refresh } = tokens.data;
      api.use({
        onRequest({ request }) {
          request.headers.set("Authorization", `Bearer ${access}`);
          return request;
        },
      });
      return { refresh };
    },

    async profile() {
      const { data, error } = await api.GET("/profile/", { params: { query: { limit: 20 } } });
      if (!data) throw new Error(error.detail);
      return data;
    },

    /** Redeems a code; returns the reason if it was refused. */
    async redeem(code: string): Promise<string | undefined> {
      const { error } = await api.POST("/implement_invite/", { body: { invite_code: code } });
      return error && ("invite_code" in error ? error.invite_code?.[0] : error.detail);
    },

    async refresh(token: string) {
      return (await api.POST("/token/refresh/", { body: { refresh: token } })).data;
    },

    async logOut(): Promise<number> {
      return (await api.POST("/logout/", { body: { everywhere: true } })).response.status;
    },

    /** Calls that must not compile. */
    async mistakes(): Promise<void> {
      // @ts-expect-error A phone is a string.
      await api.POST("/get_code/", { body: { phone_number: 79123456789 } });
      // @ts-expect-error The code is missing.
      await api.POST("/authorize/", { body: { phone_number: "+79123456789" } });
      // @ts-expect-error There is no such path.
      await api.GET("/profiles/");
    },
  };
}
