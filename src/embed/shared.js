// What the modules for other sites have in common: before it the server puts those words of the interface that show
// before any answer (KEYS, and WORDS by language in that order), after it what one module adds: its STYLE, its sheet,
// its elements. The other words, of one language, come beside the answer.
// Nothing is stored, and nobody but the service is asked. docs/embeds.md tells how to use it.

// Held on to at once: what the page does to its globals later changes nothing here.
const { document, fetch, AbortController, CSSStyleSheet, Date, HTMLElement, JSON, Object, String, TypeError, URL } = globalThis;
const { clearTimeout, console, encodeURIComponent, queueMicrotask, setTimeout, customElements } = globalThis;
const { keys } = Object;
const { parse } = JSON;

// After this the answer is given up, in milliseconds; what stands in the tag shows all the while.
const PATIENCE = 10000;

const DARK = `--ink:var(--lodestar-ink,#eceff2);--paper:var(--lodestar-paper,#15191d);--soft:var(--lodestar-soft,#20262c);
--muted:var(--lodestar-muted,#b4bdc6);--line:var(--lodestar-line,#4d5863);--accent:var(--lodestar-accent,#8fc7ff);
--on:var(--lodestar-on-accent,#0a1c2e);--good:var(--lodestar-good,#84dcab);--warn:var(--lodestar-warn,#f0c46c);color-scheme:dark`;
const LOOKS = `
slot{display:flow-root;padding-inline:1rem}
.box{--ink:var(--lodestar-ink,#1b1f24);--paper:var(--lodestar-paper,#fff);--soft:var(--lodestar-soft,#f3f5f7);
--muted:var(--lodestar-muted,#4a525a);--line:var(--lodestar-line,#c9d0d7);--accent:var(--lodestar-accent,#0b4f8a);
--on:var(--lodestar-on-accent,#fff);--good:var(--lodestar-good,#0b6239);--warn:var(--lodestar-warn,#7a4b00);--round:var(--lodestar-radius,.5em);
all:initial;display:block;padding:0 1em 1em;
overflow-wrap:anywhere;color:var(--ink);background:var(--paper);color-scheme:light;
font:clamp(16px,1rem,32px)/1.5 var(--lodestar-font,system-ui,sans-serif)}
:host([theme=dark]) .box{${DARK}}
@media(prefers-color-scheme:dark){:host(:not([theme=light])) .box{${DARK}}}
*{box-sizing:border-box;margin:0;padding:0;list-style:none}
:host([hidden]),[hidden]{display:none!important}
.small{font-size:.875em;color:var(--muted)}
a,button,textarea,summary{font:inherit;color:var(--accent);scroll-margin-block:6em}
.act,.plain,.foot a{display:inline-block;min-block-size:44px;min-inline-size:44px;line-height:1.4;padding:10px 0}
.act,.plain{padding-inline:1em;border:2px solid;border-radius:var(--round);font-weight:600;text-align:center;text-decoration:none;background:none;cursor:pointer}
.plain{margin-block:.5em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.act{min-inline-size:7em;background:var(--accent);border-color:var(--accent);color:var(--on)}
.exit{background:var(--ink);border-color:var(--ink);color:var(--paper)}
.act:hover,.plain:hover{text-decoration:underline}
.bar{padding-block:.5em}
.number{font-size:1.25em;font-weight:700;text-wrap:balance}
.whole{white-space:nowrap}
.state{font-weight:600}
.foot{margin-block-start:.6em}
summary{display:list-item;list-style:disclosure-closed inside;line-height:44px;text-decoration:underline;cursor:pointer}
[open]>summary{list-style-type:disclosure-open}
details a,.lone{display:block;padding-block:.7em;min-block-size:44px}
`;

// Several tags share one sheet. Browsers without constructed sheets get an element, which a strict
// policy refuses.
let sheet;
const dress = (root) => {
  try {
    if (!sheet) {
      const made = new CSSStyleSheet();
      made.replaceSync(STYLE);
      sheet = made;
    }
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", null, STYLE));
  }
};

