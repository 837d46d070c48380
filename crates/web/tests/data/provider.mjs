// A certified OpenID provider on loopback for the tests: `node provider.mjs FOLDER REDIRECT PEOPLE`. FOLDER holds the npm
// package oidc-provider, PEOPLE is a JSON object of claims by sign-in name. Prints its issuer.
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, redirect, people] = process.argv.slice(2);
const claims = JSON.parse(people);
const { default: Provider } = await import(pathToFileURL(join(folder, "node_modules/oidc-provider/lib/index.js")));

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "yichuang", client_secret: "a secret of forty characters, or nearly", redirect_uris: [redirect],
      grant_types: ["authorization_code"], response_types: ["code"],
    }],
    cookies: { keys: ["only for tests"] },
    claims: { openid: ["sub"], profile: ["name"], identity: ["level", "citizen_number"] },
    scopes: ["openid", "profile", "identity"],
    pkce: { required: () => true },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...claims[sub] }) }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
