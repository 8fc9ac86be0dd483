// Texts that would run `window.ran` if anything took them for markup, script, style or an address.

const RUN = "window.ran('@')";
const TAGS = [
  `<script>${RUN}</script>`, `<img src=x onerror="${RUN}">`, `<svg onload="${RUN}">`, `<svg><script>${RUN}</script></svg>`,
  `<iframe srcdoc="<script>parent.ran('@')</script>">`, `<iframe src="javascript:parent.ran('@')">`, `<body onload="${RUN}">`,
  `<input autofocus onfocus="${RUN}">`, `<details open ontoggle="${RUN}">`, `<video><source onerror="${RUN}"></video>`,
  `<math><mtext><mglyph><style><!--</style><img src=x onerror="${RUN}">`, `<a href="javascript:${RUN}">x</a>`,
  `<object data="javascript:${RUN}">`, `<embed src="javascript:${RUN}">`, `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<base href="https://evil.example/">`, `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<link rel=stylesheet href="https://evil.example/x.css">`, `<style>*{background:url(https://evil.example/x)}</style>`,
  `<marquee onstart="${RUN}">`, `<template><script>${RUN}</script></template>`, `<audio src=x onerror="${RUN}">`,
  `<img src="https://evil.example/x.png">`, `<button popovertarget=x onclick="${RUN}">`, `<slot onslotchange="${RUN}"></slot>`,
];
const WRAPS = [
  (tag) => tag, (tag) => `">${tag}`, (tag) => `'>${tag}`, (tag) => `--></style></script>${tag}`, (tag) => `</textarea></title>${tag}`,
  (tag) => tag.toUpperCase().replace("WINDOW.RAN", "window.ran"), (tag) => tag.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
];
const ADDRESSES = [
  `javascript:${RUN}`, `JaVaScRiPt:${RUN}`, ` javascript:${RUN}`, `java\tscript:${RUN}`, `java\nscript:${RUN}`, `\u0001javascript:${RUN}`,
  `javascript://example.org/%0a${RUN}`, `data:text/html,<script>parent.ran('@')</script>`, `data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg==`,
  `vbscript:${RUN}`, "blob:https://evil.example/x", "file:///etc/passwd", "http://evil.example/", "//evil.example/", "intent://evil.example#Intent;end",
  "ftp://evil.example/", `tel:javascript:${RUN}`, "filesystem:https://evil.example/x", "about:blank", "view-source:https://evil.example/",
];
const WORDS = [
  "${window.ran('@')}", "{{constructor.constructor('window.ran(1)')()}}", "`+window.ran('@')+`", "');window.ran('@');//", "\";window.ran('@');//",
  "\\u003cscript\\u003ewindow.ran('@')\\u003c/script\\u003e", "{place}{names}{time}", "$&$1$`$'", "__proto__", "constructor", "toString",
  "*/window.ran('@')/*", "}*{background:url(https://evil.example/x)}", "\u202Egnp.exe\u202C", "\u2028window.ran('@')\u2029", "\u0000<script>window.ran('@')</script>",
  "🧭".repeat(500), "W".repeat(5000), "%3Cscript%3Ewindow.ran('@')%3C/script%3E", "<![CDATA[<script>window.ran('@')</script>]]>",
  "on=\"window.ran('@')\"", "]]>", "<!--", "<", "&", "\"", "'", "&#106;avascript:window.ran('@')", "+ADw-script+AD4-window.ran('@')+ADw-/script+AD4-",
  "\ud800", "\uFEFF", "-->", "<%= window.ran('@') %>", "@import 'https://evil.example/x'", "expression(window.ran('@'))",
  "1;window.ran('@')", "true", "null", "[object Object]", "\u200F\u061C", "\r\nSet-Cookie: a=b", "a".repeat(100) + "<b>", "<x-evil>", "<lodestar-help country=PH>",
  "<a data-lodestar-exit href=\"javascript:window.ran('@')\">x</a>", "</div></section></main><h1>x</h1>", "&lt;img src=x onerror=window.ran('@')&gt;", "\\\"><img src=x onerror=window.ran('@')>",
  "<img src=x:x onerror\n=\nwindow.ran('@')>", "<svg/onload=window.ran('@')>", "<sc<script>ript>window.ran('@')</sc</script>ript>", "<noscript><p title=\"</noscript><img src=x onerror=window.ran('@')>\">",
  "<img/src=`x`onerror=window.ran('@')>", "<isindex action=javascript:window.ran('@')>", "<svg><animate onbegin=window.ran('@') attributeName=x>",
];

export const PAYLOADS = [...TAGS.flatMap((tag) => WRAPS.map((wrap) => wrap(tag))), ...ADDRESSES, ...WORDS].map((text, place) =>
  text.replaceAll("@", String(place)),
);

/** An answer with a payload in every text of it, addresses included; lists and numbers stay what they are. */
export function poisoned(value, payload, keep = []) {
  if (typeof value === "string") return payload;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, payload, keep));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, one]) => [key, keep.includes(key) ? one : poisoned(one, payload, keep)]));
}