// An element with attributes and children; a child is an element or a text, never markup. Pages may have broken what
// lists do: nothing here goes through them otherwise than by their places.
const make = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
const fill = (node, attributes, children) => {
  const names = keys(attributes ?? {});
  for (let place = 0; place < names.length; place += 1) {
    const value = attributes[names[place]];
    if (value != null) node.setAttribute(names[place], value);
  }
  for (let place = 0; place < children.length; place += 1) add(node, children[place]);
  return node;
};
const add = (node, child) => {
  if (child != null) node.append(child);
  return node;
};
const each = (list, visit) => {
  for (let place = 0; place < list.length; place += 1) visit(list[place], place);
};
// What an answer must not get wrong; whatever else comes makes no answer of it.
const listed = (value) => {
  if (typeof value !== "object" || !(value?.length >= 0)) throw new TypeError("no list");
  return value;
};
const worded = (value) => {
  if (typeof value !== "string") throw new TypeError("no text");
  return value;
};
const read = async (answer) => {
  if (!answer.ok) throw answer;
  return parse(await answer.text());
};

// Only what calls, writes or leads to the web becomes a link.
const linkable = (uri) => {
  try {
    return /^(tel|sms|mailto|https):$/.test(new URL(uri).protocol) ? uri : undefined;
  } catch {
    return undefined;
  }
};
const link = (uri, attributes, words) => {
  const web = /^https:/i.test(uri);
  // A frame would have to show what others do not let it show.
  const target = web && window.top !== window ? "_blank" : undefined;
  return make("a", { href: uri, rel: web ? "noopener noreferrer" : null, target, ...attributes }, words);
};

// The language of the interface: the one asked for or a shorter form, else English.
const spoken = (tag) => {
  const lang = String(tag || "en").toLowerCase().split("-")[0].replace(/^tl$/, "fil");
  return Object.hasOwn(WORDS, lang) ? lang : "en";
};

// Nothing of the visitor goes along.
const ask = (url, how) => fetch(url, { credentials: "omit", referrerPolicy: "no-referrer", ...how });

// What stands on the page for one answer.
class Sheet {
  constructor(lang, base) {
    this.lang = lang;
    this.base = base;
  }

  // A sentence of the interface, its places filled in. Keys are English: without words they must do.
  say = (key, values) => {
    let place = KEYS.length - 1;
    while (place >= 0 && KEYS[place] !== key) place -= 1;
    const text = this.words?.[key] ?? WORDS[this.lang][place];
    if (text) return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const plain = key.replace(/.*\./, "").replaceAll("_", " ");
    return values ? `${plain}: ${Object.values(values)}` : plain;
  };

  // They are only words: when they do not come, the numbers still do.
  async learn(signal) {
    try {
      const words = await ask(`${this.base}/embed/words/${FILE}${this.lang}.json`, { signal });
      if (words.ok) this.words ??= parse(await words.text());
    } catch {}
  }

  // A text of a record in the language that it has.
  prose(kind, attributes, one, field) {
    if (!one[field]) return null;
    const text = one.text?.[field];
    this.machine ||= text?.translation === "machine";
    return make(kind, { dir: "auto", lang: text?.lang ?? one.lang, ...attributes }, worded(one[field]));
  }

  // A source with its date: where it stands, else what is known of it here.
  source(attributes, slug, { title, url }, when) {
    const words = worded(title) + (when ? `, ${worded(when)}` : "");
    const own = `${this.base}/v1/sources/${worded(slug).replace(/[^\w-]/g, "")}`;
    return link(linkable(url) ?? own, attributes, words);
  }

  // What is no longer than a phone is wide does not break: a number, or else its parts.
  number(text) {
    const short = (part) => part.length <= 20;
    const whole = short(worded(text));
    const number = make("bdi", { dir: "ltr", class: whole ? "number whole" : "number", part: "number" }, whole ? text : null);
    if (!whole) each(text.split(" "), (part, place) => add(add(number, place ? " " : null), short(part) ? make("span", { class: "whole" }, part) : part));
    return number;
  }

  // What must stay below: who compiled it, under which licence; and who translated it.
  colophon({ attribution, licence }, first) {
    const machine = this.machine || this.say("translation") === "machine";
    const compiled = this.say("picture.compiled", { attribution: worded(attribution), licence: worded(licence) });
    return make(
      "div",
      { class: "foot small", part: "colophon" },
      first,
      machine ? make("p", { part: "machine" }, this.say("machine")) : null,
      link(`${this.base}/`, { part: "licence" }, compiled),
    );
  }
}

