// A client as another project would write it: types from the document, answers from the server.
// tests/clients/typescript generates, compiles (strict) and runs it.
import createClient from "openapi-fetch";
import type { components, paths } from "./lodestar.js";

declare const process: { argv: [string, string, string] };

type Hotline = components["schemas"]["Hotline"];

// Lists come as text/csv and application/x-ndjson too; this client takes JSON.
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: process.argv[2] });

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}

/** What a page would show of a hotline; compiles only while the types say so much. */
function line(hotline: Hotline): string {
  const owner: string | null = hotline.organization?.name ?? null;
  const ways: string[] = hotline.contact_points.map((point) => point.tel_uri ?? point.url ?? point.display);
  const age: number | null = hotline.freshness.age_days;
  return `${hotline.name} (${owner ?? "unknown"}): ${ways.join(", ")}; ${hotline.freshness.grade}, ${age ?? "?"} days`;
}

const list = await client.GET("/v1/hotlines", {
  params: { query: { country: ["US", "CA"], channel: ["phone"], per_page: 5, sort: "-last_modified" } },
});
if (!list.data) throw new Error(`the list failed: ${list.error?.title}`);
expect(list.data.size === 5 && list.data.contents.length === 5, "five hotlines");
expect(list.data.total_items > 5, "more hotlines behind the first page");
list.data.contents.map(line).forEach((text) => console.log(text));

const record = await client.GET("/v1/organizations/{reference}", {
  params: { path: { reference: "ncmec" }, query: { include: ["hotlines", "sources"] } },
});
if (!record.data) throw new Error(`the record failed: ${record.error?.title}`);
expect(record.data.slug === "ncmec", "the record asked for");
const included = record.data.included;
expect((included?.sources ?? []).length > 0, "its sources");
expect(included?.regional_contacts === null, "nothing that was not asked for");
const shown = (included?.hotlines ?? []).flatMap((hotline) => hotline.contact_points.map((point) => point.display));
expect(shown.some((text) => text.includes("1-800-THE-LOST")), "1-800-THE-LOST among its hotlines");
console.log(`${record.data.name}: ${shown.join(", ")}`);

const wrong = await client.GET("/v1/hotlines/{reference}", { params: { path: { reference: "no-such-hotline" } } });
expect(wrong.response.status === 404 && wrong.error?.status === 404, "a problem for a hotline that is not there");
expect(wrong.error?.type === "/problems#not_found", "its kind");

// What the document forbids must not compile.
export const refused = () => [
  // @ts-expect-error no country XX
  client.GET("/v1/hotlines", { params: { query: { country: ["XX"] } } }),
  // @ts-expect-error no such parameter
  client.GET("/v1/hotlines", { params: { query: { contry: ["PH"] } } }),
  // @ts-expect-error no such path
  client.GET("/v1/hotline"),
  // @ts-expect-error no such field
  (hotline: Hotline) => hotline.telephone,
];
