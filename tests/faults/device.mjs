// A device that keeps a copy of a country by clients/sync.js, over a network that breaks off at any byte, and that is itself
// switched off while it saves.
//   node tests/faults/device.mjs URL COUNTRY SEED FILE
// A line on standard input ends it: then it syncs once more, undisturbed, and prints what it counted. The copy is in FILE.
import { createInterface } from "node:readline";
import { readFile, rename, writeFile } from "node:fs/promises";
import http from "node:http";
import { sync } from "../../clients/sync.js";

const [url, country, seed, file] = process.argv.slice(2);
let state = Number(seed) * 2654435761 + 1;
const chance = () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
const counted = { syncs: 0, broken: 0, switched_off: 0, requests: 0, bytes: 0, bundles: 0 };
let disturbed = true;

// Over a connection of its own each time, which breaks off after so many bytes.
function fetch(address) {
  counted.requests += 1;
  if (address.includes("/bundles/")) counted.bundles += 1;
  let left = disturbed && chance() < 0.4 ? Math.floor(chance() ** 2 * 40000) : Infinity;
  return new Promise((resolve, reject) => {
    const headers = { "Accept-Encoding": "identity", Connection: "close" };
    const request = http.get(address, { headers, agent: false }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => {
        counted.bytes += chunk.length;
        left -= chunk.length;
        if (left < 0) request.destroy(new Error("broken off"));
        chunks.push(chunk);
      });
      answer.on("error", reject);
      answer.on("end", () => {
        const whole = Buffer.concat(chunks);
        // One in ten that break off is noticed by nobody but who reads it.
        const kept = disturbed && chance() < 0.04 ? whole.subarray(0, Math.floor(chance() * whole.length)) : whole;
        resolve({
          status: answer.statusCode,
          headers: { get: (name) => answer.headers[name.toLowerCase()] ?? null },
          arrayBuffer: async () => kept.buffer.slice(kept.byteOffset, kept.byteOffset + kept.length),
        });
      });
    });
    request.on("error", reject);
  });
}

const store = {
  load: () => readFile(file, "utf8").catch(() => undefined),
  async save(text) {
    const off = disturbed && chance() < 0.05;
    // Switched off while it writes: beside the copy, which stays.
    await writeFile(`${file}.new`, off ? text.slice(0, Math.floor(chance() * text.length)) : text);
    if (off) {
      counted.switched_off += 1;
      throw new Error("switched off");
    }
    await rename(`${file}.new`, file);
  },
};

let ends = false;
createInterface({ input: process.stdin }).on("line", () => (ends = true));
for (;;) {
  const last = ends;
  disturbed = !last;
  try {
    await sync({ url, country, store, fetch });
    counted.syncs += 1;
    if (last) break;
  } catch (error) {
    if (last) throw error;
    counted.broken += 1;
  }
  await new Promise((resolve) => setTimeout(resolve, chance() * 60));
}
console.log(JSON.stringify(counted));
process.exit(0);