// An element that asks the service, and leaves what the page put into its tag until there is something better.
class Asking extends HTMLElement {
  root = this.attachShadow({ mode: "open" });
  turn = 0;
  waiting = false;

  connectedCallback() {
    this.start();
  }

  disconnectedCallback() {
    this.turn += 1;
  }

  attributeChangedCallback() {
    // Those that stand from the start are read when it is connected.
    if (!this.view || this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => {
      this.waiting = false;
      if (this.isConnected) this.start();
    });
  }

  // A sheet in the language asked for, of the service that is asked.
  sheetOf(kind) {
    const lang = spoken(this.getAttribute("lang") ?? this.closest("[lang]")?.lang ?? navigator.language);
    let base = new URL(import.meta.url).origin;
    try {
      const url = new URL(this.getAttribute("src") ?? import.meta.url, document.baseURI);
      if (/^https?:$/.test(url.protocol)) base = url.origin;
    } catch {}
    return new kind(lang, base);
  }

  // What stands before any answer.
  viewOf({ say }) {
    const view = {
      answer: make("div", { part: "answer" }),
      status: make("p", { role: "status", part: "status", tabindex: -1 }),
      retry: make("button", { type: "button", class: "plain", part: "retry", hidden: "" }, say("retry")),
      slot: make("slot"),
    };
    view.retry.onclick = () => {
      view.status.focus();
      this.ask();
    };
    return view;
  }

  // The way out, first in the order of focus. Where it leads is aimed at by Shift too.
  out() {
    const given = this.getAttribute("exit-url");
    const exit = quickExit.address(given);
    if (given) quickExit.aim(exit);
    const attributes = { href: exit, class: "act exit", part: "exit", "data-lodestar-exit": "", rel: "noreferrer" };
    return this.box("bar", make("a", attributes, this.sheet.say("exit")));
  }

  box(classes, ...children) {
    const { lang } = this.sheet;
    const attributes = { class: `box ${classes}`.trim(), part: classes || "box", lang, dir: lang === "ar" ? "rtl" : "ltr" };
    return fill(document.createElement("div"), attributes, children);
  }

  // Asks for the answer and for the words, both at once, and first for what everybody waits for.
  send() {
    const given = new AbortController();
    const timer = setTimeout(() => given.abort(), PATIENCE);
    return { asked: this.answer(given.signal), learnt: this.sheet.learn(given.signal), timer };
  }

  async ask({ asked, learnt, timer } = this.send()) {
    const { sheet, view } = this;
    const turn = (this.turn += 1);
    view.retry.hidden = true;
    view.status.textContent = view.answer.firstChild ? "" : sheet.say(LOADING);
    try {
      const answer = await asked;
      await learnt;
      if (turn !== this.turn) return;
      this.show(answer);
      view.status.textContent = "";
    } catch (problem) {
      const why = await this.why(problem);
      if (turn !== this.turn) return;
      this.failed(view.answer.firstChild || this.childNodes.length);
      add(view.status, why && make("span", { lang: "en", dir: "ltr" }, ` (${why})`));
      view.retry.hidden = false;
    } finally {
      clearTimeout(timer);
    }
  }

  // Of a question that was refused: which attribute, and what to do, told to whoever built the page in its console too.
  async why(refused) {
    if (!(refused?.status < 500)) return null;
    try {
      const { detail, errors } = parse(await refused.text());
      let why = "";
      each(listed(errors), ({ pointer, parameter, reason, remedy }) => {
        const name = worded(parameter ?? pointer).split("/");
        why += `${why && "; "}${worded(name[1] ?? name[0]).replaceAll("_", "-")}: ${worded(reason)}; ${worded(remedy)}`;
      });
      why ||= worded(detail);
      console.warn(`<${this.localName}> ${why}`);
      return why;
    } catch {
      return null;
    }
  }

  failed() {
    this.view.status.textContent = this.sheet.say(FAILED);
  }
}

const define = (name, element) => {
  if (!customElements.get(name)) customElements.define(name, element);
};
