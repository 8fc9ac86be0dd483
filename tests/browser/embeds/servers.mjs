// Two servers beside the one that is tried: a partner's site, and a service in trouble.
import http from "node:http";

const listen = async (handler) => {
  const server = http.createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
};

/** A partner's site: pages by path, each { body, headers, delay }; remembers what was asked for. */
export async function partner() {
  const pages = new Map();
  const asked = [];
  const { server, origin } = await listen((request, response) => {
    asked.push({ path: request.url, headers: request.headers });
    const page = pages.get(request.url);
    const send = () => {
      response.writeHead(page ? 200 : 404, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", ...page?.headers });
      response.end(page?.body ?? "");
    };
    setTimeout(send, page?.delay ?? 0);
  });
  return { origin, pages, asked, close: () => server.closeAllConnections() ?? server.close() };
}

const OPEN = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Content-Type",
  "Access-Control-Allow-Methods": "GET, POST",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Cache-Control": "no-store",
};

/**
 * A service in trouble: gives the modules as the true one does, and answers questions as `behave` says: with
 * { status, body, delay }, with "hang" or with "drop".
 */
export async function trouble(url) {
  const given = { behave: () => "hang", words: true, asked: [] };
  const { server, origin } = await listen(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    if (request.method === "OPTIONS") return response.writeHead(204, OPEN).end();
    if (/^\/embed\/\w+\.js$/.test(request.url)) {
      const module = await fetch(url + request.url);
      return response.writeHead(module.status, { ...OPEN, "Content-Type": "text/javascript; charset=utf-8" }).end(await module.text());
    }
    if (request.url.startsWith("/embed/words/")) {
      if (!given.words) return response.destroy();
      const words = await fetch(url + request.url);
      return response.writeHead(words.status, { ...OPEN, "Content-Type": "application/json" }).end(await words.text());
    }
    given.asked.push({ path: request.url, body, headers: request.headers });
    const answer = given.behave(request.url, body);
    if (answer === "hang") return;
    if (answer === "drop") return response.destroy();
    setTimeout(() => {
      response.writeHead(answer.status ?? 200, { ...OPEN, "Content-Type": "application/json" }).end(answer.body);
    }, answer.delay ?? 0);
  });
  return Object.assign(given, { origin, close: () => server.closeAllConnections() ?? server.close() });
}

/** What the true service answers. */
export async function help(url, question) {
  const answer = await fetch(`${url}/v1/help`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  });
  if (!answer.ok) throw new Error(`${answer.status} for ${JSON.stringify(question)}`);
  return answer.json();
}
